package dev.quorate.core.smr;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.Rejoin;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a replica that has forgotten what it said takes part again (after Castro and Liskov 2002, section 4, "proactive
 * recovery", but started by the replica itself). It might contradict itself, so it counts among the {@code f} faulty ones
 * until this cannot happen any more:
 *
 * <ol>
 *   <li>It says REJOIN, which is ordered like a request, at {@code s_r} say. Whatever it said before concerned positions
 *       up to {@code h + L}, with an {@code h} that was stable then, so below {@code s_r}.
 *   <li>It learns by state transfer and by listening, and votes again from the first stable checkpoint at or above
 *       {@code s_r + L}: its old votes are all below. Without load the others propose null batches to get there.
 *   <li>Executing the REJOIN makes void what could still be used of its old life: its VIEW-CHANGEs from before.
 * </ol>
 *
 * <p>Bound: one REJOIN of each replica waits, and one is remembered. A new one of the same replica is ordered only once
 * the checkpoint of the last is stable, so that a faulty replica that rejoins for ever costs one position in a window, and
 * the null batches.
 */
public final class Rejoins {
    /** The last REJOIN of a replica that was executed: replicated state. */
    private record Executed(long incarnation, Bytes nonce, SequenceNumber at, Bytes usig) {}

    private static final class Pending {
        private final Verified<Rejoin> rejoin;
        private long ticks;

        private Pending(Verified<Rejoin> rejoin) {
            this.rejoin = rejoin;
        }
    }

    private final ReplicaId self;
    private final int weakQuorum;
    private final Sealer sealer;
    private final Window window;
    private final Effects effects;

    private final NavigableMap<ReplicaId, Executed> executed = new TreeMap<>();
    private final Map<ReplicaId, Pending> pending = new TreeMap<>();
    /** Of this life; empty if this replica remembers what it said, or takes part again. */
    private Bytes ownNonce = Bytes.EMPTY;

    private boolean saidThatTooMany;

    public Rejoins(ReplicaId self, int weakQuorum, Sealer sealer, Window window, Effects effects) {
        this.self = self;
        this.weakQuorum = weakQuorum;
        this.sealer = sealer;
        this.window = window;
        this.effects = effects;
    }

    // --- the replica that rejoins

    /** Whether this replica only listens, because it has forgotten what it said. */
    public boolean isLearning() {
        return !ownNonce.isEmpty();
    }

    /** This replica has forgotten what it said; {@code nonce} is new. */
    void begin(Bytes nonce) {
        ownNonce = nonce;
    }

    /** The stable checkpoint from which on this replica votes; 0 as long as its REJOIN was not executed. */
    public SequenceNumber votesFrom() {
        return ownRejoin().map(own -> own.at.plus(window.length())).orElse(SequenceNumber.ZERO);
    }

    private Optional<Executed> ownRejoin() {
        return Optional.ofNullable(executed.get(self)).filter(last -> last.nonce.equals(ownNonce));
    }

    /** Ends the learning if the time has come. Returns whether it has ended by this. */
    boolean endIfDue() {
        boolean due = isLearning() && ownRejoin().isPresent() && window.low().compareTo(votesFrom()) >= 0;
        if (due) {
            ownNonce = Bytes.EMPTY;
            effects.add(new Effect.EndRejoin());
            effects.report(new Notice.Rejoined(window.low()));
        }
        return due;
    }

    /** A status interval has passed: a REJOIN may have been lost, or its incarnation taken by an earlier life's. */
    void onTick() {
        for (Pending waiting : pending.values()) {
            waiting.ticks++;
        }
        if (isLearning() && ownRejoin().isEmpty()) {
            Executed last = executed.get(self);
            Rejoin own = new Rejoin(self, last == null ? 1 : last.incarnation + 1, ownNonce, Bytes.EMPTY);
            Verified<Rejoin> sealed = sealer.seal(own);
            effects.add(new Effect.Broadcast(sealed));
            onRejoin(sealed);
            warnIfTooMany();
        }
    }

    /** With more than {@code f} of them there is no quorum that could order their REJOINs. */
    private void warnIfTooMany() {
        if (!saidThatTooMany && pending.size() >= weakQuorum) {
            saidThatTooMany = true;
            effects.report(new Notice.TooManyRejoin(pending.keySet()));
        }
    }

    // --- everybody

    public void onRejoin(Verified<Rejoin> received) {
        Rejoin rejoin = received.message();
        Pending known = pending.get(rejoin.replica());
        boolean newer =
                isNewer(rejoin) && (known == null || known.rejoin.message().incarnation() <= rejoin.incarnation());
        if (!newer || (known != null && known.rejoin.equals(received))) {
            effects.reject(RejectionReason.DUPLICATE, received);
        } else {
            pending.put(rejoin.replica(), new Pending(received));
        }
    }

    private boolean isNewer(Rejoin rejoin) {
        Executed last = executed.get(rejoin.replica());
        return last == null || rejoin.incarnation() > last.incarnation;
    }

    /** What the primary may order next; empty if nothing waits for that. */
    Optional<Verified<Rejoin>> next() {
        return pending.values().stream()
                .filter(this::isReady)
                .map(waiting -> waiting.rejoin)
                .findFirst();
    }

    private boolean isReady(Pending waiting) {
        Executed last = executed.get(waiting.rejoin.message().replica());
        return last == null || isReached(last);
    }

    private boolean isReached(Executed last) {
        return last.at.plus(window.length()).compareTo(window.low()) <= 0;
    }

    /** For how many ticks that has waited which waits longest and could have been ordered. */
    long oldestWaiting() {
        return pending.values().stream()
                .filter(this::isReady)
                .mapToLong(waiting -> waiting.ticks)
                .max()
                .orElse(0);
    }

    /** Whether somebody waits for a checkpoint that is not stable yet. */
    boolean needCheckpoint() {
        return executed.values().stream().anyMatch(last -> !isReached(last));
    }

    /** It is the turn of a batch with a REJOIN: everybody skips one that is not newer than the last. */
    void execute(Rejoin rejoin, SequenceNumber at) {
        if (isNewer(rejoin)) {
            executed.put(rejoin.replica(), new Executed(rejoin.incarnation(), rejoin.nonce(), at, rejoin.usig()));
            effects.report(new Notice.RejoinExecuted(rejoin.replica(), at));
        }
        forgetOld();
    }

    private void forgetOld() {
        pending.values().removeIf(waiting -> !isNewer(waiting.rejoin.message()));
    }

    /** Where a replica's last REJOIN was executed: what it said of stable checkpoints before that is void. 0 for never. */
    public SequenceNumber rejoinedAt(ReplicaId replica) {
        Executed last = executed.get(replica);
        return last == null ? SequenceNumber.ZERO : last.at;
    }

    // --- replicated state

    Bytes encode() {
        int length = Integer.BYTES;
        for (Executed last : executed.values()) {
            length += 2 * Integer.BYTES + 2 * Long.BYTES + Rejoin.NONCE_BYTES + last.usig.length();
        }
        ByteBuffer out = ByteBuffer.allocate(length).putInt(executed.size());
        executed.forEach((replica, last) -> out.putInt(replica.value())
                .putLong(last.incarnation)
                .put(last.nonce.unsafeArray())
                .putLong(last.at.value())
                .putInt(last.usig.length())
                .put(last.usig.unsafeArray()));
        return Bytes.wrap(out.array());
    }

    /** Takes over what {@link #encode} wrote, and leaves {@code in} behind it. */
    void decode(ByteBuffer in) {
        executed.clear();
        for (int left = in.getInt(); left > 0; left--) {
            ReplicaId replica = new ReplicaId(in.getInt());
            long incarnation = in.getLong();
            Bytes nonce = take(in, Rejoin.NONCE_BYTES);
            SequenceNumber at = new SequenceNumber(in.getLong());
            executed.put(replica, new Executed(incarnation, nonce, at, take(in, in.getInt())));
        }
        forgetOld();
    }

    private static Bytes take(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return Bytes.wrap(bytes);
    }
}
