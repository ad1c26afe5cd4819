package dev.quorate.core;

import dev.quorate.crypto.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** An operation that a client asked for, at its agreed position. Immutable. */
public final class Operation {
    private final ClientId client;
    private final SequenceNumber sequenceNumber;
    private final Bytes bytes;

    public Operation(ClientId client, SequenceNumber sequenceNumber, Bytes bytes) {
        this.client = client;
        this.sequenceNumber = sequenceNumber;
        this.bytes = bytes;
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
