package dev.quorate.core;

import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Random;
import java.util.random.RandomGenerator;

/** An operation that a client asked for, at its agreed position. Immutable. */
public final class Operation {
    private final ClientId client;
    private final SequenceNumber sequenceNumber;
    private final Bytes bytes;
    private final AgreedValues agreed;
    private final int index;

    /** An operation without agreed values: for reads, and for tests of a service. */
    public Operation(ClientId client, SequenceNumber sequenceNumber, Bytes bytes) {
        this(client, sequenceNumber, bytes, AgreedValues.NONE, 0);
    }

    /**
     * @param agreed what was agreed on for the batch that it is part of
     * @param index its place in that batch
     */
    public Operation(ClientId client, SequenceNumber sequenceNumber, Bytes bytes, AgreedValues agreed, int index) {
        this.client = client;
        this.sequenceNumber = sequenceNumber;
        this.bytes = bytes;
        this.agreed = agreed;
        this.index = index;
    }

    /** The agreed time: the primary's clock, the same at every replica; never goes back. Use it instead of a clock. */
    public Instant time() {
        return agreed.time();
    }

    /**
     * Random numbers, the same at every replica and others for each operation; from the same start at each call. See
     * {@link AgreedValues} on who may foresee them.
     */
    public RandomGenerator random() {
        byte[] place = ByteBuffer.allocate(Integer.BYTES).putInt(index).array();
        byte[] seed = Digest.sha256(agreed.seed().unsafeArray(), place).toArray();
        // The algorithm of java.util.Random is part of its specification: the same on every machine.
        return new Random(ByteBuffer.wrap(seed).getLong());
    }

    /** The agreed prediction for its batch; empty unless the service is a {@link PredictingService}. */
    public Bytes prediction() {
        return agreed.prediction();
    }

    /** The client that signed it. */
    public ClientId client() {
        return client;
    }

    /** The position of the batch that it is part of: the same at every replica. */
    public SequenceNumber sequenceNumber() {
        return sequenceNumber;
    }

    /** What the client sent. */
    public Bytes bytes() {
        return bytes;
    }

    /** What the client sent, as a fresh array. */
    public byte[] toByteArray() {
        return bytes.toArray();
    }

    /** What the client sent, to read. */
    public ByteBuffer asByteBuffer() {
        return ByteBuffer.wrap(bytes.unsafeArray()).asReadOnlyBuffer();
    }

    /** What the client sent, as UTF-8. */
    public String asString() {
        return new String(bytes.unsafeArray(), StandardCharsets.UTF_8);
    }

    /** What the client sent, as 8 bytes, big-endian; throws {@link IllegalArgumentException} for other lengths. */
    public long asLong() {
        if (bytes.length() != Long.BYTES) {
            throw new IllegalArgumentException("an operation of " + bytes.length() + " bytes is not a long");
        }
        return ByteBuffer.wrap(bytes.unsafeArray()).getLong();
    }

    @Override
    public String toString() {
        return "operation of " + client + " at " + sequenceNumber + " (" + bytes + ")";
    }
}
