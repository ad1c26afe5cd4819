package dev.quorate.usig;

import dev.quorate.crypto.Bytes;

/**
 * Who a USIG is, as far as others need to know to verify its identifiers.
 *
 * @param provider the name of its {@link UsigProvider}, which knows how to read the rest
 * @param epoch see {@link UniqueIdentifier#epoch()}
 * @param key what verifies its certificates: a public key, or the name of a shared secret
 * @param attestation proof by a third party that the key lives in trusted hardware; empty where there is none
 */
public record UsigIdentity(String provider, long epoch, Bytes key, Bytes attestation) {}
