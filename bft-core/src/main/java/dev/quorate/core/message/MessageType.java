package dev.quorate.core.message;

import java.util.Optional;

/** The types of messages: their codes on the wire, who sends them, and what shows that these said it. */
public enum MessageType {
    REQUEST(1, Sender.CLIENT, Proof.SIGNATURE),
    REPLY(2, Sender.REPLICA, Proof.CHANNEL),
    PRE_PREPARE(3, Sender.REPLICA, Proof.SIGNATURE),
    PREPARE(4, Sender.REPLICA, Proof.SIGNATURE),
    COMMIT(5, Sender.REPLICA, Proof.CHANNEL),
    CHECKPOINT(6, Sender.REPLICA, Proof.SIGNATURE),
    STATUS(7, Sender.REPLICA, Proof.CHANNEL),
    INSPECT(8, Sender.CLIENT, Proof.CHANNEL),
    INSPECTION(9, Sender.REPLICA, Proof.CHANNEL),
    REQ_VIEW_CHANGE(10, Sender.REPLICA, Proof.CHANNEL),
    VIEW_CHANGE(11, Sender.REPLICA, Proof.SIGNATURE),
    NEW_VIEW(12, Sender.REPLICA, Proof.SIGNATURE),
    COMMITTED(13, Sender.REPLICA, Proof.CHANNEL),
    FETCH_BATCH(14, Sender.REPLICA, Proof.CHANNEL),
    BATCH_BODY(15, Sender.REPLICA, Proof.CHANNEL),
    FETCH_STATE(16, Sender.REPLICA, Proof.CHANNEL),
    STATE_PART(17, Sender.REPLICA, Proof.CHANNEL),
    READ(18, Sender.CLIENT, Proof.CHANNEL),
    READ_REPLY(19, Sender.REPLICA, Proof.CHANNEL),
    STABLE(20, Sender.REPLICA, Proof.CHANNEL),
    MIN_PREPARE(21, Sender.REPLICA, Proof.UI),
    MIN_COMMIT(22, Sender.REPLICA, Proof.UI),
    MIN_VIEW_CHANGE(23, Sender.REPLICA, Proof.UI),
    MIN_NEW_VIEW(24, Sender.REPLICA, Proof.UI),
    MIN_STATUS(25, Sender.REPLICA, Proof.CHANNEL),
    FETCH_LOG(26, Sender.REPLICA, Proof.CHANNEL),
    REJOIN(27, Sender.REPLICA, Proof.SIGNATURE);

    /** Who sends a type of message. */
    public enum Sender {
        CLIENT,
        REPLICA
    }

    /** What shows that a message is its sender's. */
    public enum Proof {
        /** The channel over which it came: nobody else can be convinced. */
        CHANNEL,
        /** A signature. */
        SIGNATURE,
        /** A unique identifier of the sender's USIG, which gives each counter to one message only. */
        UI
    }

    private final int code;
    private final Sender sender;
    private final Proof proof;

    MessageType(int code, Sender sender, Proof proof) {
        this.code = code;
        this.sender = sender;
        this.proof = proof;
    }

    public int code() {
        return code;
    }

    public Sender sender() {
        return sender;
    }

    public Proof proof() {
        return proof;
    }

    /** Whether a third party may believe it, whoever passes it on. */
    public boolean isTransferable() {
        return proof != Proof.CHANNEL;
    }

    public static Optional<MessageType> ofCode(int code) {
        return code >= 1 && code <= values().length ? Optional.of(values()[code - 1]) : Optional.empty();
    }
}
