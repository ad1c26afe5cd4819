package dev.quorate.core.wire;

import static dev.quorate.core.wire.WireShape.Kind.BOOL;
import static dev.quorate.core.wire.WireShape.Kind.BYTES;
import static dev.quorate.core.wire.WireShape.Kind.PACKED_UINT32;
import static dev.quorate.core.wire.WireShape.Kind.PACKED_UINT64;
import static dev.quorate.core.wire.WireShape.Kind.REPEATED_BYTES;
import static dev.quorate.core.wire.WireShape.Kind.UINT32;
import static dev.quorate.core.wire.WireShape.Kind.UINT64;

import dev.quorate.core.message.MessageType;

/** The shapes of everything in {@code quorate.proto}; a test compares them with the schema. */
final class Shapes {
    static final WireShape ENVELOPE = new WireShape(BYTES, UINT32, UINT32, UINT64, BYTES, BYTES, BYTES);
    static final WireShape BATCH = new WireShape(UINT64, BYTES, BYTES, REPEATED_BYTES);

    private static final WireShape REQUEST = new WireShape(UINT64, UINT64, BYTES);
    private static final WireShape REPLY = new WireShape(UINT64, UINT32, UINT64, UINT64, UINT32, BYTES, BYTES);
    private static final WireShape READ_REPLY = new WireShape(UINT32, UINT64, UINT64, UINT64, UINT32, BYTES, BYTES);
    static final WireShape VOTE = new WireShape(UINT64, UINT64, BYTES);
    static final WireShape CHECKPOINT = new WireShape(UINT64, BYTES, REPEATED_BYTES);
    static final WireShape STREAM_POSITION = new WireShape(UINT64, UINT64, BYTES);
    static final WireShape SIGNED_CHECKPOINT = new WireShape(UINT32, BYTES, BYTES);
    static final WireShape REFERENCE = new WireShape(UINT32, UINT64);
    private static final WireShape MIN_PREPARE = new WireShape(UINT64, UINT64, BYTES, UINT64);
    private static final WireShape MIN_COMMIT = new WireShape(UINT64, UINT64, BYTES, UINT64, BYTES);
    private static final WireShape MIN_VIEW_CHANGE = new WireShape(UINT64);
    private static final WireShape MIN_NEW_VIEW = new WireShape(UINT64, UINT64, REPEATED_BYTES);
    private static final WireShape MIN_STATUS = new WireShape(UINT64, BOOL, UINT64, UINT64, PACKED_UINT64);
    private static final WireShape FETCH_LOG = new WireShape(UINT32, UINT64);
    private static final WireShape STATUS = new WireShape(UINT64, BOOL, UINT64, UINT64);
    private static final WireShape INSPECT = new WireShape(UINT64);
    private static final WireShape INSPECTION = new WireShape(
            UINT64,
            UINT64,
            UINT32,
            UINT64,
            UINT64,
            UINT64,
            UINT32,
            PACKED_UINT32,
            UINT32,
            UINT64,
            UINT64,
            UINT64,
            UINT32);

    static final WireShape SIGNATURE = new WireShape(UINT32, BYTES);
    static final WireShape STABLE_CERTIFICATE = new WireShape(REPEATED_BYTES);
    static final WireShape PREPARED_CERTIFICATE = new WireShape(BYTES, BYTES, REPEATED_BYTES);
    static final WireShape VIEW_CHANGE = new WireShape(UINT64, BYTES, REPEATED_BYTES);
    static final WireShape SIGNED_VIEW_CHANGE = new WireShape(UINT32, BYTES, BYTES);
    static final WireShape PROPOSAL = new WireShape(BYTES, BYTES);

    private static final WireShape REQ_VIEW_CHANGE = new WireShape(UINT64);
    private static final WireShape REJOIN = new WireShape(UINT64, BYTES, BYTES);
    private static final WireShape NEW_VIEW = new WireShape(UINT64, REPEATED_BYTES, UINT64, REPEATED_BYTES);
    private static final WireShape COMMITTED = new WireShape(UINT64, REPEATED_BYTES);
    private static final WireShape FETCH_STATE = new WireShape(UINT64, UINT32);
    private static final WireShape STATE_PART = new WireShape(UINT64, UINT32, BYTES);
    private static final WireShape BATCH_REFERENCE = new WireShape(UINT64, BYTES);

    private Shapes() {}

    /** The shape of the payload of that type of message. */
    static WireShape payload(MessageType type) {
        return switch (type) {
            case REQUEST, READ -> REQUEST;
            case REPLY -> REPLY;
            case READ_REPLY -> READ_REPLY;
            case PRE_PREPARE, PREPARE, COMMIT -> VOTE;
            case CHECKPOINT -> CHECKPOINT;
            case STATUS -> STATUS;
            case INSPECT -> INSPECT;
            case INSPECTION -> INSPECTION;
            case REQ_VIEW_CHANGE -> REQ_VIEW_CHANGE;
            case VIEW_CHANGE -> VIEW_CHANGE;
            case NEW_VIEW -> NEW_VIEW;
            case COMMITTED -> COMMITTED;
            case FETCH_STATE -> FETCH_STATE;
            case STATE_PART -> STATE_PART;
            case FETCH_BATCH, BATCH_BODY -> BATCH_REFERENCE;
            case STABLE -> STABLE_CERTIFICATE;
            case MIN_PREPARE -> MIN_PREPARE;
            case MIN_COMMIT -> MIN_COMMIT;
            case MIN_VIEW_CHANGE -> MIN_VIEW_CHANGE;
            case MIN_NEW_VIEW -> MIN_NEW_VIEW;
            case MIN_STATUS -> MIN_STATUS;
            case FETCH_LOG -> FETCH_LOG;
            case REJOIN -> REJOIN;
        };
    }
}
