package dev.quorate.simulator.check;

import static dev.quorate.simulator.check.Observations.bytes;

import dev.quorate.core.message.Result;
import dev.quorate.crypto.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Strings by key: {@code get k}, {@code put k v} (answers with the old value), {@code cas k old new}, and {@code dump},
 * which reads all keys.
 */
final class KeyValueModel implements DeterministicModel<Map<String, String>> {
    @Override
    public Map<String, String> initial() {
        return Map.of();
    }

    @Override
    public Step<Map<String, String>> execute(Map<String, String> state, Invocation invocation) {
        String[] words = describe(invocation).split(" ", -1);
        if (words[0].equals("dump")) {
            return new Step<>(state, Result.ok(bytes(new TreeMap<>(state).toString())));
        }
        String old = state.getOrDefault(words[1], "");
        return switch (words[0]) {
            case "get" -> new Step<>(state, Result.ok(bytes(old)));
            case "put" -> new Step<>(with(state, words[1], words[2]), Result.ok(bytes(old)));
            case "cas" ->
                old.equals(words[2])
                        ? new Step<>(with(state, words[1], words[3]), Result.ok(bytes("done")))
                        : new Step<>(state, Result.ok(bytes("differs")));
            default -> new Step<>(state, Result.error(Result.Outcome.SERVICE_FAILED));
        };
    }

    private static Map<String, String> with(Map<String, String> state, String key, String value) {
        Map<String, String> next = new TreeMap<>(state);
        next.put(key, value);
        return Map.copyOf(next);
    }

    @Override
    public Optional<Bytes> key(Invocation invocation) {
        String[] words = describe(invocation).split(" ", -1);
        return words.length < 2 ? Optional.empty() : Optional.of(bytes(words[1]));
    }

    @Override
    public Object effect(Invocation invocation) {
        return invocation.operation();
    }

    @Override
    public String describe(Invocation invocation) {
        return new String(invocation.operation().toArray(), StandardCharsets.UTF_8);
    }

    @Override
    public String describe(Invocation invocation, Result result) {
        return "'" + new String(result.value().toArray(), StandardCharsets.UTF_8) + "'";
    }
}
