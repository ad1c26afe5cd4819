package dev.quorate.sample.kv;

/** The store refused an operation, or its answer makes no sense. The message is for people. */
public final class KvException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public KvException(String message) {
        super(message);
    }

    public KvException(String message, Throwable cause) {
        super(message, cause);
    }
}
