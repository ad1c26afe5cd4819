package dev.quorate.core.pbft;

import dev.quorate.core.ClientId;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Operation;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.TestCluster;
import dev.quorate.core.TestUsigs;
import dev.quorate.core.View;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.message.Reply;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.StatePart;
import dev.quorate.core.minbft.MinBftReplica;
import dev.quorate.core.minbft.MinBftRules;
import dev.quorate.core.smr.BaseReplica;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.Notice;
import dev.quorate.core.smr.ProtocolStatus;
import dev.quorate.core.smr.StateImage;
import dev.quorate.core.smr.TimerId;
import dev.quorate.core.wire.MessageValidator;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Validation;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * All replicas of a cluster in one thread, with messages delivered first in, first out, each through the validator.
 * Whoever is cut off neither sends nor receives. A replica's "service" is the list of what it executed.
 */
public final class LoopbackCluster {
    private record InFlight(ReplicaId from, ReplicaId to, Verified<? extends Message> message) {}

    private final TestCluster cluster;
    private final ClusterConfig config;
    private final boolean minBft;
    private final List<MessageValidator> validators = new ArrayList<>();
    /** For each replica the USIGs with which others have rejoined, as far as it knows: their numbers and epochs. */
    private final List<Set<List<Long>>> rejoined = new ArrayList<>();

    private final List<TestUsigs.Counter> usigs = new ArrayList<>();
    private final List<BaseReplica> replicas = new ArrayList<>();
    private final List<List<String>> executed = new ArrayList<>();
    private final Deque<InFlight> network = new ArrayDeque<>();
    private final TreeSet<ReplicaId> cutOff = new TreeSet<>();
    private final TreeSet<ReplicaId> corrupt = new TreeSet<>();
    private final Map<ClientId, Long> numbers = new HashMap<>();
    private Predicate<InFlight> lost = message -> false;
    private final List<String> replies = new ArrayList<>();
    private final List<Integer> reads = new ArrayList<>();
    private final List<Notice> notices = new ArrayList<>();
    private final boolean predicts;
    private final long[] clocks;
    /** What each replica executed, with the agreed values. */
    private final List<List<Agreed>> agreed = new ArrayList<>();
    /** What the services have been asked and have not answered, by replica. */
    private final Map<Integer, Effect.Predict> asked = new TreeMap<>();

    /** What each replica has in its store. */
    private final List<Disk> disks = new ArrayList<>();

    private final List<Deque<Effect.Execute>> atWork = new ArrayList<>();
    private boolean busy;

    private int starts;
    private final List<String> sent = new ArrayList<>();

    private final TreeSet<Integer> hesitant = new TreeSet<>();
    private IntFunction<String> prediction = replica -> "sunny";
    private Predicate<String> acceptable = any -> true;

    private static final class Disk {
        private final List<Effect.Persist> records = new ArrayList<>();
        private final NavigableMap<SequenceNumber, StateImage> states = new TreeMap<>();

        private void discard(SequenceNumber stable) {
            records.removeIf(record -> record.sequenceNumber().compareTo(stable) < 0);
            while (states.size() > 1 && states.firstKey().compareTo(stable) < 0) {
                states.pollFirstEntry();
            }
        }
    }

    /** An operation, and what was agreed on for it. */
    public record Agreed(String operation, long millis, long random, String prediction) {}

    public LoopbackCluster(TestCluster cluster) {
        this(cluster, false);
    }

    /** @param predicts whether the replicas' services predict: what {@link #predict} says */
    public LoopbackCluster(TestCluster cluster, boolean predicts) {
        this.predicts = predicts;
        this.clocks = new long[cluster.config().n()];
        this.cluster = cluster;
        this.config = cluster.config();
        this.minBft = config.protocol() == Protocol.MINBFT;
        for (int i = 0; i < config.n(); i++) {
            usigs.add(TestUsigs.of(i));
            rejoined.add(new HashSet<>());
            validators.add(newValidator(i));
            replicas.add(newReplica(i));
            executed.add(new ArrayList<>());
            agreed.add(new ArrayList<>());
            disks.add(new Disk());
            atWork.add(new ArrayDeque<>());
        }
        for (int i = 0; i < config.n(); i++) {
            apply(i, new Event.Started(Bytes.EMPTY));
        }
    }

    private MessageValidator newValidator(int id) {
        return new MessageValidator(
                config,
                minBft ? new MinBftRules(config) : new PbftRules(config),
                (replica, message, ui) ->
                        (ui.epoch() == 0 || rejoined.get(id).contains(List.of((long) replica.value(), ui.epoch())))
                                && TestUsigs.VERIFIER.verify(replica, message, ui));
    }

    private BaseReplica newReplica(int id) {
        Sealer sealer = cluster.replicaSealer(id, usigs.get(id));
        return minBft
                ? new MinBftReplica(config, new ReplicaId(id), sealer, predicts)
                : new PbftReplica(config, new ReplicaId(id), sealer, predicts, new PbftParts());
    }

    // --- faults

    public void cutOff(int replica) {
        cutOff.add(new ReplicaId(replica));
    }

    public void heal(int replica) {
        cutOff.remove(new ReplicaId(replica));
    }

    /** Every part of a state that this replica sends is wrong. */
    public void corruptStateParts(int replica) {
        corrupt.add(new ReplicaId(replica));
    }

    /** The replica starts anew, with nothing. */
    public void restartEmpty(int replica) {
        executed.get(replica).clear();
        agreed.get(replica).clear();
        replicas.set(replica, newReplica(replica));
        apply(replica, new Event.Started(Bytes.EMPTY));
    }

    /** The replica starts anew, with what is in its store. */
    public void restart(int replica) {
        Disk disk = disks.get(replica);
        List<Verified<? extends Message>> records = new ArrayList<>();
        for (Effect.Persist record : disk.records) {
            records.add(record(replica, record));
        }
        begin(replica, new Event.Recovered(disk.states, records, false, false));
    }

    private Verified<? extends Message> record(int replica, Effect.Persist record) {
        Validation validation =
                validators.get(replica).validate(record.record(), new Peer.OfReplica(new ReplicaId(replica)));
        return ((Validation.Accepted) validation).message();
    }

    /** What a replica is writing when it crashes gets to its store in part: all but the last records of that type. */
    public void loseLastRecords(int replica, MessageType type, int count) {
        List<Effect.Persist> records = disks.get(replica).records;
        int left = count;
        for (int i = records.size() - 1; i >= 0 && left > 0; i--) {
            if (record(replica, records.get(i)).message().type() == type) {
                records.remove(i);
                left--;
            }
        }
    }

    /** The replica starts with an empty store, and is told that it never ran before. */
    public void startFirst(int replica) {
        begin(replica, new Event.Recovered(new TreeMap<>(), List.of(), false, true));
    }

    /** The replica starts anew, knows that it has forgotten everything, and rejoins. */
    public void restartAmnesic(int replica) {
        disks.set(replica, new Disk());
        rejoined.get(replica).clear();
        begin(replica, new Event.Recovered(new TreeMap<>(), List.of(), true, false));
    }

    private void begin(int replica, Event.Recovered memory) {
        network.removeIf(message -> message.to.value() == replica);
        executed.get(replica).clear();
        agreed.get(replica).clear();
        replicas.set(replica, newReplica(replica));
        apply(replica, memory);
        Bytes secret =
                Bytes.wrap(Digest.sha256(Steps.bytes("start " + starts++)).toArray());
        apply(replica, new Event.Started(secret));
    }

    /** The peers notice that the channel to {@code replica} broke. */
    public void disconnect(int replica) {
        cutOff(replica);
        for (int i = 0; i < config.n(); i++) {
            if (i != replica) {
                apply(i, new Event.PeerDisconnected(new ReplicaId(replica)));
            }
        }
    }

    /** From now on the machine of this replica shows this time. */
    public void clock(int replica, long millis) {
        clocks[replica] = millis;
        apply(replica, new Event.ClockRead(millis));
    }

    /** What the service of each replica predicts from now on, and what they accept of each other. */
    public void predict(IntFunction<String> what, Predicate<String> acceptedIf) {
        prediction = what;
        acceptable = acceptedIf;
    }

    /** From now on the service of this replica takes for ever to predict. */
    public void hesitate(int replica) {
        hesitant.add(replica);
    }

    /** The service of this replica has predicted at last. */
    public void predictAtLast(int replica) {
        hesitant.remove(replica);
        apply(replica, asked.remove(replica));
    }

    /** From now on each service is busy with a batch until {@link #finishOne}. */
    public void keepBusy() {
        busy = true;
    }

    /** The service of each replica finishes the batch that it is busy with, if there is one. */
    public void finishOne() {
        for (int i = 0; i < config.n(); i++) {
            if (!atWork.get(i).isEmpty()) {
                execute(i, atWork.get(i).remove());
            }
        }
        run();
    }

    /** Only {@code replica} notices that its channel to {@code peer} broke. */
    public void deliverDisconnect(int replica, int peer) {
        apply(replica, new Event.PeerDisconnected(new ReplicaId(peer)));
    }

    /** And that it is there again. */
    public void deliverConnect(int replica, int peer) {
        apply(replica, new Event.PeerConnected(new ReplicaId(peer)));
    }

    public interface Loss {
        boolean loses(int from, int to, Message message);
    }

    public void lose(Loss loss) {
        lost = m -> loss.loses(m.from.value(), m.to.value(), m.message.message());
    }

    // --- what happens

    /** The client's next request reaches these replicas. */
    public void request(int client, String operation, int... to) {
        ClientId id = new ClientId(client);
        long number = numbers.merge(id, 1L, Long::sum);
        Verified<Request> request =
                cluster.clientSealer(client).seal(new Request(new RequestId(id, 1, number), Steps.bytes(operation)));
        for (int replica : to) {
            if (!cutOff.contains(new ReplicaId(replica))) {
                apply(replica, new Event.Received(request));
            }
        }
    }

    /** The client sends its last request once more. */
    public void requestAgain(int client, String operation, int... to) {
        numbers.merge(new ClientId(client), -1L, Long::sum);
        request(client, operation, to);
    }

    public void tick(int times) {
        for (int t = 0; t < times; t++) {
            for (int i = 0; i < config.n(); i++) {
                apply(i, new Event.TimerFired(new TimerId(TimerId.Kind.STATUS, View.ZERO)));
            }
            run();
        }
    }

    public void viewTimer(int replica, View of) {
        apply(replica, new Event.TimerFired(new TimerId(TimerId.Kind.VIEW, of)));
        run();
    }

    public void deliver(int to, Verified<? extends Message> message) {
        apply(to, new Event.Received(message));
    }

    /** Delivers until nothing is under way. */
    public void run() {
        while (true) {
            InFlight next = network.poll();
            if (next == null) {
                for (int i = 0; i < config.n(); i++) {
                    apply(i, new Event.Drained(clocks[i]));
                }
                if (network.isEmpty()) {
                    return;
                }
                continue;
            }
            if (cutOff.contains(next.from) || cutOff.contains(next.to) || lost.test(next)) {
                continue;
            }
            Validation validation =
                    validators.get(next.to.value()).validate(next.message.frame(), new Peer.OfReplica(next.from));
            if (validation instanceof Validation.Accepted accepted) {
                apply(next.to.value(), new Event.Received(accepted.message()));
            } else if (!minBft) {
                throw new AssertionError(next + ": " + validation);
            }
        }
    }

    private void apply(int replica, Event event) {
        for (Effect effect : replicas.get(replica).handle(event)) {
            apply(replica, effect);
        }
    }

    private void execute(int replica, Effect.Execute execute) {
        for (Operation operation : execute.operations()) {
            executed.get(replica).add(operation.asString());
            agreed.get(replica).add(agreed(operation));
        }
        List<Result> results =
                execute.operations().stream().map(o -> Result.ok(o.bytes())).toList();
        apply(replica, new Event.Executed(execute.sequenceNumber(), results));
    }

    private void apply(int replica, Effect effect) {
        ReplicaId self = new ReplicaId(replica);
        if (effect instanceof Effect.Broadcast broadcast) {
            for (int to = 0; to < config.n(); to++) {
                if (to != replica) {
                    network.add(new InFlight(self, new ReplicaId(to), broadcast.message()));
                    sent.add(self + " " + broadcast.message().message().type());
                }
            }
        } else if (effect instanceof Effect.Send send) {
            network.add(new InFlight(self, send.to(), corrupted(self, send.message())));
        } else if (effect instanceof Effect.Execute execute) {
            if (busy) {
                atWork.get(replica).add(execute);
            } else {
                execute(replica, execute);
            }
        } else if (effect instanceof Effect.Predict predict) {
            if (hesitant.contains(replica)) {
                asked.put(replica, predict);
            } else {
                Bytes predicted = Steps.bytes(prediction.apply(replica));
                apply(replica, new Event.Predicted(predict.sequenceNumber(), predict.view(), predicted));
            }
        } else if (effect instanceof Effect.Judge judge) {
            boolean accepted = acceptable.test(new String(judge.prediction().toArray(), StandardCharsets.UTF_8));
            apply(replica, new Event.Judged(judge.sequenceNumber(), judge.batch(), accepted));
        } else if (effect instanceof Effect.TakeSnapshot snapshot) {
            Bytes state = Steps.bytes(String.join(",", executed.get(replica)));
            StateImage image = StateImage.of(snapshot.bookkeeping(), state);
            disks.get(replica).states.put(snapshot.sequenceNumber(), image);
            apply(replica, new Event.SnapshotTaken(snapshot.sequenceNumber(), image));
        } else if (effect instanceof Effect.InstallState install) {
            executed.get(replica).clear();
            executed.get(replica).addAll(List.of(text(install.image().service()).split(",")));
            disks.get(replica).states.put(install.sequenceNumber(), install.image());
            apply(replica, new Event.StateInstalled(install.sequenceNumber()));
        } else if (effect instanceof Effect.Read) {
            reads.add(replica);
        } else if (effect instanceof Effect.Persist record) {
            disks.get(replica).records.add(record);
        } else if (effect instanceof Effect.ReportKept asked) {
            apply(replica, new Event.Kept(asked.ticket()));
        } else if (effect instanceof Effect.RenewUsig renew) {
            usigs.get(replica).renew(renew.epoch());
            apply(replica, new Event.UsigRenewed(usigs.get(replica).identity()));
        } else if (effect instanceof Effect.ValidateAgain again) {
            Validation validation =
                    validators.get(replica).validate(again.message().frame(), new Peer.OfReplica(self));
            apply(replica, new Event.ValidatedAgain(((Validation.Accepted) validation).message()));
        } else if (effect instanceof Effect.EndRejoin) {
            requireWhereItVotes(replica);
        } else if (effect instanceof Effect.AcceptUsig accept) {
            rejoined.get(replica)
                    .add(List.of(
                            (long) accept.replica().value(), accept.identity().epoch()));
        } else if (effect instanceof Effect.Discard discard) {
            disks.get(replica).discard(discard.stable());
        } else if (effect instanceof Effect.SendToClient reply) {
            replies.add(replica + ":"
                    + new String(
                            ((Reply) reply.reply().message()).answer().value().toArray(), StandardCharsets.UTF_8));
        } else if (effect instanceof Effect.Report report) {
            notices.add(report.notice());
        } else if (effect instanceof Effect.Halt halt) {
            throw new AssertionError("replica " + replica + " halts: " + halt.reason());
        }
    }

    /** After a crash now, the replica counts as one that remembers: the stable checkpoint and its view have to be in its store. */
    private void requireWhereItVotes(int replica) {
        SequenceNumber stable = SequenceNumber.ZERO;
        View left = View.ZERO;
        for (Effect.Persist kept : disks.get(replica).records) {
            Message record = record(replica, kept).message();
            if (record instanceof Stable proof
                    && proof.certificate().sequenceNumber().isAfter(stable)) {
                stable = proof.certificate().sequenceNumber();
            }
            if (record instanceof MinViewChange change
                    && change.replica().value() == replica
                    && change.view().compareTo(left) > 0) {
                left = change.view();
            }
        }
        ProtocolStatus status = status(replica);
        if (!stable.equals(status.stable()) || (minBft && !left.equals(status.view()))) {
            throw new AssertionError("replica " + replica + " would not know that it votes from " + status.stable()
                    + ", in " + status.view());
        }
    }

    private static Agreed agreed(Operation operation) {
        return new Agreed(
                operation.asString(),
                operation.time().toEpochMilli(),
                operation.random().nextLong(),
                new String(operation.prediction().toArray(), StandardCharsets.UTF_8));
    }

    private static String text(InputStream in) {
        try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Verified<? extends Message> corrupted(ReplicaId self, Verified<? extends Message> message) {
        return corrupt.contains(self) && message.message() instanceof StatePart part
                ? cluster.replicaSealer(self.value())
                        .seal(new StatePart(self, part.sequenceNumber(), part.part(), Steps.bytes("corrupt")))
                : message;
    }

    // --- what is seen

    /** Which replica has broadcast which types of messages since this was last asked. */
    public List<String> takeSent() {
        List<String> taken = sent.stream().distinct().toList();
        sent.clear();
        return taken;
    }

    public List<String> executed(int replica) {
        return executed.get(replica);
    }

    public List<Agreed> agreed(int replica) {
        return agreed.get(replica);
    }

    public ProtocolStatus status(int replica) {
        return replicas.get(replica).status();
    }

    public SequenceNumber stable(int replica) {
        return status(replica).stable();
    }

    public List<String> replies() {
        return replies;
    }

    /** The replicas whose services were asked to read, in this order; they never answer. */
    public List<Integer> reads() {
        return reads;
    }

    public <N extends Notice> List<N> notices(Class<N> type) {
        return notices.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
