package dev.quorate.simulator.trace;

import dev.quorate.core.ClientId;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ClusterConfig.ReplicaInfo;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.View;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.runtime.ReplicaObserver;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.Notice;
import dev.quorate.core.wire.Envelope;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Digest;
import dev.quorate.simulator.trace.TraceEvent.MessageStep;
import dev.quorate.simulator.trace.TraceEvent.NodeStep;
import dev.quorate.simulator.trace.TraceEvent.OfMessage;
import dev.quorate.simulator.trace.TraceEvent.OfNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/**
 * Tells a trace recorder what one or several real replicas of this process do: give it to each of them with {@link
 * dev.quorate.core.Replica.Builder#observer}. Thread-safe.
 *
 * <p>Replicas do not number what they send. An arrival belongs to the last sending of the same content to the same
 * receiver that has not arrived yet; what nobody in this process sent has an arrival only, and what goes to somebody
 * elsewhere, clients included, a sending only.
 *
 * <p>Bound: {@value #MAX_OPEN_SENDINGS} sendings that have not arrived; the oldest are forgotten.
 */
public final class ReplicaTrace implements ReplicaObserver {
    private static final int MAX_OPEN_SENDINGS = 10_000;

    /** What is the same at a message's sending and at its arrival. */
    private record Sending(MessageType type, int author, Digest payload, TraceNode receiver) {
        static Sending of(Verified<? extends Message> message, Digest payload, TraceNode receiver) {
            return new Sending(message.envelope().type(), message.envelope().sender(), payload, receiver);
        }
    }

    private final List<ReplicaId> replicas;
    private final TraceRecorder recorder;
    private final LongSupplier clock;

    // Guarded by this.
    private final Map<Sending, TraceMessage> open = new LinkedHashMap<>();
    private final SortedSet<ReplicaId> stopped = new TreeSet<>();
    private long messages;

    /** Times are measured from now on. */
    public ReplicaTrace(ClusterConfig cluster, TraceRecorder recorder) {
        this(cluster, recorder, sinceNow());
    }

    /** @param clock nanoseconds since the trace began; never goes back */
    public ReplicaTrace(ClusterConfig cluster, TraceRecorder recorder, LongSupplier clock) {
        this.replicas = cluster.replicas().stream().map(ReplicaInfo::id).toList();
        this.recorder = recorder;
        this.clock = clock;
    }

    private static LongSupplier sinceNow() {
        long start = System.nanoTime();
        return () -> System.nanoTime() - start;
    }

    @Override
    public void handled(ReplicaId self, Event event) {
        if (event instanceof Event.Received received) {
            arrived(TraceNode.of(self), received.message());
        } else if (event instanceof Event.Executed executed) {
            int operations = executed.results().size();
            String what = operations == 1 ? "1 operation" : operations + " operations";
            record(at -> note(at, self, NodeStep.EXECUTED, what).at(executed.sequenceNumber()));
        } else if (event instanceof Event.SnapshotTaken taken) {
            String root = "root " + taken.image().root(taken.sequenceNumber());
            record(at -> note(at, self, NodeStep.CHECKPOINT, root).at(taken.sequenceNumber()));
        } else if (event instanceof Event.TimerFired fired) {
            record(at -> note(at, self, NodeStep.TIMER, fired.timer().kind().toString()));
        } else if (event instanceof Event.PeerConnected connected) {
            record(at -> note(at, self, NodeStep.NOTE, "is connected to " + connected.peer()));
        } else if (event instanceof Event.PeerDisconnected lost) {
            record(at -> note(at, self, NodeStep.NOTE, "has lost the connection to " + lost.peer()));
        } else if (event instanceof Event.Started) {
            started(self);
        }
    }

    @Override
    public void applied(ReplicaId self, Effect effect) {
        TraceNode node = TraceNode.of(self);
        if (effect instanceof Effect.Send send) {
            sent(node, List.of(TraceNode.of(send.to())), send.message());
        } else if (effect instanceof Effect.Broadcast broadcast) {
            sent(
                    node,
                    replicas.stream()
                            .filter(id -> !id.equals(self))
                            .map(TraceNode::of)
                            .toList(),
                    broadcast.message());
        } else if (effect instanceof Effect.SendToClient reply) {
            sent(node, List.of(TraceNode.of(reply.to())), reply.reply());
        } else if (effect instanceof Effect.Report report) {
            reported(node, report.notice());
        } else if (effect instanceof Effect.Halt halt) {
            record(at -> note(at, self, NodeStep.VIOLATION, halt.reason()).about("the replica's own state"));
        }
    }

    @Override
    public synchronized void stopped(ReplicaId self) {
        stopped.add(self);
        record(at -> note(at, self, NodeStep.CRASHED, "has stopped"));
    }

    private synchronized void started(ReplicaId self) {
        if (stopped.remove(self)) {
            record(at -> note(at, self, NodeStep.RESTARTED, ""));
        }
        // Wherever it was before: a replica begins in view 0.
        record(at -> note(at, self, NodeStep.VIEW_ENTERED, "").in(View.ZERO));
    }

    private synchronized void reported(TraceNode node, Notice notice) {
        OfNode.of(clock.getAsLong(), node, notice).ifPresent(recorder::record);
    }

    private void sent(TraceNode from, List<TraceNode> receivers, Verified<? extends Message> message) {
        Digest payload = Digest.sha256(message.envelope().payload());
        synchronized (this) {
            for (TraceNode to : receivers) {
                TraceMessage sent = TraceMessage.of(messages++, from, to, message.message());
                record(at -> new OfMessage(at, MessageStep.SENT, sent));
                if (to.kind() == TraceNode.Kind.REPLICA) {
                    remember(Sending.of(message, payload, to), sent);
                }
            }
        }
    }

    private void remember(Sending sending, TraceMessage sent) {
        // Removed first, so that the order is that of the last sendings.
        open.remove(sending);
        open.put(sending, sent);
        if (open.size() > MAX_OPEN_SENDINGS) {
            open.remove(open.keySet().iterator().next());
        }
    }

    private void arrived(TraceNode to, Verified<? extends Message> message) {
        Sending sending = Sending.of(message, Digest.sha256(message.envelope().payload()), to);
        synchronized (this) {
            TraceMessage sent = open.remove(sending);
            TraceMessage arrived = sent != null
                    ? sent
                    : TraceMessage.of(messages++, author(message.envelope()), to, message.message());
            record(at -> new OfMessage(at, MessageStep.DELIVERED, arrived));
        }
    }

    /** Who said it, which is the best guess at who sent it. */
    private static TraceNode author(Envelope envelope) {
        return envelope.type().sender() == MessageType.Sender.CLIENT
                ? TraceNode.of(new ClientId(envelope.sender()))
                : TraceNode.of(new ReplicaId(envelope.sender()));
    }

    private static OfNode note(long atNanos, ReplicaId self, NodeStep step, String description) {
        return OfNode.of(atNanos, TraceNode.of(self), step, description);
    }

    /** The clock is read under the lock, so that events come in the order of their times. */
    private synchronized void record(LongFunction<TraceEvent> event) {
        recorder.record(event.apply(clock.getAsLong()));
    }
}
