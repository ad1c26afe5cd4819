package dev.quorate.usig.isolated;

import dev.quorate.crypto.Digest;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The protocol between a replica and its USIG. The replica asks, the USIG answers, one after the other.
 *
 * <p>Every request has {@value #REQUEST_BYTES} bytes: an operation (1 byte), a number (8, big-endian), a digest (32; zero
 * where there is none). An answer has a status (1), a length (2) and that many bytes, at most
 * {@value #MAX_ANSWER_BYTES}. Whoever gets anything else closes the connection. When a connection begins, the USIG
 * answers without being asked: {@link #OK} with a greeting, or {@link #BUSY}.
 */
final class Wire {
    static final int REQUEST_BYTES = 1 + Long.BYTES + Digest.LENGTH;
    static final int MAX_ANSWER_BYTES = 1024;
    private static final int ANSWER_HEADER_BYTES = 3;

    /** The greeting begins with this: the protocol and its version. */
    static final long MAGIC = 0x7175736967000001L;

    static final int KEY_BYTES = 32;
    /** A greeting: magic (8), last counter (8), last confirmed (8), most unconfirmed (4), epoch (8), key. */
    static final int GREETING_BYTES = 8 + 8 + 8 + 4 + 8 + KEY_BYTES;

    // Operations.

    /** Gives the digest the counter that is the number; answered with the certificate. */
    static final byte CREATE = 1;
    /** The message and certificate of the counter that is the number. */
    static final byte GET_AGAIN = 2;
    /** Confirms all up to the number; answered with nothing. */
    static final byte CONFIRM = 3;

    /** Begins the epoch that is the number; answered with a greeting. */
    static final byte RENEW = 4;

    // Statuses.

    static final byte OK = 0;
    /** Another client is being served; nothing follows. */
    static final byte BUSY = 1;
    /** The request makes no sense where the counter is; the answer is text. */
    static final byte REFUSED = 2;
    /** The USIG has failed and serves nobody; the answer is text. */
    static final byte FAILED = 3;

    private static final Digest NO_DIGEST = Digest.of(new byte[Digest.LENGTH]);

    private Wire() {}

    record Request(byte operation, long number, Digest digest) {}

    record Answer(byte status, ByteBuffer content) {
        String text() {
            return StandardCharsets.UTF_8.decode(content.duplicate()).toString();
        }
    }

    static Request request(byte operation, long number) {
        return new Request(operation, number, NO_DIGEST);
    }

    static void send(SocketChannel channel, Request request) throws IOException {
        writeFully(
                channel,
                ByteBuffer.allocate(REQUEST_BYTES)
                        .put(request.operation)
                        .putLong(request.number)
                        .put(request.digest.toArray())
                        .flip());
    }

    /** The next request, or null if the other side has closed the connection between two of them. */
    static Request receiveRequest(SocketChannel channel) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(REQUEST_BYTES);
        if (channel.read(in) < 0) {
            return null;
        }
        readFully(channel, in);
        byte operation = in.get();
        long number = in.getLong();
        byte[] digest = new byte[Digest.LENGTH];
        in.get(digest);
        return new Request(operation, number, Digest.of(digest));
    }

    static void answer(SocketChannel channel, byte status, byte[] content) throws IOException {
        if (content.length > MAX_ANSWER_BYTES) {
            throw new IllegalArgumentException("an answer of " + content.length + " bytes");
        }
        writeFully(
                channel,
                ByteBuffer.allocate(ANSWER_HEADER_BYTES + content.length)
                        .put(status)
                        .putShort((short) content.length)
                        .put(content)
                        .flip());
    }

    /** Text that is too long for an answer is cut off. */
    static void answer(SocketChannel channel, byte status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        answer(channel, status, bytes.length <= MAX_ANSWER_BYTES ? bytes : Arrays.copyOf(bytes, 1000));
    }

    static Answer receiveAnswer(SocketChannel channel) throws IOException {
        ByteBuffer header = readFully(channel, ByteBuffer.allocate(ANSWER_HEADER_BYTES));
        byte status = header.get();
        int length = Short.toUnsignedInt(header.getShort());
        if (length > MAX_ANSWER_BYTES) {
            throw new IOException("the other side does not speak the protocol of a USIG");
        }
        return new Answer(status, readFully(channel, ByteBuffer.allocate(length)));
    }

    private static ByteBuffer readFully(SocketChannel channel, ByteBuffer in) throws IOException {
        while (in.hasRemaining()) {
            if (channel.read(in) < 0) {
                throw new EOFException("the connection to the USIG ended in the middle of a message");
            }
        }
        return in.flip();
    }

    private static void writeFully(SocketChannel channel, ByteBuffer out) throws IOException {
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }
}
