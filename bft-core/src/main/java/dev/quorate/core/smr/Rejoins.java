package dev.quorate.core.smr;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.Rejoin;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.usig.UsigIdentity;
import java.nio.ByteBuffer;
import java.util.List;
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
 * <p>In MinBFT two quorums may share no correct replica, so that a VIEW-CHANGE may be void for nobody before it is void for
 * everybody who has to do with it: there it takes two windows instead of one, and what is void depends on the position
 * ({@link #isVoid}). The replica comes back with a USIG of a new epoch.
 *
 * <p>Bound: of each replica one REJOIN waits, and {@value #REMEMBERED} are remembered. Another one of the same replica is
 * executed only beyond the point of the last, so that a faulty replica that rejoins for ever costs one position in a window,
 * and the null batches.
 */
public final class Rejoins {
    private static final int REMEMBERED = 4;

    /** A REJOIN that was executed: replicated state. */
    private record Executed(long incarnation, Bytes nonce, SequenceNumber at, Bytes usig) {}

    private static final class Pending {
        private final Verified<Rejoin> rejoin;
        /** For how many ticks the primary of this view could have ordered it. */
        private long ticks;

        private Pending(Verified<Rejoin> rejoin) {
            this.rejoin = rejoin;
        }
    }

    private final ReplicaId self;
    private final boolean needsUsig;
    private final int weakQuorum;
    private final Sealer sealer;
    private final Window window;
    private final Effects effects;
    /** How far above its REJOIN a replica votes again. */
    private final long distance;

    /** The last ones of each replica, by incarnation. */
    private final NavigableMap<ReplicaId, NavigableMap<Long, Executed>> executed = new TreeMap<>();

    private final Map<ReplicaId, Pending> pending = new TreeMap<>();
    /** Of this life; empty if this replica remembers what it said, or takes part again. */
    private Bytes ownNonce = Bytes.EMPTY;

    /** The incarnation of its next REJOIN, and in MinBFT the USIG that has this epoch; 0 before there is one. */
    private long ownIncarnation;

    private Bytes ownUsig = Bytes.EMPTY;
    private long askedForUsig;
    private boolean saidThatTooMany;

    /** @param needsUsig whether a replica that rejoins needs a USIG with a new epoch */
    public Rejoins(ReplicaId self, boolean needsUsig, int weakQuorum, Sealer sealer, Window window, Effects effects) {
        this.self = self;
        this.needsUsig = needsUsig;
        this.weakQuorum = weakQuorum;
        this.sealer = sealer;
        this.window = window;
        this.effects = effects;
        this.distance = (needsUsig ? 2 : 1) * window.length();
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
        return ownRejoin().map(own -> own.at.plus(distance)).orElse(SequenceNumber.ZERO);
    }

    private Optional<Executed> ownRejoin() {
        return last(self).filter(last -> last.nonce.equals(ownNonce));
    }

    /**
     * Ends the learning if the time has come. Returns whether it has ended by this: then {@link #endForGood} follows.
     *
     * @param holdsState whether this replica has the state at the stable checkpoint, or a later one
     */
    boolean endIfDue(boolean holdsState) {
        boolean due = isLearning()
                && holdsState
                && ownRejoin().isPresent()
                && window.low().compareTo(votesFrom()) >= 0;
        if (due) {
            ownNonce = Bytes.EMPTY;
        }
        return due;
    }

    /** After a restart this replica counts as one that remembers: not before it has kept what it says first. */
    void endForGood() {
        effects.add(new Effect.EndRejoin());
        effects.report(new Notice.Rejoined(window.low()));
    }

    /** A status interval has passed: a REJOIN may have been lost, or its incarnation taken by an earlier life's. */
    void onTick() {
        if (isLearning() && ownRejoin().isEmpty() && hasIncarnation()) {
            Verified<Rejoin> sealed = sealer.seal(new Rejoin(self, ownIncarnation, ownNonce, ownUsig));
            effects.add(new Effect.Broadcast(sealed));
            onRejoin(sealed);
            warnIfTooMany();
        }
    }

    /** Whether there is one that no REJOIN before had, as far as this replica knows; otherwise asks for a new USIG. */
    private boolean hasIncarnation() {
        long next = incarnation(self) + 1;
        if (ownIncarnation >= next) {
            return true;
        }
        if (!needsUsig) {
            ownIncarnation = next;
        } else if (askedForUsig < next) {
            askedForUsig = next;
            effects.add(new Effect.RenewUsig(next));
        }
        return !needsUsig;
    }

    /** This replica has a new USIG. */
    void onUsigRenewed(Event.UsigRenewed event) {
        ownIncarnation = event.identity().epoch();
        ownUsig = event.identity().encode();
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
        return rejoin.incarnation() > incarnation(rejoin.replica());
    }

    /** What the primary may order next; empty if nothing waits for that. */
    Optional<Verified<Rejoin>> next() {
        if (pending.isEmpty()) {
            return Optional.empty(); // As nearly always, and this is asked often.
        }
        return pending.values().stream()
                .filter(this::isReady)
                .map(waiting -> waiting.rejoin)
                .findFirst();
    }

    private boolean isReady(Pending waiting) {
        return last(waiting.rejoin.message().replica())
                .filter(last -> !isReached(last))
                .isEmpty();
    }

    private boolean isReached(Executed last) {
        return last.at.plus(distance).compareTo(window.low()) <= 0;
    }

    /** A status interval has passed in which the primary could have ordered what waits, as far as it was ready for that. */
    void tick() {
        pending.values().stream().filter(this::isReady).forEach(waiting -> waiting.ticks++);
    }

    /** A view was entered: nobody is to blame for what waited before it. */
    void startOver() {
        pending.values().forEach(waiting -> waiting.ticks = 0);
    }

    /**
     * What to pass on to the primary now: it is not to be blamed for what it was never shown. Each is due after one tick in a
     * view, two, four and so on.
     *
     * @param longestTicks the longest time between two turns of the same one
     */
    List<Verified<Rejoin>> toPassOn(long longestTicks) {
        return pending.values().stream()
                .filter(this::isReady)
                .filter(waiting -> isDue(waiting.ticks, longestTicks))
                .map(waiting -> waiting.rejoin)
                .toList();
    }

    private static boolean isDue(long ticks, long longestTicks) {
        return ticks > longestTicks ? ticks % longestTicks == 0 : Long.bitCount(ticks) == 1;
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
        return executed.values().stream()
                .anyMatch(all -> !isReached(all.lastEntry().getValue()));
    }

    /** It is the turn of a batch with a REJOIN: everybody skips one that is not newer than the last, or too early. */
    void execute(Rejoin rejoin, SequenceNumber at) {
        boolean early = last(rejoin.replica())
                .filter(last -> last.at.plus(distance).compareTo(at) >= 0)
                .isPresent();
        if (isNewer(rejoin) && !early) {
            remember(rejoin.replica(), new Executed(rejoin.incarnation(), rejoin.nonce(), at, rejoin.usig()));
            effects.report(new Notice.RejoinExecuted(rejoin.replica(), at));
            accept(rejoin.replica(), rejoin.usig());
        }
        forgetOld();
    }

    private void remember(ReplicaId replica, Executed rejoin) {
        NavigableMap<Long, Executed> all = executed.computeIfAbsent(replica, id -> new TreeMap<>());
        all.put(rejoin.incarnation, rejoin);
        if (all.size() > REMEMBERED) {
            all.pollFirstEntry();
        }
    }

    private void accept(ReplicaId replica, Bytes usig) {
        if (!usig.isEmpty()) {
            effects.add(new Effect.AcceptUsig(replica, UsigIdentity.decode(usig)));
        }
    }

    private Optional<Executed> last(ReplicaId replica) {
        return Optional.ofNullable(executed.get(replica))
                .map(all -> all.lastEntry().getValue());
    }

    private void forgetOld() {
        pending.values().removeIf(waiting -> !isNewer(waiting.rejoin.message()));
    }

    /** Where a replica's last REJOIN was executed: what it said of stable checkpoints before that is void. 0 for never. */
    public SequenceNumber rejoinedAt(ReplicaId replica) {
        return last(replica).map(Executed::at).orElse(SequenceNumber.ZERO);
    }

    /** Whether a replica has rejoined after {@code at} and may vote again, though it may have forgotten anew since. */
    public boolean votesAgainSince(ReplicaId replica, SequenceNumber at) {
        return Optional.ofNullable(executed.get(replica)).stream()
                .flatMap(all -> all.values().stream())
                .anyMatch(one -> one.at.isAfter(at) && isReached(one));
    }

    /** Whether what a replica said in {@code incarnation} of its views is void at a position. */
    public boolean isVoid(ReplicaId replica, long incarnation, SequenceNumber at) {
        return Optional.ofNullable(executed.get(replica))
                .map(all -> all.higherEntry(incarnation))
                .filter(next -> at.isAfter(next.getValue().at.plus(distance)))
                .isPresent();
    }

    /** The last incarnation of a replica; 0 if it never rejoined. */
    private long incarnation(ReplicaId replica) {
        return last(replica).map(Executed::incarnation).orElse(0L);
    }

    /** Whether a replica has rejoined with that incarnation, which is one of its last. */
    public boolean isKnown(ReplicaId replica, long incarnation) {
        return Optional.ofNullable(executed.get(replica))
                .filter(all -> all.containsKey(incarnation))
                .isPresent();
    }

    /** The incarnation in which a replica votes above the stable checkpoint. */
    public long votingIncarnation(ReplicaId replica) {
        return Optional.ofNullable(executed.get(replica)).stream()
                .flatMap(all -> all.descendingMap().values().stream())
                .filter(this::isReached)
                .map(Executed::incarnation)
                .findFirst()
                .orElse(0L);
    }

    // --- replicated state

    Bytes encode() {
        int count = 0;
        int length = Integer.BYTES;
        for (NavigableMap<Long, Executed> all : executed.values()) {
            for (Executed one : all.values()) {
                count++;
                length += 2 * Integer.BYTES + 2 * Long.BYTES + Rejoin.NONCE_BYTES + one.usig.length();
            }
        }
        ByteBuffer out = ByteBuffer.allocate(length).putInt(count);
        executed.forEach((replica, all) -> all.values()
                .forEach(one -> out.putInt(replica.value())
                        .putLong(one.incarnation)
                        .put(one.nonce.unsafeArray())
                        .putLong(one.at.value())
                        .putInt(one.usig.length())
                        .put(one.usig.unsafeArray())));
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
            Bytes usig = take(in, in.getInt());
            remember(replica, new Executed(incarnation, nonce, at, usig));
            accept(replica, usig);
        }
        forgetOld();
    }

    private static Bytes take(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return Bytes.wrap(bytes);
    }
}
