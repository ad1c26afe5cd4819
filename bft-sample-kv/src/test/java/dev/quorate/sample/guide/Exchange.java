package dev.quorate.sample.guide;

import dev.quorate.core.Operation;
import dev.quorate.core.PredictingService;
import dev.quorate.core.ReadResult;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.SnapshotReader;
import dev.quorate.core.SnapshotWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;

/** Changes euros into cents of a dollar, at a rate from outside. An operation is a number of euros; none asks for their sum. */
public final class Exchange implements PredictingService {
    private static final long TOLERANCE = 5;

    private final LongSupplier market;
    private long eurosChanged;
    private Instant lastTime = Instant.EPOCH;
    private SequenceNumber lastChanged = SequenceNumber.ZERO;

    public Exchange(LongSupplier market) {
        this.market = market;
    }

    @Override
    public byte[] predict(List<Operation> operations) {
        return bytes(market.getAsLong());
    }

    @Override
    public boolean accepts(List<Operation> operations, byte[] prediction) {
        return prediction.length == Long.BYTES
                && Math.abs(ByteBuffer.wrap(prediction).getLong() - market.getAsLong()) <= TOLERANCE;
    }

    @Override
    public byte[] execute(Operation operation) {
        if (operation.bytes().isEmpty()) {
            return bytes(eurosChanged);
        }
        long rate = ByteBuffer.wrap(operation.prediction().toArray()).getLong();
        eurosChanged += operation.asLong();
        lastTime = operation.time();
        lastChanged = operation.sequenceNumber();
        return bytes(operation.asLong() * rate);
    }

    @Override
    public ReadResult read(Operation operation) {
        if (!operation.bytes().isEmpty()) {
            throw new UnsupportedOperationException("changing is no reading");
        }
        return ReadResult.of(bytes(eurosChanged), lastChanged);
    }

    @Override
    public void snapshot(SnapshotWriter out) throws IOException {
        out.writeLong(eurosChanged);
        out.writeLong(lastTime.toEpochMilli());
        out.writeLong(lastChanged.value());
    }

    @Override
    public void restore(SnapshotReader in) throws IOException {
        eurosChanged = in.readLong();
        lastTime = Instant.ofEpochMilli(in.readLong());
        lastChanged = new SequenceNumber(in.readLong());
    }

    private static byte[] bytes(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }
}
