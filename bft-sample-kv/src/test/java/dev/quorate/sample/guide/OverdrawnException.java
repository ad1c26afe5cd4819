package dev.quorate.sample.guide;

/** A balance would become negative. */
public final class OverdrawnException extends Exception {
    private static final long serialVersionUID = 1;
}
