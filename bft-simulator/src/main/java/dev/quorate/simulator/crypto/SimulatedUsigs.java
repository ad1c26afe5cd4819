package dev.quorate.simulator.crypto;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.runtime.ReplicaUsig;
import dev.quorate.core.wire.UiVerifier;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.usig.IssuedUi;
import dev.quorate.usig.UniqueIdentifier;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigDurability;
import dev.quorate.usig.UsigIdentity;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The trusted counters of a simulated cluster: one for each replica, which survives whatever happens to that. As cheap as
 * {@link SimulatedSignatures}, and as worthless outside of a simulation.
 */
public final class SimulatedUsigs {
    private static final byte[] SECRET = "known to the counters alone".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] WRONG_SECRET = "what a forger makes up".getBytes(StandardCharsets.US_ASCII);

    private final List<Usig> usigs = new ArrayList<>();
    private final UiVerifier verifier = (replica, message, ui) ->
            ui.certificate().equals(certificate(SECRET, replica.value(), message, ui.epoch(), ui.counter()));

    /** The counters of {@code n} replicas. */
    public SimulatedUsigs(int n) {
        for (int i = 0; i < n; i++) {
            usigs.add(new Counter(i, SECRET));
        }
    }

    /** What that replica has. Copies of a replica share its counter. */
    public ReplicaUsig of(ReplicaId replica) {
        return new ReplicaUsig(usigs.get(replica.value()), verifier);
    }

    /** A copy of that replica's counter, which goes on by itself from where it is: nothing that a USIG may allow. */
    public Usig cloneOf(ReplicaId replica) {
        Counter copy = new Counter(replica.value(), SECRET);
        copy.last = usigs.get(replica.value()).lastCounter();
        return copy;
    }

    /** A counter that pretends to be that replica's: nobody believes it. */
    public static Usig forged(int replica) {
        return new Counter(replica, WRONG_SECRET);
    }

    private static Bytes certificate(byte[] secret, int replica, Digest message, long epoch, long counter) {
        byte[] numbers = ByteBuffer.allocate(Integer.BYTES + 2 * Long.BYTES)
                .putInt(replica)
                .putLong(epoch)
                .putLong(counter)
                .array();
        return Digest.sha256(secret, numbers, message.toArray()).toBytes();
    }

    private static final class Counter implements Usig {
        private final int replica;
        private final byte[] secret;
        private long last;

        private Counter(int replica, byte[] secret) {
            this.replica = replica;
            this.secret = secret;
        }

        @Override
        public UsigIdentity identity() {
            return new UsigIdentity("simulated", 0, Bytes.EMPTY, Bytes.EMPTY);
        }

        @Override
        public UsigDurability durability() {
            return UsigDurability.DURABLE;
        }

        @Override
        public long lastCounter() {
            return last;
        }

        @Override
        public UniqueIdentifier createUi(Digest message) {
            last++;
            return new UniqueIdentifier(0, last, certificate(secret, replica, message, 0, last));
        }

        @Override
        public List<IssuedUi> certificatesAfter(long counter) {
            throw new UnsupportedOperationException("nothing is kept");
        }

        @Override
        public void confirm(long counter) {
            // Nothing is kept.
        }

        @Override
        public long lastConfirmed() {
            return last;
        }

        @Override
        public int maxUnconfirmed() {
            return Integer.MAX_VALUE;
        }

        @Override
        public void close() {
            // It lives as long as the run.
        }
    }
}
