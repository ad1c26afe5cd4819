package dev.quorate.simulator.check;

import dev.quorate.core.ClientId;
import dev.quorate.core.message.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes a {@link History} from observations. A session may have several invocations under way. */
final class HistoryRecorder {
    private record Ticket(ClientId client, long session, long ticket) {}

    private final List<History.Call> calls = new ArrayList<>();
    private final Map<Ticket, Integer> open = new HashMap<>();
    private int events;

    /** Notes an observation; says what is wrong if a client ends an invocation that is not under way. */
    Optional<String> observe(Observation observation) {
        if (observation instanceof Observation.Invoked i) {
            Integer other = open.put(new Ticket(i.client(), i.session(), i.ticket()), calls.size());
            calls.add(History.Call.pending(new Invocation(i.client(), i.operation()), events++, i.atNanos()));
            return other == null ? Optional.empty() : Optional.of("has two invocations under way with one ticket");
        } else if (observation instanceof Observation.Completed c) {
            return end(new Ticket(c.client(), c.session(), c.ticket()), c.atNanos(), Optional.of(c.result()));
        } else if (observation instanceof Observation.GaveUp g) {
            return end(new Ticket(g.client(), g.session(), g.ticket()), g.atNanos(), Optional.empty());
        }
        return Optional.empty();
    }

    private Optional<String> end(Ticket ticket, long nanos, Optional<Result> result) {
        int event = events++;
        Integer index = open.remove(ticket);
        if (index == null) {
            return Optional.of("ended an invocation that is not under way: it ended before, or never began");
        }
        result.filter(HistoryRecorder::isKnown)
                .ifPresent(known -> calls.set(index, calls.get(index).returned(event, nanos, known)));
        return Optional.empty();
    }

    /** These say that nobody knows any more whether it executed. */
    private static boolean isKnown(Result result) {
        return result.outcome() != Result.Outcome.SESSION_EVICTED && result.outcome() != Result.Outcome.NUMBER_TOO_OLD;
    }

    History history() {
        return new History(calls, events);
    }
}
