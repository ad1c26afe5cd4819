package dev.quorate.transport;

import dev.quorate.core.Operation;
import dev.quorate.core.ReadResult;
import dev.quorate.core.ReplicatedService;
import dev.quorate.core.SnapshotReader;
import dev.quorate.core.SnapshotWriter;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Adds up. An operation is the number to add, and its result the sum; 0 only reads. */
final class Counter implements ReplicatedService {
    private long value;

    static byte[] add(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    static long sum(byte[] result) {
        return ByteBuffer.wrap(result).getLong();
    }

    @Override
    public byte[] execute(Operation operation) {
        value += operation.asLong();
        return add(value);
    }

    @Override
    public ReadResult read(Operation operation) {
        if (operation.asLong() != 0) {
            throw new UnsupportedOperationException("adding is no reading");
        }
        return ReadResult.of(add(value));
    }

    @Override
    public void snapshot(SnapshotWriter out) throws IOException {
        out.writeLong(value);
    }

    @Override
    public void restore(SnapshotReader in) throws IOException {
        value = in.readLong();
    }
}
