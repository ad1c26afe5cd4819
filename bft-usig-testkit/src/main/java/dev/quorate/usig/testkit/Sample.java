package dev.quorate.usig.testkit;

import dev.quorate.crypto.Bytes;
import dev.quorate.usig.IssuedUi;
import dev.quorate.usig.UniqueIdentifier;
import dev.quorate.usig.UsigVerifier;

/** One identifier, and what verifies it. */
record Sample(IssuedUi issued, UsigVerifier verifier) {
    /** Identifiers from outside may be anything. */
    boolean verifies(long epoch, long counter, byte[] certificate) {
        return verifier.verify(issued.message(), new UniqueIdentifier(epoch, counter, Bytes.copyOf(certificate)));
    }

    boolean verifiesWith(byte[] certificate) {
        return verifies(issued.ui().epoch(), issued.ui().counter(), certificate);
    }
}
