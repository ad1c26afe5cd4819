package dev.quorate.simulator.disk;

import dev.quorate.simulator.kernel.Randomness;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Which file has which name: as users see it, and on the platter. */
final class Names {
    private final NavigableMap<String, Content> seen = new TreeMap<>();
    private final NavigableMap<String, Content> durable = new TreeMap<>();
    private final List<Consumer<NavigableMap<String, Content>>> unsynced = new ArrayList<>();

    NavigableMap<String, Content> seen() {
        return seen;
    }

    void put(String name, Content content) {
        change(names -> names.put(name, content));
    }

    void remove(String name) {
        change(names -> names.remove(name));
    }

    void rename(String from, String to) {
        Content content = seen.get(from);
        change(names -> {
            names.remove(from, content);
            names.put(to, content);
        });
    }

    private void change(Consumer<NavigableMap<String, Content>> change) {
        change.accept(seen);
        unsynced.add(change);
    }

    boolean isSynced() {
        return unsynced.isEmpty();
    }

    void sync() {
        unsynced.forEach(change -> change.accept(durable));
        unsynced.clear();
    }

    /** The power is gone: of the changes, the first ones were made, or just any. */
    void losePower(Randomness random) {
        if (random.chance(0.5)) {
            unsynced.subList(0, random.below(unsynced.size() + 1)).forEach(change -> change.accept(durable));
        } else {
            random.some(unsynced, 0.5).forEach(change -> change.accept(durable));
        }
        unsynced.clear();
        seen.clear();
        seen.putAll(durable);
    }
}
