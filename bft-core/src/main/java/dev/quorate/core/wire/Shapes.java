package dev.quorate.core.wire;

import static dev.quorate.core.wire.WireShape.Kind.BYTES;
import static dev.quorate.core.wire.WireShape.Kind.PACKED_UINT32;
import static dev.quorate.core.wire.WireShape.Kind.REPEATED_BYTES;
import static dev.quorate.core.wire.WireShape.Kind.UINT32;
import static dev.quorate.core.wire.WireShape.Kind.UINT64;

import dev.quorate.core.message.MessageType;

/** The shapes of everything in {@code quorate.proto}; a test compares them with the schema. */
final class Shapes {
    static final WireShape ENVELOPE = new WireShape(BYTES, UINT32, UINT32, UINT64, BYTES, BYTES, BYTES);
    static final WireShape BATCH = new WireShape(REPEATED_BYTES);

    private static final WireShape REQUEST = new WireShape(UINT64, UINT64, BYTES);
    private static final WireShape REPLY = new WireShape(UINT64, UINT32, UINT64, UINT64, UINT32, BYTES);
    private static final WireShape VOTE = new WireShape(UINT64, UINT64, BYTES);
    private static final WireShape CHECKPOINT = new WireShape(UINT64, BYTES);
    private static final WireShape STATUS = new WireShape(UINT64, UINT64, UINT64);
    private static final WireShape INSPECT = new WireShape(UINT64);
    private static final WireShape INSPECTION =
            new WireShape(UINT64, UINT64, UINT32, UINT64, UINT64, UINT64, UINT32, PACKED_UINT32, UINT32, UINT64);

    private Shapes() {}

    /** The shape of the payload of that type of message. */
    static WireShape payload(MessageType type) {
        return switch (type) {
            case REQUEST -> REQUEST;
            case REPLY -> REPLY;
            case PRE_PREPARE, PREPARE, COMMIT -> VOTE;
            case CHECKPOINT -> CHECKPOINT;
            case STATUS -> STATUS;
            case INSPECT -> INSPECT;
            case INSPECTION -> INSPECTION;
        };
    }
}
