package dev.quorate.simulator.check;

import dev.quorate.core.Operation;
import dev.quorate.crypto.Digest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/** The digest in {@link Observation.Executed}: over client and bytes of each operation, unambiguously, in order. */
public final class OperationsDigest {
    private OperationsDigest() {}

    /** The digest of these operations; their sequence numbers are not part of it. */
    public static Digest of(List<Operation> operations) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteBuffer header = ByteBuffer.allocate(2 * Integer.BYTES);
        for (Operation operation : operations) {
            header.clear()
                    .putInt(operation.client().value())
                    .putInt(operation.bytes().length());
            bytes.write(header.array(), 0, header.capacity());
            bytes.write(operation.bytes().unsafeArray(), 0, operation.bytes().length());
        }
        return Digest.sha256(bytes.toByteArray());
    }
}
