package dev.quorate.simulator.trace;

import dev.quorate.core.ClientId;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.simulator.trace.TraceEvent.MessageStep;
import dev.quorate.simulator.trace.TraceEvent.NodeStep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;

/**
 * Something like a run of PBFT with four replicas, made up: with a partition, a crash of the primary, a view change, a
 * pause, and a violation at the end. {@code main} writes it as a page, to look at.
 */
final class SampleTrace {
    private static final int REPLICAS = 4;
    private static final int CLIENTS = 2;

    private final List<TraceEvent> events = new ArrayList<>();
    private final Random random;
    private long messages;
    private int downReplica = -1;

    private SampleTrace(long seed) {
        this.random = new Random(seed);
    }

    /** Arguments: the file to write, and how many events to keep. */
    public static void main(String[] args) throws IOException {
        int keep = Integer.parseInt(args[1]);
        HtmlTrace.write(of(42, keep), Path.of(args[0]));
    }

    /** A run long enough to record {@code keep} events. */
    static Trace of(long seed, int keep) {
        SampleTrace sample = new SampleTrace(seed);
        sample.run(keep);
        BoundedTrace recorder = new BoundedTrace(keep);
        sample.events.stream()
                .sorted(Comparator.comparingLong(TraceEvent::atNanos))
                .forEach(recorder::record);
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("seed", Long.toString(seed));
        facts.put("protocol", "pbft, n=4, f=1");
        return recorder.trace("Made-up run <script>alert('&')</script>", facts);
    }

    private void run(int keep) {
        int rounds = Math.max(6, keep / 54);
        long at = 0;
        for (int r = 0; r < REPLICAS; r++) {
            add(node(1000, replica(r), NodeStep.VIEW_ENTERED, "").in(new View(0)));
        }
        long view = 0;
        for (int s = 1; s <= rounds; s++) {
            if (s == rounds / 3) {
                add(node(at, TraceNode.NETWORK, NodeStep.FAULT_BEGINS, "partition {0,1,2} | {3}")
                        .about("partition 1"));
            }
            if (s == rounds / 3 + Math.max(3, rounds / 10)) {
                add(node(at, TraceNode.NETWORK, NodeStep.FAULT_ENDS, "").about("partition 1"));
            }
            if (s == rounds * 2 / 3) {
                at = changeView(at, ++view);
            }
            if (s == rounds * 2 / 3 + Math.max(2, rounds / 8)) {
                downReplica = -1;
                add(node(at, replica(0), NodeStep.RESTARTED, "with its disk"));
                add(node(at + 50_000, replica(0), NodeStep.VIEW_ENTERED, "").in(new View(view)));
            }
            at = round(at, s, view, s > rounds / 3 && s < rounds / 3 + Math.max(3, rounds / 10));
        }
        add(node(
                        at,
                        replica(2),
                        NodeStep.VIOLATION,
                        "At 12.345678 ms replica 2 executed [client 1/1#3] at s=" + rounds
                                + ", where replica 0 had executed [client 0/1#7].\nCompare the certificates with which each committed.")
                .at(new SequenceNumber(rounds))
                .about("agreement"));
    }

    private long round(long start, int s, long view, boolean partitioned) {
        int client = s % CLIENTS;
        int primary = (int) (view % REPLICAS);
        TraceNode asking = TraceNode.of(new ClientId(client));
        String ticket = "ticket " + s;
        add(node(start, asking, NodeStep.INVOKED, "put k" + s % 7 + " " + s % 3).about(ticket));
        long t = send(start, asking, replica(primary), "REQUEST", -1, -1, false);
        long end = t;
        for (int r = 0; r < REPLICAS; r++) {
            if (r == primary || r == downReplica) {
                continue;
            }
            boolean lost = partitioned && r == 3;
            long proposed = send(t, replica(primary), replica(r), "PRE_PREPARE", view, s, lost);
            for (int to = 0; to < REPLICAS; to++) {
                if (to != r && !lost) {
                    long prepared = send(proposed, replica(r), replica(to), "PREPARE", view, s, partitioned && to == 3);
                    send(prepared + 5_000, replica(to), replica(r), "COMMIT", view, s, partitioned && to == 3);
                    end = Math.max(end, prepared);
                }
            }
        }
        end += 260_000;
        for (int r = 0; r < REPLICAS; r++) {
            if (r != downReplica && !(partitioned && r == 3)) {
                long done = end + random.nextInt(60_000);
                add(node(done, replica(r), NodeStep.COMMITTED, "")
                        .at(new SequenceNumber(s))
                        .in(new View(view)));
                add(node(done + 3_000, replica(r), NodeStep.EXECUTED, "1 request")
                        .at(new SequenceNumber(s)));
                if (s % 8 == 0) {
                    add(node(done + 9_000, replica(r), NodeStep.CHECKPOINT, "root 1f3a99c0")
                            .at(new SequenceNumber(s)));
                }
                send(done + 6_000, replica(r), asking, "REPLY", view, -1, false);
            }
        }
        add(node(end + 330_000, replica(random.nextInt(4)), NodeStep.TIMER, "STATUS"));
        add(node(end + 320_000, asking, random.nextInt(30) == 0 ? NodeStep.GAVE_UP : NodeStep.COMPLETED, "")
                .about(ticket));
        return start + 200_000 + random.nextInt(300_000);
    }

    private long changeView(long start, long view) {
        downReplica = 0;
        add(node(start, replica(0), NodeStep.CRASHED, "killed"));
        add(node(start + 100_000, replica(3), NodeStep.FAULT_BEGINS, "slow disk")
                .about("slow disk 3"));
        add(node(start + 2_000_000, replica(3), NodeStep.FAULT_ENDS, "").about("slow disk 3"));
        add(node(start + 200_000, replica(2), NodeStep.PAUSED, ""));
        add(node(start + 500_000, replica(2), NodeStep.RESUMED, ""));
        long t = start + 1_500_000;
        for (int r = 1; r < REPLICAS; r++) {
            for (int to = 0; to < REPLICAS; to++) {
                if (to != r) {
                    send(t + r * 20_000L, replica(r), replica(to), "VIEW_CHANGE", view, -1, to == 0);
                }
            }
        }
        for (int r = 1; r < REPLICAS; r++) {
            long entered =
                    r == 1 ? t + 400_000 : send(t + 400_000, replica(1), replica(r), "NEW_VIEW", view, -1, false);
            add(node(entered, replica(r), NodeStep.VIEW_ENTERED, "").in(new View(view)));
        }
        return t + 900_000;
    }

    private long send(long at, TraceNode from, TraceNode to, String type, long view, long s, boolean lost) {
        boolean down = to.equals(replica(downReplica < 0 ? 99 : downReplica));
        TraceMessage message = new TraceMessage(
                messages++,
                from,
                to,
                type,
                view < 0 ? OptionalLong.empty() : OptionalLong.of(view),
                s < 0 ? OptionalLong.empty() : OptionalLong.of(s),
                type + "[" + from + ", digest=" + Integer.toHexString((int) s * 0x9e3779b1) + "]");
        long arrival = at + 60_000 + random.nextInt(90_000);
        add(new TraceEvent.OfMessage(at, MessageStep.SENT, message));
        add(new TraceEvent.OfMessage(arrival, lost || down ? MessageStep.DROPPED : MessageStep.DELIVERED, message));
        return arrival;
    }

    private void add(TraceEvent event) {
        events.add(event);
    }

    private static TraceNode replica(int id) {
        return TraceNode.of(new ReplicaId(id));
    }

    private static TraceEvent.OfNode node(long at, TraceNode node, NodeStep step, String description) {
        return TraceEvent.OfNode.of(at, node, step, description);
    }
}
