package dev.quorate.core.wire;

import dev.quorate.core.RejectionReason;
import dev.quorate.crypto.Bytes;
import dev.quorate.usig.UniqueIdentifier;
import java.nio.ByteBuffer;

/** Unique identifiers as bytes: epoch, counter, certificate. */
final class Ui {
    private static final int NUMBERS = 2 * Long.BYTES;
    /** Certificates of hardware may be larger than signatures. */
    private static final int MAX_CERTIFICATE_BYTES = 1024;

    private Ui() {}

    static Bytes encode(UniqueIdentifier ui) {
        byte[] certificate = ui.certificate().unsafeArray();
        return Bytes.wrap(ByteBuffer.allocate(NUMBERS + certificate.length)
                .putLong(ui.epoch())
                .putLong(ui.counter())
                .put(certificate)
                .array());
    }

    static UniqueIdentifier decode(Bytes encoded) throws RejectedException {
        if (encoded.length() < NUMBERS || encoded.length() > NUMBERS + MAX_CERTIFICATE_BYTES) {
            throw new RejectedException(RejectionReason.MALFORMED, "a UI of " + encoded.length() + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(encoded.unsafeArray());
        long epoch = in.getLong();
        long counter = in.getLong();
        if (epoch < 0 || epoch > UniqueIdentifier.MAX_EPOCH || counter < 1 || counter > UniqueIdentifier.MAX_COUNTER) {
            throw new RejectedException(RejectionReason.MALFORMED, "a UI with a number out of range");
        }
        byte[] certificate = new byte[in.remaining()];
        in.get(certificate);
        return new UniqueIdentifier(epoch, counter, Bytes.wrap(certificate));
    }
}
