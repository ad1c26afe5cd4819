package dev.quorate.transport.channel;

/**
 * What stands before each frame: 4 bytes, big-endian. The highest bit says that the frame is a piece of a message, the
 * next one that it is the last piece; the rest is the length of what follows, in bytes.
 *
 * <p>Of each message that is sent in pieces all but the last have the same size, the largest that a frame may have. Of
 * the pieces on a channel at most one message is unfinished at a time; whole messages may stand between its pieces.
 */
final class FrameHeader {
    private static final int PIECE = 1 << 31;
    private static final int LAST = 1 << 30;

    private FrameHeader() {}

    /** For a message that is one frame. */
    static int whole(int length) {
        return length;
    }

    static int piece(int length, boolean last) {
        return PIECE | (last ? LAST : 0) | length;
    }

    static boolean isPiece(int header) {
        return (header & PIECE) != 0;
    }

    /** Of a piece: whether it completes its message. */
    static boolean isLast(int header) {
        return (header & LAST) != 0;
    }

    /** From 0; beyond every limit where a header makes no sense. */
    static int length(int header) {
        return isPiece(header) ? header & (LAST - 1) : header;
    }
}
