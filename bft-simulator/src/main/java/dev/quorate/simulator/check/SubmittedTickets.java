package dev.quorate.simulator.check;

import dev.quorate.core.ClientId;
import dev.quorate.core.message.RequestId;
import dev.quorate.crypto.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which request stands for which invocation: a session signs requests in the order of its invocations, perhaps later,
 * and some never become requests (refused by the client, or read without being ordered).
 */
final class SubmittedTickets {
    private record Session(ClientId client, long id) {}

    private record Ticket(Session session, long ticket) {}

    private record Waiting(Ticket ticket, Bytes operation) {}

    private final Map<Session, List<Waiting>> waiting = new HashMap<>();
    private final Map<Ticket, RequestId> requests = new HashMap<>();
    private final Set<RequestId> submitted = new HashSet<>();

    void observe(Observation observation) {
        if (observation instanceof Observation.Invoked i) {
            Session session = new Session(i.client(), i.session());
            waiting.computeIfAbsent(session, s -> new ArrayList<>())
                    .add(new Waiting(new Ticket(session, i.ticket()), i.operation()));
        } else if (observation instanceof Observation.Submitted s) {
            submitted(s);
        } else if (observation instanceof Observation.GaveUp g) {
            notSubmitted(new Ticket(new Session(g.client(), g.session()), g.ticket()));
        } else if (observation instanceof Observation.Completed c) {
            notSubmitted(new Ticket(new Session(c.client(), c.session()), c.ticket()));
        }
    }

    private void submitted(Observation.Submitted s) {
        if (!submitted.add(s.request())) {
            return;
        }
        List<Waiting> candidates = waiting.getOrDefault(
                new Session(s.request().client(), s.request().session()), List.of());
        for (int i = 0; i < candidates.size(); i++) {
            if (candidates.get(i).operation.equals(s.operation())) {
                requests.put(candidates.remove(i).ticket, s.request());
                return;
            }
        }
    }

    /** The invocation ended; if it has not become a request yet, it never will. */
    private void notSubmitted(Ticket ticket) {
        waiting.getOrDefault(ticket.session, List.of()).removeIf(w -> w.ticket.equals(ticket));
    }

    /** The request that the invocation became, if it became one. */
    Optional<RequestId> requestOf(Observation.Completed c) {
        return Optional.ofNullable(requests.get(new Ticket(new Session(c.client(), c.session()), c.ticket())));
    }
}
