package dev.quorate.core.client;

import dev.quorate.core.ClientId;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.InvocationException;
import dev.quorate.core.Limit;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.View;
import dev.quorate.core.message.Answer;
import dev.quorate.core.message.ReadReply;
import dev.quorate.core.message.Reply;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Digest;
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
 * counts when {@code f+1} replicas sent the same: one of them is correct. (With fast reads it takes a certificate quorum,
 * so that every later read meets one that has executed it.)
 *
 * <p>Now and then a request goes to all from the start: otherwise the backups could not tell how long a primary lets
 * requests wait.
 */
public final class ClientProtocol {
    /** How many invocations may wait in the client for each one that may be under way. */
    private static final int WAITING_FOR_EACH_OUTSTANDING = 64;
    /** The time between two retransmissions doubles up to this many times the first. */
    private static final int MAX_BACK_OFF = 8;

    private final int n;
    private final int weakQuorum;
    /** {@code w}: how many replicas have to say the same. */
    private final int replyQuorum;

    private final ClientId self;
    private final long session;
    private final Sealer sealer;
    private final int maxOutstanding;
    private final long retryMillis;
    private final Duration timeout;
    private final Duration samplePeriod;
    private final boolean fastReads;
    private final PendingReads reads;

    /** Requests that have not got their result, by number. */
    private final NavigableMap<Long, Outstanding> outstanding = new TreeMap<>();
    /** Invocations that wait until they may become requests, in the order in which they came. */
    private final NavigableMap<Long, ClientEvent.Invoke> waiting = new TreeMap<>();
    /** Invocations that are being read, and whose deadlines have not passed. */
    private final Set<Long> readInvocations = new TreeSet<>();
    /** The numbers of the requests that invocations became and whose deadlines have not passed. */
    private final NavigableMap<Long, Long> numberOf = new TreeMap<>();
    /** The highest view that each replica has named. */
    private final Map<ReplicaId, View> views = new TreeMap<>();
    /** The replicas to which the channel broke. */
    private final Set<ReplicaId> disconnected = new TreeSet<>();

    private long lastInvocation;
    private long lastNumber;
    private View view = View.ZERO;
    /** Whether the next request goes to all replicas from the start. */
    private boolean sampleNext;

    private boolean samplingStarted;

    /** A new session; its id has to be higher than that of every earlier session of this client. */
    public ClientProtocol(ClusterConfig config, ClientId self, long session, Sealer sealer) {
        this(config, self, session, sealer, new ClientParts());
    }

    /** The same with some parts replaced, for simulations. */
    public ClientProtocol(ClusterConfig config, ClientId self, long session, Sealer sealer, ClientParts parts) {
        this.n = config.n();
        QuorumSystem quorums = QuorumSystem.of(config.protocol(), config.n());
        this.weakQuorum = quorums.weak();
        this.fastReads = config.fastReads();
        this.replyQuorum = parts.requestQuorum(quorums, fastReads);
        this.reads = new PendingReads(config, self, session, sealer, parts);
        this.self = self;
        this.session = session;
        this.sealer = sealer;
        this.maxOutstanding = config.limits().get(Limit.REQUESTS_PER_SESSION);
        this.retryMillis = config.limits().get(Limit.CLIENT_RETRY);
        this.timeout = config.limits().period(Limit.CLIENT_TIMEOUT);
        this.samplePeriod = config.limits().period(Limit.VIEW_TIMEOUT);
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
        } else if (event instanceof ClientEvent.Read read) {
            read(read, effects);
        } else if (event instanceof ClientEvent.ReplyReceived received) {
            receive(received.reply().message(), effects);
        } else if (event instanceof ClientEvent.ReadReplyReceived received) {
            receive(received.reply().message(), effects);
        } else if (event instanceof ClientEvent.Connected connected) {
            disconnected.remove(connected.replica());
        } else if (event instanceof ClientEvent.Disconnected lost) {
            disconnect(lost.replica(), effects);
        } else if (event instanceof ClientEvent.TimerFired fired) {
            onTimer(fired.timer(), effects);
        }
        return effects;
    }

    private void onTimer(ClientTimer timer, List<ClientEffect> effects) {
        switch (timer.kind()) {
            case RETRY -> retry(timer.number(), effects);
            case DEADLINE -> giveUp(timer.number(), effects);
            case READ -> reads.expired(timer.number(), effects).ifPresent(failed -> order(failed, effects));
            case SAMPLE -> {
                sampleNext = true;
                samplingStarted = false;
            }
        }
    }

    // --- invocations

    private void invoke(ClientEvent.Invoke invoke, List<ClientEffect> effects) {
        long invocation = lastInvocation + 1;
        if (admit(invocation, invoke, effects)) {
            lastInvocation = invocation;
            effects.add(new ClientEffect.StartTimer(deadline(invocation), timeout));
        }
    }

    /** Has an invocation ordered, now or when its turn comes; false if that would be too many. */
    private boolean admit(long invocation, ClientEvent.Invoke invoke, List<ClientEffect> effects) {
        if (mayStart()) {
            start(invocation, invoke, effects);
        } else if (waiting.size() < (long) maxOutstanding * WAITING_FOR_EACH_OUTSTANDING) {
            waiting.put(invocation, invoke);
        } else {
            effects.add(new ClientEffect.Fail(invoke.ticket(), InvocationException.Reason.OVERLOADED));
            return false;
        }
        return true;
    }

    private void read(ClientEvent.Read read, List<ClientEffect> effects) {
        ClientEvent.Invoke invoke = new ClientEvent.Invoke(read.ticket(), read.operation());
        if (!fastReads || !reads.mayStart()) {
            invoke(invoke, effects);
            return;
        }
        lastInvocation++;
        readInvocations.add(lastInvocation);
        reads.start(lastInvocation, invoke, effects);
        effects.add(new ClientEffect.StartTimer(deadline(lastInvocation), timeout));
    }

    /** A read on which the replicas did not agree is ordered, unless its deadline has passed. */
    private void order(PendingReads.Failed failed, List<ClientEffect> effects) {
        if (readInvocations.remove(failed.invocation())) {
            boolean admitted = admit(failed.invocation(), failed.invoke(), effects);
            if (!admitted) {
                effects.add(new ClientEffect.StopTimer(deadline(failed.invocation())));
            }
        }
    }

    private void receive(ReadReply reply, List<ClientEffect> effects) {
        reads.receive(reply, effects)
                .ifPresentOrElse(
                        completed -> {
                            if (readInvocations.remove(completed.invocation())) {
                                effects.add(new ClientEffect.StopTimer(deadline(completed.invocation())));
                                effects.add(new ClientEffect.Complete(completed.ticket(), completed.result()));
                            }
                        },
                        () -> reads.hopeless(reply, effects).ifPresent(failed -> order(failed, effects)));
    }

    private static ClientTimer deadline(long invocation) {
        return new ClientTimer(ClientTimer.Kind.DEADLINE, invocation);
    }

    private static ClientTimer retryTimer(long number) {
        return new ClientTimer(ClientTimer.Kind.RETRY, number);
    }

    // --- requests

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
                takeSample(effects) || disconnected.contains(view.primary(n))
                        ? new ClientEffect.SendToAll(request)
                        : new ClientEffect.Send(view.primary(n), request));
        effects.add(new ClientEffect.StartTimer(retryTimer(number), Duration.ofMillis(retryMillis)));
    }

    /** Whether it is time to send a request to all replicas from the start. */
    private boolean takeSample(List<ClientEffect> effects) {
        boolean sample = sampleNext;
        sampleNext = false;
        if (!samplingStarted) {
            samplingStarted = true;
            effects.add(new ClientEffect.StartTimer(new ClientTimer(ClientTimer.Kind.SAMPLE, 0), samplePeriod));
        }
        return sample;
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
        effects.add(new ClientEffect.StartTimer(retryTimer(number), Duration.ofMillis(request.delayMillis)));
    }

    /** The deadline of an invocation has passed. */
    private void giveUp(long invocation, List<ClientEffect> effects) {
        ClientEvent.Invoke neverSent = waiting.remove(invocation);
        Long number = numberOf.remove(invocation);
        if (readInvocations.remove(invocation)) {
            reads.abandoned(invocation)
                    .ifPresent(
                            ticket -> effects.add(new ClientEffect.Fail(ticket, InvocationException.Reason.TIMEOUT)));
        } else if (neverSent != null) {
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
        request.keep(reply);
        for (Answer answer : List.copyOf(request.replies.values())) {
            List<Answer> matching = request.matching(answer.digest());
            if (matching.size() >= replyQuorum) {
                matching.stream()
                        .flatMap(other -> other.whole().stream())
                        .findFirst()
                        .ifPresentOrElse(
                                result -> complete(id.number(), request, result, effects),
                                () -> askForWhole(request, effects));
                return;
            }
        }
    }

    /** Enough replicas vouch for a result, but none has sent the whole: if the chosen one cannot, everybody has to. */
    private void askForWhole(Outstanding request, List<ClientEffect> effects) {
        ReplicaId chosen = Reply.chosen(request.request.message().id(), n);
        boolean saidSomethingElse = request.replies.containsKey(chosen);
        if (!request.askedForWhole && (saidSomethingElse || disconnected.contains(chosen))) {
            request.askedForWhole = true;
            effects.add(new ClientEffect.SendToAll(request.request));
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
        effects.add(new ClientEffect.StopTimer(retryTimer(number)));
        if (numberOf.remove(request.invocation) != null) {
            effects.add(new ClientEffect.StopTimer(deadline(request.invocation)));
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
        private final Map<ReplicaId, Answer> replies = new TreeMap<>();

        private long delayMillis;
        private boolean askedForWhole;

        private Outstanding(long invocation, long ticket, Verified<Request> request, long delayMillis) {
            this.invocation = invocation;
            this.ticket = ticket;
            this.request = request;
            this.delayMillis = delayMillis;
        }

        /** The last word of each replica counts: one that restarted may have more to say than before. */
        private void keep(Reply reply) {
            replies.merge(
                    reply.replica(),
                    reply.answer(),
                    (before, now) ->
                            before.digest().equals(now.digest()) && now.whole().isEmpty() ? before : now);
        }

        private List<Answer> matching(Digest digest) {
            return replies.values().stream()
                    .filter(answer -> answer.digest().equals(digest))
                    .toList();
        }
    }
}
