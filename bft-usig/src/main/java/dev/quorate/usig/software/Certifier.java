package dev.quorate.usig.software;

import dev.quorate.crypto.Bytes;

/** The secret part of a software USIG in one epoch. One caller at a time; deterministic. */
interface Certifier {
    /** What others verify with. */
    Bytes identityKey();

    /** The certificate over {@code certified}. */
    Bytes certify(byte[] certified);
}
