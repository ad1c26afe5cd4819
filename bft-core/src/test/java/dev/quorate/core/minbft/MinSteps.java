package dev.quorate.core.minbft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.TestCluster;
import dev.quorate.core.TestUsigs;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinNewView;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinStatus;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.message.Rejoin;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.ReqViewChange;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.StreamPosition;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.Notice;
import dev.quorate.core.smr.StateImage;
import dev.quorate.core.smr.TimerId;
import dev.quorate.core.wire.Batches;
import dev.quorate.core.wire.MessageValidator;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.UiVerifier;
import dev.quorate.core.wire.Validation;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One correct replica of MinBFT; a test plays all others, each with its own USIG, and sees what this one says. Its service
 * executes at once; snapshots are done at once unless the test wants them later.
 */
final class MinSteps {
    static final int INTERVAL = 4;
    static final long CLOCK = 1_000_000;

    private final TestCluster cluster;
    private final MinBftReplica replica;
    private final Map<Integer, Sealer> sealers = new TreeMap<>();
    private final List<ReplicaMessage> said = new ArrayList<>();
    private final List<Verified<? extends Message>> sent = new ArrayList<>();
    private final List<Notice.Committed> committed = new ArrayList<>();
    private final List<SequenceNumber> snapshots = new ArrayList<>();
    private final List<SequenceNumber> discarded = new ArrayList<>();
    private boolean snapshotsLater;
    private boolean executesLater;
    private boolean installsLater;
    private long keptBytes;

    private boolean keptLater;
    private long toReport;
    /** The replicas and epochs of the USIGs with which others have rejoined, as far as this one was told. */
    private final Set<List<Long>> known = new TreeSet<>(Comparator.comparing(List::toString));

    private final List<Effect.ValidateAgain> toValidate = new ArrayList<>();

    MinSteps(int replicas, int self) {
        this(replicas, self, new MinParts());
    }

    /** A replica with one rule taken out, perhaps. */
    MinSteps(int replicas, int self, MinParts rules) {
        Limits limits =
                Limits.defaults().with(Limit.CHECKPOINT_INTERVAL, INTERVAL).with(Limit.WINDOW, 2 * INTERVAL);
        cluster = TestCluster.of(Protocol.MINBFT, replicas, 1, limits);
        for (int i = 0; i < replicas; i++) {
            sealers.put(i, i == self ? cluster.draftingSealer(i) : cluster.replicaSealer(i));
        }
        replica = new MinBftReplica(cluster.config(), new ReplicaId(self), sealers.get(self), false, rules);
        on(new Event.ClockRead(CLOCK));
    }

    // --- what others say

    <M extends ReplicaMessage> Verified<M> seal(M message) {
        return sealers.get(message.replica().value()).seal(message);
    }

    /** From now on, {@code replica} speaks with a USIG of that epoch. */
    MinSteps renew(int replica, long epoch) {
        sealers.put(replica, cluster.replicaSealer(replica, TestUsigs.of(replica, epoch)));
        return this;
    }

    /** REJOIN of a replica with a USIG of that epoch, alone in its batch. */
    Batch rejoin(int replica, long epoch) {
        Bytes usig = TestUsigs.of(replica, epoch).identity().encode();
        Bytes nonce = Digest.sha256(Bytes.EMPTY).toBytes();
        return Batches.of(cluster.replicaSealer(replica).seal(new Rejoin(new ReplicaId(replica), epoch, nonce, usig)));
    }

    /** One of several batches. */
    static Batch batch(int number) {
        return batch(number, Bytes.EMPTY);
    }

    static Batch batch(int number, Bytes operation) {
        return Batches.of(List.of(request(number, operation)), CLOCK, Bytes.EMPTY, Bytes.EMPTY);
    }

    static Verified<Request> request(int number, Bytes operation) {
        Request request = new Request(new RequestId(new ClientId(0), 1, number), operation);
        return TestCluster.pbft(4).clientSealer(0).seal(request);
    }

    /** PREPARE of the view's primary. */
    Verified<MinPrepare> prepare(long view, long at, Batch batch, long newView) {
        ReplicaId primary = new View(view).primary(sealers.size());
        return seal(new MinPrepare(
                primary, new View(view), new SequenceNumber(at), batch.digest(), newView, Optional.of(batch)));
    }

    Verified<MinPrepare> prepare(long at, Batch batch) {
        return prepare(0, at, batch, 0);
    }

    Verified<MinCommit> commit(int from, Verified<MinPrepare> prepare) {
        return seal(new MinCommit(new ReplicaId(from), prepare.message().header(), prepare.ui()));
    }

    Verified<MinViewChange> viewChange(int from, long view) {
        return seal(new MinViewChange(new ReplicaId(from), new View(view)));
    }

    /** NEW-VIEW of the view's primary. */
    Verified<MinNewView> newView(long view, long low, MinNewView.Reference... viewChanges) {
        ReplicaId primary = new View(view).primary(sealers.size());
        return seal(new MinNewView(primary, new View(view), new SequenceNumber(low), List.of(viewChanges)));
    }

    static MinNewView.Reference named(int replica, long counter) {
        return new MinNewView.Reference(new ReplicaId(replica), counter);
    }

    /** What every replica's state is at a checkpoint. */
    Digest root(long at) {
        return image().root(new SequenceNumber(at));
    }

    /** Of an empty service: time 0, nobody has rejoined, no session, no result. */
    private static StateImage image() {
        return StateImage.of(Bytes.copyOf(new byte[Long.BYTES + 3 * Integer.BYTES]), Bytes.EMPTY);
    }

    Verified<Checkpoint> checkpoint(int from, long at, StreamPosition... positions) {
        return seal(new Checkpoint(new ReplicaId(from), new SequenceNumber(at), root(at), List.of(positions)));
    }

    /** What a replica makes of a certificate that was never told of a new USIG. */
    Verified<Stable> validatedIgnorantly(Verified<Stable> shown) {
        return validated(shown, Set.of());
    }

    @SuppressWarnings("unchecked") // What is validated is of the same type.
    private Verified<Stable> validated(Verified<Stable> shown, Set<List<Long>> accepted) {
        UiVerifier usigs =
                (of, message, ui) -> (ui.epoch() == 0 || accepted.contains(List.of((long) of.value(), ui.epoch())))
                        && TestUsigs.VERIFIER.verify(of, message, ui);
        MessageValidator validator = new MessageValidator(cluster.config(), new MinBftRules(cluster.config()), usigs);
        ReplicaId from = shown.message().replica();
        Validation validation = validator.validate(shown.frame(), new Peer.OfReplica(from));
        return (Verified<Stable>) ((Validation.Accepted) validation).message();
    }

    static StreamPosition position(long counter) {
        return new StreamPosition(counter, Optional.empty());
    }

    static StreamPosition position(long counter, Verified<MinViewChange> left) {
        return new StreamPosition(
                counter, Optional.of(new StreamPosition.Left(left.message().view(), left.ui())));
    }

    // --- what happens

    MinSteps on(Event event) {
        Deque<Event> events = new ArrayDeque<>(List.of(event));
        while (!events.isEmpty()) {
            for (Effect effect : replica.handle(events.remove())) {
                take(effect, events);
            }
        }
        return this;
    }

    private void take(Effect effect, Deque<Event> events) {
        if (effect instanceof Effect.Broadcast broadcast) {
            said.add((ReplicaMessage) broadcast.message().message());
            sent.add(broadcast.message());
        } else if (effect instanceof Effect.Send send) {
            sent.add(send.message());
        } else if (effect instanceof Effect.Persist persist) {
            keptBytes += persist.record().length();
        } else if (effect instanceof Effect.Execute execute && !executesLater) {
            events.add(new Event.Executed(
                    execute.sequenceNumber(),
                    execute.operations().stream()
                            .map(operation -> Result.ok(Bytes.EMPTY))
                            .toList()));
        } else if (effect instanceof Effect.ReportKept asked) {
            toReport = asked.ticket();
            if (!keptLater) {
                events.add(new Event.Kept(toReport));
            }
        } else if (effect instanceof Effect.InstallState install && !installsLater) {
            events.add(new Event.StateInstalled(install.sequenceNumber()));
        } else if (effect instanceof Effect.TakeSnapshot snapshot) {
            snapshots.add(snapshot.sequenceNumber());
            if (!snapshotsLater) {
                events.add(new Event.SnapshotTaken(snapshots.remove(0), image()));
            }
        } else if (effect instanceof Effect.Report report && report.notice() instanceof Notice.Committed notice) {
            committed.add(notice);
        } else if (effect instanceof Effect.AcceptUsig accepted) {
            known.add(List.of(
                    (long) accepted.replica().value(), accepted.identity().epoch()));
        } else if (effect instanceof Effect.ValidateAgain again) {
            toValidate.add(again);
        } else if (effect instanceof Effect.Discard discard) {
            discarded.add(discard.stable());
        } else if (effect instanceof Effect.Halt halt) {
            throw new AssertionError("halts: " + halt.reason());
        }
    }

    MinSteps on(List<? extends Verified<? extends Message>> messages) {
        messages.forEach(message -> on(new Event.Received(message)));
        return this;
    }

    MinSteps on(Verified<? extends Message> message) {
        return on(List.of(message));
    }

    /** So many replicas demand this view, that this one leaves for it. */
    MinSteps demand(long view, int... from) {
        for (int replicaId : from) {
            on(seal(new ReqViewChange(new ReplicaId(replicaId), new View(view))));
        }
        return this;
    }

    /** It starts, as after a crash, with the state at {@code at} and these records in its store. */
    MinSteps restart(long at, List<Verified<? extends Message>> records) {
        return restart(at, image(), records);
    }

    /** The same, and a replica has rejoined with a USIG of that epoch. */
    MinSteps restartAfterRejoin(long at, int replica, long epoch, List<Verified<? extends Message>> records) {
        byte[] usig = TestUsigs.of(replica, epoch).identity().encode().toArray();
        ByteBuffer rejoined =
                ByteBuffer.allocate(5 * Long.BYTES + 3 * Integer.BYTES + Rejoin.NONCE_BYTES + usig.length);
        rejoined.putLong(0).putInt(1).putInt(replica).putLong(epoch).put(new byte[Rejoin.NONCE_BYTES]);
        rejoined.putLong(at).putInt(usig.length).put(usig);
        return restart(at, StateImage.of(Bytes.wrap(rejoined.array()), Bytes.EMPTY), records);
    }

    private MinSteps restart(long at, StateImage state, List<Verified<? extends Message>> records) {
        NavigableMap<SequenceNumber, StateImage> states = new TreeMap<>(Map.of(new SequenceNumber(at), state));
        on(new Event.Recovered(at == 0 ? new TreeMap<>() : states, records, false, false));
        return on(new Event.Started(Bytes.EMPTY));
    }

    /** A status interval has passed. */
    MinSteps tick() {
        return on(new Event.TimerFired(new TimerId(TimerId.Kind.STATUS, View.ZERO)));
    }

    /** From now on its disk takes time: what it is to say waits for {@link #kept}. */
    MinSteps keptLater() {
        keptLater = true;
        return this;
    }

    /** What it was to keep is durable. */
    MinSteps kept() {
        return on(new Event.Kept(toReport));
    }

    /** From now on its service is busy with what it was given first. */
    MinSteps executesLater() {
        executesLater = true;
        return this;
    }

    /** From now on its service takes time to install a state: see {@link #installed}. */
    MinSteps installsLater() {
        installsLater = true;
        return this;
    }

    MinSteps installed(long at) {
        return on(new Event.StateInstalled(new SequenceNumber(at)));
    }

    MinSteps snapshotsLater() {
        snapshotsLater = true;
        return this;
    }

    /** The first of the snapshots under way is done. */
    MinSteps snapshotDone() {
        return on(new Event.SnapshotTaken(snapshots.remove(0), image()));
    }

    /** The one message is validated again that it wants to be. */
    @SuppressWarnings("unchecked") // Nothing else is validated again.
    MinSteps validateAgain() {
        assertThat(toValidate).hasSize(1);
        return on(new Event.ValidatedAgain(
                validated((Verified<Stable>) toValidate.remove(0).message(), known)));
    }

    /** Whether it has asked for something to be validated again, and that is not done. */
    boolean waitsForValidation() {
        return !toValidate.isEmpty();
    }

    // --- what it does

    /** What it broadcast, of one type. */
    <M extends ReplicaMessage> List<M> said(Class<M> type) {
        return said.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** What it sent, to anybody, of one type. */
    <M extends Message> List<Verified<M>> sent(Class<M> type) {
        return sent.stream()
                .filter(message -> type.isInstance(message.message()))
                .map(message -> message.as(type))
                .toList();
    }

    /** The stable checkpoints below which it discarded what was in its store. */
    List<Long> discarded() {
        return discarded.stream().map(SequenceNumber::value).toList();
    }

    /** How much it has kept in its store so far. */
    long keptBytes() {
        return keptBytes;
    }

    /** The batches that it committed at a position. */
    List<Digest> committed(long at) {
        return committed.stream()
                .filter(notice -> notice.sequenceNumber().value() == at)
                .map(Notice.Committed::digest)
                .toList();
    }

    /** How far it has handled each stream. */
    List<Long> handled() {
        on(new Event.PeerConnected(new ReplicaId(0)));
        List<Verified<MinStatus>> statuses = sent(MinStatus.class);
        return statuses.get(statuses.size() - 1).message().handled();
    }

    View view() {
        return replica.status().view();
    }

    SequenceNumber stable() {
        return replica.status().stable();
    }
}
