package dev.quorate.crypto;

/**
 * A secret key as the raw bytes of its scheme. It prints without its secret.
 *
 * @param scheme the name of the {@link SignatureScheme} that it belongs to
 * @param encoded the scheme's own encoding, for Ed25519 the 32-byte seed of RFC 8032
 */
public record PrivateKey(String scheme, Bytes encoded) {
    @Override
    public String toString() {
        return scheme + " private key";
    }
}
