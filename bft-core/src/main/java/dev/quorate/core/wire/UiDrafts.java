package dev.quorate.core.wire;

import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.usig.IssuedUi;
import java.io.IOException;
import java.util.Optional;

/**
 * Where a replica notes what it is about to have its USIG certify. A counter whose message nobody has would block its
 * stream for ever; so it keeps the message until others are sure to have it, across restarts. For one thread.
 */
@FunctionalInterface
public interface UiDrafts {
    /** Keeps nothing: for counters that a restart does not bring back. */
    UiDrafts NONE = new UiDrafts() {
        @Override
        public void note(Bytes draft) {
            // As it says.
        }

        @Override
        public boolean outliveCrashes() {
            return false;
        }
    };

    /**
     * Notes a message before its UI is made. Notes are only lost once there are so many newer ones that others are sure to
     * have it.
     *
     * @param draft for {@link #complete}
     */
    void note(Bytes draft) throws IOException;

    /** Whether a message that was noted, and has its UI, comes back after a crash before anything of it was persisted. */
    default boolean outliveCrashes() {
        return true;
    }

    /** The frame that {@code draft} is with its UI; empty if the UI is another message's, or this is no draft. */
    static Optional<Bytes> complete(Bytes draft, IssuedUi issued) {
        try {
            Envelope unsigned = MessageCodec.decodeEnvelope(draft);
            return Digest.sha256(unsigned.signedBytes()).equals(issued.message())
                    ? Optional.of(MessageCodec.encode(unsigned.with(Ui.encode(issued.ui()))))
                    : Optional.empty();
        } catch (RejectedException e) {
            return Optional.empty();
        }
    }
}
