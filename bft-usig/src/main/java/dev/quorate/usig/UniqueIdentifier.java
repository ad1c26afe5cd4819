package dev.quorate.usig;

import dev.quorate.crypto.Bytes;

/**
 * A unique identifier (UI): what a USIG gives out for one message (Veronese et al. 2013, section 4.1).
 *
 * @param epoch the USIG's epoch: a USIG that lost its counter starts a new one, with a new key; at least 0
 * @param counter 1 for the first message of an epoch, then consecutive
 * @param certificate the USIG's proof that it bound this counter to this message and to no other
 */
public record UniqueIdentifier(long epoch, long counter, Bytes certificate) {
    public UniqueIdentifier {
        if (epoch < 0 || counter < 1) {
            throw new IllegalArgumentException("epoch " + epoch + ", counter " + counter);
        }
    }
}
