package dev.quorate.sample.kv;

/** Bytes that are not what they should be. */
public final class FormatException extends Exception {
    private static final long serialVersionUID = 1;

    public FormatException(String message) {
        super(message);
    }

    public FormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
