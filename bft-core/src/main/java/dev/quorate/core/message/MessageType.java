package dev.quorate.core.message;

import java.util.Optional;

/** The types of messages: their codes on the wire, who sends them, and whether they carry a signature. */
public enum MessageType {
    REQUEST(1, Sender.CLIENT, true),
    REPLY(2, Sender.REPLICA, false),
    PRE_PREPARE(3, Sender.REPLICA, true),
    PREPARE(4, Sender.REPLICA, true),
    COMMIT(5, Sender.REPLICA, false),
    CHECKPOINT(6, Sender.REPLICA, true),
    STATUS(7, Sender.REPLICA, false),
    INSPECT(8, Sender.CLIENT, false),
    INSPECTION(9, Sender.REPLICA, false),
    REQ_VIEW_CHANGE(10, Sender.REPLICA, false),
    VIEW_CHANGE(11, Sender.REPLICA, true),
    NEW_VIEW(12, Sender.REPLICA, true),
    COMMITTED(13, Sender.REPLICA, false),
    FETCH_BATCH(14, Sender.REPLICA, false),
    BATCH_BODY(15, Sender.REPLICA, false),
    FETCH_STATE(16, Sender.REPLICA, false),
    STATE_PART(17, Sender.REPLICA, false),
    READ(18, Sender.CLIENT, false),
    READ_REPLY(19, Sender.REPLICA, false);

    /** Who sends a type of message. */
    public enum Sender {
        CLIENT,
        REPLICA
    }

    private final int code;
    private final Sender sender;
    private final boolean signed;

    MessageType(int code, Sender sender, boolean signed) {
        this.code = code;
        this.sender = sender;
        this.signed = signed;
    }

    public int code() {
        return code;
    }

    public Sender sender() {
        return sender;
    }

    /**
     * Whether it is <em>transferable</em>: it carries a signature, so that a third party may believe it, whoever passes
     * it on. The others are believed only from the channel of the one whom they name.
     */
    public boolean isSigned() {
        return signed;
    }

    public static Optional<MessageType> ofCode(int code) {
        return code >= 1 && code <= values().length ? Optional.of(values()[code - 1]) : Optional.empty();
    }
}
