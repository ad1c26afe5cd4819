package dev.quorate.simulator;

import dev.quorate.core.ClientId;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.View;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Validation;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.check.Observation;
import dev.quorate.simulator.fault.Fault;
import dev.quorate.simulator.journal.SimEvent;
import dev.quorate.simulator.node.World;
import dev.quorate.simulator.trace.TraceEvent.MessageStep;
import dev.quorate.simulator.trace.TraceEvent.NodeStep;
import dev.quorate.simulator.trace.TraceEvent.OfMessage;
import dev.quorate.simulator.trace.TraceEvent.OfNode;
import dev.quorate.simulator.trace.TraceMessage;
import dev.quorate.simulator.trace.TraceNode;
import dev.quorate.simulator.trace.TraceRecorder;
import java.util.OptionalLong;

/** Tells a trace recorder what happens in a run. */
public final class JournalTrace {
    private final TraceRecorder recorder;
    private long messages;

    private JournalTrace(TraceRecorder recorder) {
        this.recorder = recorder;
    }

    /** From now on {@code recorder} is told what happens in {@code world}. */
    public static void record(World world, TraceRecorder recorder) {
        JournalTrace trace = new JournalTrace(recorder);
        for (int i = 0; i < world.members().config().n(); i++) {
            TraceNode node = TraceNode.of(new ReplicaId(i));
            recorder.record(OfNode.of(0, node, NodeStep.VIEW_ENTERED, "").in(View.ZERO));
        }
        world.journal().listen(trace::event);
        world.observe(trace::observation);
    }

    private void event(SimEvent event) {
        if (event instanceof SimEvent.Delivered delivered) {
            message(delivered);
        } else if (event instanceof SimEvent.Lost lost) {
            TraceMessage message = opaque(lost.from(), lost.to(), lost.frame(), lost.why());
            recorder.record(new OfMessage(lost.atNanos(), MessageStep.SENT, message));
            recorder.record(new OfMessage(lost.atNanos(), MessageStep.DROPPED, message));
        } else if (event instanceof SimEvent.TimerFired fired) {
            String kind = fired.timer().kind().toString();
            recorder.record(OfNode.of(fired.atNanos(), TraceNode.of(fired.replica()), NodeStep.TIMER, kind));
        } else if (event instanceof SimEvent.Noticed noticed) {
            notice(noticed);
        } else if (event instanceof SimEvent.Happened happened) {
            happened(happened);
        }
    }

    private void message(SimEvent.Delivered delivered) {
        TraceMessage message = delivered.validation() instanceof Validation.Accepted accepted
                ? TraceMessage.of(
                        messages++,
                        node(delivered.from()),
                        node(delivered.to()),
                        accepted.message().message())
                : opaque(delivered.from(), delivered.to(), delivered.frame(), delivered.words());
        recorder.record(new OfMessage(delivered.sentAtNanos(), MessageStep.SENT, message));
        recorder.record(new OfMessage(delivered.atNanos(), MessageStep.DELIVERED, message));
    }

    private TraceMessage opaque(Peer from, Peer to, Bytes frame, String why) {
        return new TraceMessage(
                messages++,
                node(from),
                node(to),
                "FRAME",
                OptionalLong.empty(),
                OptionalLong.empty(),
                frame.length() + " bytes; " + why);
    }

    private void notice(SimEvent.Noticed noticed) {
        OfNode.of(noticed.atNanos(), TraceNode.of(noticed.replica()), noticed.notice())
                .ifPresent(recorder::record);
    }

    private void happened(SimEvent.Happened happened) {
        NodeStep step =
                switch (happened.kind()) {
                    case "replica crashes" -> NodeStep.CRASHED;
                    case "replica restarts" -> NodeStep.RESTARTED;
                    case "replica pauses" -> NodeStep.PAUSED;
                    case "replica resumes" -> NodeStep.RESUMED;
                    case "violation" -> NodeStep.VIOLATION;
                    case "fault ends" -> NodeStep.FAULT_ENDS;
                    default -> happened.who() instanceof Fault ? NodeStep.FAULT_BEGINS : NodeStep.NOTE;
                };
        TraceNode node = happened.who() instanceof ReplicaId replica ? TraceNode.of(replica) : TraceNode.NETWORK;
        OfNode event = OfNode.of(happened.atNanos(), node, step, happened.words());
        recorder.record(happened.who() instanceof Fault fault ? event.about("fault " + fault.index()) : event);
    }

    private void observation(Observation observation) {
        long at = observation.atNanos();
        if (observation instanceof Observation.Executed e) {
            String requests = e.requests().toString();
            recorder.record(OfNode.of(at, TraceNode.of(e.replica()), NodeStep.EXECUTED, requests)
                    .at(e.sequenceNumber()));
        } else if (observation instanceof Observation.CheckpointTaken c) {
            String root = "root " + c.root();
            recorder.record(OfNode.of(at, TraceNode.of(c.replica()), NodeStep.CHECKPOINT, root)
                    .at(c.sequenceNumber()));
        } else if (observation instanceof Observation.Invoked i) {
            client(at, i.client(), NodeStep.INVOKED, i.ticket(), i.operation().toString());
        } else if (observation instanceof Observation.Completed c) {
            client(at, c.client(), NodeStep.COMPLETED, c.ticket(), c.result().toString());
        } else if (observation instanceof Observation.GaveUp g) {
            client(at, g.client(), NodeStep.GAVE_UP, g.ticket(), "");
        }
    }

    private void client(long at, ClientId client, NodeStep step, long ticket, String description) {
        recorder.record(OfNode.of(at, TraceNode.of(client), step, description).about("#" + ticket));
    }

    private static TraceNode node(Peer peer) {
        if (peer instanceof Peer.OfReplica replica) {
            return TraceNode.of(replica.id());
        }
        return TraceNode.of(((Peer.OfClient) peer).id());
    }
}
