package dev.quorate.core.wire;

import dev.quorate.core.RejectionReason;
import java.util.List;

/**
 * What the fields of one message of {@code quorate.proto} look like, to look over bytes before protobuf parses them. A
 * parser makes objects for whatever it finds, and a frame of a few megabytes can hold millions of empty or unknown
 * fields.
 *
 * <p>Only the one encoding that protobuf itself writes is let through: fields in their order, each at most once,
 * numbers in their shortest form, nothing that stands for a default. So one content has one encoding, and nobody can
 * change the bytes of what somebody else has signed without changing what they say.
 */
final class WireShape {
    /** What a field holds. */
    enum Kind {
        BOOL(0, 1),
        UINT32(0, 0xffff_ffffL),
        UINT64(0, -1L),
        BYTES(2, 0),
        REPEATED_BYTES(2, 0),
        PACKED_UINT32(2, 0xffff_ffffL),
        PACKED_UINT64(2, -1L);

        private final int wireType;
        private final long max;

        Kind(int wireType, long max) {
            this.wireType = wireType;
            this.max = max;
        }
    }

    /** Tags of one byte: field numbers up to 15. */
    private static final int MAX_FIELDS = 15;

    private final List<Kind> fields;

    /** The kinds of the fields 1, 2, 3, … */
    WireShape(Kind... fields) {
        if (fields.length > MAX_FIELDS) {
            throw new IllegalArgumentException("more than " + MAX_FIELDS + " fields");
        }
        this.fields = List.of(fields);
    }

    List<Kind> fields() {
        return fields;
    }

    /**
     * Checks that {@code bytes} have this shape.
     *
     * @param maxRepeated how often a repeated field may stand there
     * @return how often one does
     */
    int check(byte[] bytes, int maxRepeated) throws RejectedException {
        Scanner in = new Scanner(bytes);
        int previous = 0;
        int repeated = 0;
        while (in.position < bytes.length) {
            int tag = bytes[in.position++];
            int field = tag >> 3;
            if (field < 1 || field > fields.size() || (tag & 7) != fields.get(field - 1).wireType) {
                throw malformed("unknown field");
            }
            Kind kind = fields.get(field - 1);
            if (field < previous || (field == previous && kind != Kind.REPEATED_BYTES)) {
                throw malformed("field out of order");
            }
            previous = field;
            if (kind == Kind.REPEATED_BYTES && ++repeated > maxRepeated) {
                throw new RejectedException(RejectionReason.OVERSIZE, "more than " + maxRepeated + " elements");
            }
            in.skip(kind);
        }
        return repeated;
    }

    private static RejectedException malformed(String detail) {
        return new RejectedException(RejectionReason.MALFORMED, detail);
    }

    private static final class Scanner {
        private final byte[] bytes;
        private int position;

        private Scanner(byte[] bytes) {
            this.bytes = bytes;
        }

        private void skip(Kind kind) throws RejectedException {
            switch (kind) {
                case BOOL, UINT32, UINT64 -> {
                    if (varint(kind.max, bytes.length) == 0) {
                        throw malformed("a default written out");
                    }
                }
                case BYTES -> position = end(1);
                case REPEATED_BYTES -> position = end(0);
                case PACKED_UINT32, PACKED_UINT64 -> {
                    int end = end(1);
                    while (position < end) {
                        varint(kind.max, end);
                    }
                }
            }
        }

        /** Reads a length, which has to be at least {@code min}; returns where what it counts ends. */
        private int end(int min) throws RejectedException {
            long length = varint(Integer.MAX_VALUE, bytes.length);
            if (length < min || length > bytes.length - position) {
                throw malformed("length out of range");
            }
            return position + (int) length;
        }

        /** A number that ends before {@code end}, in the shortest form and at most {@code max}, taken as unsigned. */
        private long varint(long max, int end) throws RejectedException {
            long value = 0;
            for (int shift = 0; shift < Long.SIZE; shift += 7) {
                if (position >= end) {
                    throw malformed("truncated");
                }
                long part = bytes[position++];
                value |= (part & 0x7f) << shift;
                if (part >= 0) {
                    boolean shortest = part != 0 || shift == 0;
                    boolean fits = shift < 63 || part == 1;
                    if (!shortest || !fits || Long.compareUnsigned(value, max) > 0) {
                        break;
                    }
                    return value;
                }
            }
            throw malformed("number out of range");
        }
    }
}
