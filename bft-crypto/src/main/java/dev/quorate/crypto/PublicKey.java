package dev.quorate.crypto;

/**
 * A public key as the raw bytes of its scheme. Not checked: {@link SignatureScheme#verifier} checks.
 *
 * @param scheme the name of the {@link SignatureScheme} that it belongs to
 * @param encoded the scheme's own encoding, for Ed25519 the 32 bytes of RFC 8032
 */
public record PublicKey(String scheme, Bytes encoded) {
    @Override
    public String toString() {
        return scheme + ":" + encoded.toHex();
    }
}
