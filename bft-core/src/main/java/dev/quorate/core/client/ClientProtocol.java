package dev.quorate.core.client;

import dev.quorate.core.ClientId;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.InvocationException;
import dev.quorate.core.Limit;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.View;
import dev.quorate.core.message.Reply;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Verified;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One session of a client, as a deterministic state machine (Castro and Liskov 1999, section 4.1). Not thread-safe.
 *
 * <p>A request goes to the primary that the client believes in; when its timer fires it goes to all replicas. A result
 * counts when {@code f+1} replicas sent the same: one of them is correct.
 */
public final class ClientProtocol {
    /** How many invocations may wait in the client for each one that may be under way. */
    private static final int WAITING_FOR_EACH_OUTSTANDING = 64;
    /** The time between two retransmissions doubles up to this many times the first. */
    private static final int MAX_BACK_OFF = 8;

    private final int n;
    private final int weakQuorum;
    private final ClientId self;
    private final long session;
    private final Sealer sealer;
    private final int maxOutstanding;
    private final long retryMillis;
    private final Duration timeout;

    /** Requests that have not got their result, by number. */
    private final NavigableMap<Long, Outstanding> outstanding = new TreeMap<>();
    /** Invocations that wait until they may become requests, in the order in which they came. */
    private final NavigableMap<Long, ClientEvent.Invoke> waiting = new TreeMap<>();
    /** The numbers of the requests that invocations became and whose deadlines have not passed. */
    private final NavigableMap<Long, Long> numberOf = new TreeMap<>();
    /** The highest view that each replica has named. */
    private final Map<ReplicaId, View> views = new TreeMap<>();
    /** The replicas to which the channel broke. */
    private final Set<ReplicaId> disconnected = new TreeSet<>();

    private long lastInvocation;
    private long lastNumber;
    private View view = View.ZERO;

    /** A new session; its id has to be higher than that of every earlier session of this client. */
    public ClientProtocol(ClusterConfig config, ClientId self, long session, Sealer sealer) {
        this.n = config.n();
        this.weakQuorum = config.f() + 1;
        this.self = self;
        this.session = session;
        this.sealer = sealer;
        this.maxOutstanding = config.limits().get(Limit.REQUESTS_PER_SESSION);
        this.retryMillis = config.limits().get(Limit.CLIENT_RETRY);
        this.timeout = config.limits().period(Limit.CLIENT_TIMEOUT);
    }

    /** The view in which the client believes the replicas to be. */
    public View view() {
        return view;
    }

    /** Handles one event, and returns what has to happen in consequence, in this order. */
    public List<ClientEffect> handle(ClientEvent event) {
        List<ClientEffect> effects = new ArrayList<>();
        if (event instanceof ClientEvent.Invoke invoke) {
            invoke(invoke, effects);
        } else if (event instanceof ClientEvent.ReplyReceived received) {
            receive(received.reply().message(), effects);
        } else if (event instanceof ClientEvent.Connected connected) {
            disconnected.remove(connected.replica());
        } else if (event instanceof ClientEvent.Disconnected lost) {
            disconnect(lost.replica(), effects);
        } else if (event instanceof ClientEvent.TimerFired fired) {
            if (fired.number() > 0) {
                retry(fired.number(), effects);
            } else {
                giveUp(-fired.number(), effects);
            }
        }
        return effects;
    }

    private void invoke(ClientEvent.Invoke invoke, List<ClientEffect> effects) {
        long invocation = lastInvocation + 1;
        if (mayStart()) {
            start(invocation, invoke, effects);
        } else if (waiting.size() < (long) maxOutstanding * WAITING_FOR_EACH_OUTSTANDING) {
            waiting.put(invocation, invoke);
        } else {
            effects.add(new ClientEffect.Fail(invoke.ticket(), InvocationException.Reason.OVERLOADED));
            return;
        }
        lastInvocation = invocation;
        effects.add(new ClientEffect.StartTimer(-invocation, timeout));
    }

    /** Replicas take a session's requests up to W_c beyond the last that they executed. */
    private boolean mayStart() {
        return outstanding.isEmpty() || lastNumber - outstanding.firstKey() + 1 < maxOutstanding;
    }

    private void start(long invocation, ClientEvent.Invoke invoke, List<ClientEffect> effects) {
        long number = ++lastNumber;
        Verified<Request> request = sealer.seal(new Request(new RequestId(self, session, number), invoke.operation()));
        outstanding.put(number, new Outstanding(invocation, invoke.ticket(), request, retryMillis));
        numberOf.put(invocation, number);
        // Without a channel to the primary, waiting for the timer would only lose time.
        effects.add(
                disconnected.contains(view.primary(n))
                        ? new ClientEffect.SendToAll(request)
                        : new ClientEffect.Send(view.primary(n), request));
        effects.add(new ClientEffect.StartTimer(number, Duration.ofMillis(retryMillis)));
    }

    /** What only the primary may have heard of is sent to all. */
    private void disconnect(ReplicaId replica, List<ClientEffect> effects) {
        disconnected.add(replica);
        if (replica.equals(view.primary(n))) {
            outstanding.values().forEach(request -> effects.add(new ClientEffect.SendToAll(request.request)));
        }
    }

    private void retry(long number, List<ClientEffect> effects) {
        Outstanding request = outstanding.get(number);
        if (request == null) {
            return;
        }
        request.delayMillis = Math.min(2 * request.delayMillis, MAX_BACK_OFF * retryMillis);
        effects.add(new ClientEffect.SendToAll(request.request));
        effects.add(new ClientEffect.StartTimer(number, Duration.ofMillis(request.delayMillis)));
    }

    /** The deadline of an invocation has passed. */
    private void giveUp(long invocation, List<ClientEffect> effects) {
        ClientEvent.Invoke neverSent = waiting.remove(invocation);
        Long number = numberOf.remove(invocation);
        if (neverSent != null) {
            effects.add(new ClientEffect.Fail(neverSent.ticket(), InvocationException.Reason.TIMEOUT));
        } else if (number != null) {
            // Whoever waits is told; the request itself is still sent, since the session's later ones wait for it.
            long ticket = outstanding.get(number).ticket;
            effects.add(new ClientEffect.Fail(ticket, InvocationException.Reason.TIMEOUT));
        }
    }

    private void receive(Reply reply, List<ClientEffect> effects) {
        RequestId id = reply.request();
        if (!id.client().equals(self) || id.session() != session) {
            return;
        }
        believeView(reply);
        Outstanding request = outstanding.get(id.number());
        if (request == null) {
            return;
        }
        // The last word of each replica counts: one that restarted may have more to say than before.
        request.replies.put(reply.replica(), reply.result());
        long matching = request.replies.values().stream()
                .filter(other -> other.equals(reply.result()))
                .count();
        if (matching >= weakQuorum) {
            complete(id.number(), request, reply.result(), effects);
        }
    }

    /**
     * Of {@code f+1} replicas one is correct, so the lowest of the {@code f+1} highest views has been reached. Late
     * replies count as well: otherwise one faulty replica that is quick could keep the client at a dead primary.
     */
    private void believeView(Reply reply) {
        views.merge(reply.replica(), reply.view(), (a, b) -> a.compareTo(b) > 0 ? a : b);
        List<View> highestFirst =
                views.values().stream().sorted(Comparator.reverseOrder()).toList();
        if (highestFirst.size() >= weakQuorum) {
            view = highestFirst.get(weakQuorum - 1);
        }
    }

    private void complete(long number, Outstanding request, Result result, List<ClientEffect> effects) {
        outstanding.remove(number);
        effects.add(new ClientEffect.StopTimer(number));
        if (numberOf.remove(request.invocation) != null) {
            effects.add(new ClientEffect.StopTimer(-request.invocation));
            effects.add(new ClientEffect.Complete(request.ticket, result));
        }
        while (!waiting.isEmpty() && mayStart()) {
            Map.Entry<Long, ClientEvent.Invoke> next = waiting.pollFirstEntry();
            start(next.getKey(), next.getValue(), effects);
        }
    }

    private static final class Outstanding {
        private final long invocation;
        private final long ticket;
        private final Verified<Request> request;
        /** At most one of each replica: bounded by n. */
        private final Map<ReplicaId, Result> replies = new TreeMap<>();

        private long delayMillis;

        private Outstanding(long invocation, long ticket, Verified<Request> request, long delayMillis) {
            this.invocation = invocation;
            this.ticket = ticket;
            this.request = request;
            this.delayMillis = delayMillis;
        }
    }
}
