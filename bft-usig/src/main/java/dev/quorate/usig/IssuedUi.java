package dev.quorate.usig;

import dev.quorate.crypto.Digest;

/**
 * An identifier together with the message that it was given to.
 *
 * @param message the digest that {@link Usig#createUi} was called with
 */
public record IssuedUi(Digest message, UniqueIdentifier ui) {}
