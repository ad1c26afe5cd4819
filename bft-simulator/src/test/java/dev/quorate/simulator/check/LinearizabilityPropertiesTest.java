package dev.quorate.simulator.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.message.Result;
import dev.quorate.simulator.check.DeterministicModel.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;

class LinearizabilityPropertiesTest {
    private static final long AMPLE = 5_000_000;

    private final KeyValueModel model = new KeyValueModel();

    @Provide
    Arbitrary<Long> seeds() {
        return Arbitraries.longs();
    }

    /** Results are drawn at random, so that about half of the histories are linearizable and half are not. */
    @Property(tries = 3_000)
    void agreesWithTheDefinition(@ForAll("seeds") long seed, @ForAll @IntRange(min = 1, max = 6) int calls) {
        Random random = new Random(seed);
        HistoryBuilder builder = new HistoryBuilder();
        List<Integer> open = new ArrayList<>();
        int invoked = 0;
        while (invoked < calls || (!open.isEmpty() && random.nextInt(4) > 0)) {
            if (invoked < calls && (open.isEmpty() || random.nextBoolean())) {
                builder.invoke(0, invoked, operation(random, true));
                open.add(invoked++);
            } else {
                int ticket = open.remove(random.nextInt(open.size()));
                if (random.nextInt(4) == 0) {
                    builder.giveUp(0, ticket);
                } else {
                    builder.complete(0, ticket, List.of("", "1", "2", "done").get(random.nextInt(4)));
                }
            }
        }
        History history = builder.history();
        for (int events = 0; events <= history.events(); events++) {
            boolean expected = BruteForce.isLinearizable(model, history.prefix(events));
            Statistics.label("linearizable").collect(expected);
            assertThat(isLinearizable(history.prefix(events))).isEqualTo(expected);
        }
        Statistics.label("linearizable").coverage(coverage -> {
            coverage.check(true).percentage(p -> p > 20);
            coverage.check(false).percentage(p -> p > 20);
        });
    }

    @Property(tries = 200)
    void sequentialExecutionWithOverlapsIsLinearizable(
            @ForAll("seeds") long seed, @ForAll @IntRange(min = 1, max = 12) int clients) {
        assertThat(isLinearizable(overlapping(new Random(seed), 300, clients))).isTrue();
    }

    @Property(tries = 200)
    void impossibleResultIsCaught(@ForAll("seeds") long seed, @ForAll @IntRange(min = 1, max = 8) int clients) {
        Random random = new Random(seed);
        History history = overlapping(random, 150, clients);
        List<History.Call> calls = new ArrayList<>(history.calls());
        List<Integer> known = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            if (calls.get(i).isKnown()) {
                known.add(i);
            }
        }
        int mutated = known.get(random.nextInt(known.size()));
        History.Call call = calls.get(mutated);
        // No operation writes this value.
        calls.set(
                mutated,
                call.returned(call.returnedAt(), call.returnedNanos(), Result.ok(Observations.bytes("never written"))));
        assertThat(verdict(new History(calls, history.events())))
                .isInstanceOfSatisfying(
                        LinearizabilityVerdict.NotLinearizable.class,
                        n -> assertThat(n.explanation()).contains("'never written'"));
    }

    /** A register that one client writes 0, 1, 2, … and others read: a reader that goes back is caught. */
    @Property(tries = 200)
    void staleReadIsCaught(
            @ForAll @IntRange(min = 1, max = 200) int writes, @ForAll @IntRange(min = 1, max = 200) int back) {
        HistoryBuilder builder = new HistoryBuilder();
        for (int i = 1; i <= writes; i++) {
            builder.call(0, i, "put x " + i, i == 1 ? "" : "" + (i - 1));
        }
        int seen = Math.max(writes - back, 0);
        builder.call(1, 1, "get x", seen == 0 ? "" : "" + seen);
        assertThat(isLinearizable(builder.history())).isFalse();
    }

    @Test
    void longHistoryWithManyUnknownOutcomesIsDecided() {
        History history = overlapping(new Random(1), 10_000, 8);
        assertThat(history.calls().stream().filter(c -> !c.isKnown()).count()).isGreaterThan(300);
        assertThat(isLinearizable(history)).isTrue();
    }

    private boolean isLinearizable(History history) {
        LinearizabilityVerdict verdict = verdict(history);
        assertThat(verdict).isNotInstanceOf(LinearizabilityVerdict.Undecided.class);
        return verdict instanceof LinearizabilityVerdict.Linearizable;
    }

    private LinearizabilityVerdict verdict(History history) {
        return new Linearizability<>(model, AMPLE).verdict(history);
    }

    private static String operation(Random random, boolean withDump) {
        String key = random.nextInt(4) == 0 ? "y" : "x";
        return switch (random.nextInt(withDump ? 16 : 15)) {
            case 0, 1, 2, 3, 4 -> "get " + key;
            case 5, 6, 7, 8, 9 -> "put " + key + " " + (1 + random.nextInt(2));
            case 15 -> "dump";
            default -> "cas " + key + " " + (1 + random.nextInt(2)) + " " + (1 + random.nextInt(2));
        };
    }

    private record Event(double at, int call, boolean isReturn) {}

    /**
     * Executes operations one after the other, each at a time between its invocation and its end; some end without a
     * result, and some of those have not been executed at all.
     */
    private History overlapping(Random random, int operations, int clients) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < operations; i++) {
            events.add(new Event(i - clients * random.nextDouble(), i, false));
            events.add(new Event(i + clients * random.nextDouble(), i, true));
        }
        events.sort(Comparator.comparingDouble(Event::at));
        int[] calledAt = new int[operations];
        int[] returnedAt = new int[operations];
        for (int e = 0; e < events.size(); e++) {
            (events.get(e).isReturn ? returnedAt : calledAt)[events.get(e).call] = e;
        }
        Map<String, String> state = model.initial();
        List<History.Call> calls = new ArrayList<>();
        for (int i = 0; i < operations; i++) {
            Invocation invocation =
                    new Invocation(new ClientId(i % clients), Observations.bytes(operation(random, false)));
            History.Call call = History.Call.pending(invocation, calledAt[i], calledAt[i]);
            Step<Map<String, String>> step = model.execute(state, invocation);
            boolean unknown = random.nextInt(20) == 0;
            if (!unknown || random.nextBoolean()) {
                state = step.next();
            }
            calls.add(unknown ? call : call.returned(returnedAt[i], returnedAt[i], step.result()));
        }
        calls.sort(Comparator.comparingInt(History.Call::calledAt));
        return new History(calls, events.size());
    }
}
