package dev.quorate.crypto;

/** A key is not one of its scheme, or is one that must not be used. */
public final class InvalidKeyException extends Exception {
    private static final long serialVersionUID = 1;

    public InvalidKeyException(String message) {
        super(message);
    }
}
