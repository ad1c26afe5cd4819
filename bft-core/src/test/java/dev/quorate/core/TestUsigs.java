package dev.quorate.core;

import dev.quorate.core.wire.UiVerifier;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.usig.IssuedUi;
import dev.quorate.usig.UniqueIdentifier;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigDurability;
import dev.quorate.usig.UsigIdentity;
import java.nio.ByteBuffer;
import java.util.List;

/** Trusted counters that protect nothing, the same at every run. */
public final class TestUsigs {
    /** Knows all of them. */
    public static final UiVerifier VERIFIER = (replica, message, ui) ->
            ui.certificate().equals(certificate(replica.value(), message, ui.epoch(), ui.counter()));

    private TestUsigs() {}

    /** A new one of that replica: its first counter is 1. */
    public static Counter of(int replica) {
        return of(replica, 0);
    }

    /** The same with another epoch. */
    public static Counter of(int replica, long epoch) {
        return new Counter(replica, epoch);
    }

    private static Bytes certificate(int replica, Digest message, long epoch, long counter) {
        byte[] numbers = ByteBuffer.allocate(Integer.BYTES + 2 * Long.BYTES)
                .putInt(replica)
                .putLong(epoch)
                .putLong(counter)
                .array();
        return Digest.sha256(numbers, message.toArray()).toBytes();
    }

    /** One that starts anew when it is told to. */
    public static final class Counter implements Usig {
        private final int replica;
        private long epoch;
        private long last;

        private Counter(int replica, long epoch) {
            this.replica = replica;
            this.epoch = epoch;
        }

        /** Starts a new epoch. */
        public void renew(long next) {
            epoch = next;
            last = 0;
        }

        @Override
        public UsigIdentity identity() {
            return new UsigIdentity("test", epoch, Bytes.copyOf(new byte[1]), Bytes.EMPTY);
        }

        @Override
        public UsigDurability durability() {
            return UsigDurability.VOLATILE;
        }

        @Override
        public long lastCounter() {
            return last;
        }

        @Override
        public UniqueIdentifier createUi(Digest message) {
            last++;
            return new UniqueIdentifier(epoch, last, certificate(replica, message, epoch, last));
        }

        @Override
        public List<IssuedUi> certificatesAfter(long counter) {
            return List.of();
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
            // Nothing to close.
        }
    }
}
