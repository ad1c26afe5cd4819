package dev.quorate.sample.counter;

import dev.quorate.core.Operation;
import dev.quorate.core.ReplicatedService;
import dev.quorate.core.SnapshotReader;
import dev.quorate.core.SnapshotWriter;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A replicated service: a number to which operations add. */
// tag::service[]
public final class Counter implements ReplicatedService {
    private long value;

    @Override
    public byte[] execute(Operation operation) {
        value += operation.asLong();
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
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
// end::service[]
