package dev.quorate.usig.testkit;

import dev.quorate.crypto.Bytes;
import dev.quorate.usig.IssuedUi;
import dev.quorate.usig.UniqueIdentifier;
import dev.quorate.usig.UsigVerifier;

/** One identifier, and what verifies it. */
record Sample(IssuedUi issued, UsigVerifier verifier) {
    /** Identifiers from outside may be anything. */
    boolean verifies(long epoch, long counter, byte[] certificate) {
        UniqueIdentifier ui = new UniqueIdentifier(epoch, counter, Bytes.copyOf(certificate));
        try {
            return verifier.verify(issued.message(), ui);
        } catch (RuntimeException e) {
            throw new AssertionError("a verifier says false, and does not throw, for " + ui, e);
        }
    }

    boolean verifiesWith(byte[] certificate) {
        return verifies(issued.ui().epoch(), issued.ui().counter(), certificate);
    }
}
