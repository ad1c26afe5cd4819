package dev.quorate.simulator.crypto;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.runtime.ReplicaUsig;
import dev.quorate.core.wire.UiDrafts;
import dev.quorate.core.wire.UiVerifier;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.simulator.kernel.Randomness;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigDurability;
import dev.quorate.usig.UsigIdentity;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The trusted counters of a simulated cluster: one for each replica. Some survive whatever happens to their replica, some
 * are the tail of its log, and where that is said they are lost whenever it stops. As cheap as {@link SimulatedSignatures}, and as worthless outside of a simulation.
 */
public final class SimulatedUsigs {
    private static final byte[] SECRET = "known to the counters alone".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] WRONG_SECRET = "what a forger makes up".getBytes(StandardCharsets.US_ASCII);

    private final List<SimulatedCounter> usigs = new ArrayList<>();
    /** Of each replica those that it had before, in the order of their epochs. */
    private final List<List<Usig>> former = new ArrayList<>();

    private final UiVerifier verifier = (replica, message, ui) ->
            ui.certificate().equals(certificate(SECRET, replica.value(), message, ui.epoch(), ui.counter()));

    /** The counters of {@code n} replicas, durable or the tail of the log as drawn. */
    public SimulatedUsigs(int n, Randomness random) {
        for (int i = 0; i < n; i++) {
            former.add(new ArrayList<>());
            usigs.add(counter(i, SECRET, random.chance(0.5) ? UsigDurability.LOG : UsigDurability.DURABLE, 0));
        }
    }

    /** What somebody has who plays that replica: its counter, and he knows all epochs of all of them. */
    public ReplicaUsig of(ReplicaId replica) {
        return of(replica, verifier);
    }

    /** What that replica has in one of its lives. Copies of a replica share its counter. */
    public ReplicaUsig of(ReplicaId replica, KnownEpochs known) {
        return of(
                replica,
                (sender, message, ui) -> known.has(sender, ui.epoch()) && verifier.verify(sender, message, ui));
    }

    private ReplicaUsig of(ReplicaId replica, UiVerifier all) {
        SimulatedCounter own = usigs.get(replica.value());
        boolean isDurable = own.durability() == UsigDurability.DURABLE;
        return new ReplicaUsig(own, all, isDurable ? own : UiDrafts.NONE);
    }

    /** From now on, before the run begins, that replica's counter is of this kind. */
    public void set(ReplicaId replica, UsigDurability durability) {
        usigs.set(replica.value(), counter(replica.value(), SECRET, durability, 0));
    }

    /** A process of that replica opens its counter: a volatile one that was open before begins a new epoch by that. */
    public UsigIdentity open(ReplicaId replica) {
        SimulatedCounter own = usigs.get(replica.value());
        own.open();
        return own.identity();
    }

    /**
     * A replica starts again, and remembers what it said.
     *
     * @param tail the place of the last message in its log
     * @return frames of what it said after that: it was certified, and perhaps nobody has it
     */
    public List<Bytes> restarted(ReplicaId replica, long tail) {
        SimulatedCounter own = usigs.get(replica.value());
        if (own.durability() == UsigDurability.LOG) {
            own.goBackTo(tail);
        }
        return own.framesAfter(tail);
    }

    /** A replica that has forgotten what it said begins a new epoch, {@code least} or a higher one. */
    public UsigIdentity renew(ReplicaId replica, long least) {
        SimulatedCounter own = usigs.get(replica.value());
        former.get(replica.value()).add(own.former());
        own.renew(least);
        return own.identity();
    }

    /**
     * What a faulty replica keeps, besides its counter, when that begins a new epoch: those of the epochs before, which
     * go on from where they were; the oldest first.
     */
    public List<Usig> formerOf(ReplicaId replica) {
        return Collections.unmodifiableList(former.get(replica.value()));
    }

    /** A copy of that replica's counter, which goes on by itself from where it is: nothing that a USIG may allow. */
    public Usig cloneOf(ReplicaId replica) {
        SimulatedCounter original = usigs.get(replica.value());
        return counter(replica.value(), SECRET, original.durability(), original.lastCounter());
    }

    /** A counter that pretends to be that replica's: nobody believes it. */
    public static Usig forged(int replica) {
        return counter(replica, WRONG_SECRET, UsigDurability.LOG, 0);
    }

    private static SimulatedCounter counter(int replica, byte[] secret, UsigDurability durability, long last) {
        return new SimulatedCounter(
                replica,
                (of, message, epoch, counter) -> certificate(secret, of, message, epoch, counter),
                durability,
                last);
    }

    private static Bytes certificate(byte[] secret, int replica, Digest message, long epoch, long counter) {
        byte[] numbers = ByteBuffer.allocate(Integer.BYTES + 2 * Long.BYTES)
                .putInt(replica)
                .putLong(epoch)
                .putLong(counter)
                .array();
        return Digest.sha256(secret, numbers, message.toArray()).toBytes();
    }
}
