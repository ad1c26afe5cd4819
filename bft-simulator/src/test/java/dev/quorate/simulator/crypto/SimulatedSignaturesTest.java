package dev.quorate.simulator.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.InvalidKeyException;
import dev.quorate.crypto.PrivateKey;
import dev.quorate.crypto.PublicKey;
import dev.quorate.crypto.SignatureScheme;
import dev.quorate.crypto.SignatureVerifier;
import dev.quorate.simulator.kernel.Randomness;
import dev.quorate.simulator.kernel.SeededSecureRandom;
import org.junit.jupiter.api.Test;

final class SimulatedSignaturesTest {
    private static final byte[] MESSAGE = {1, 2, 3};

    private final SignatureScheme scheme = SignatureScheme.named(SimulatedSignatures.NAME);
    private final PrivateKey key = scheme.generate(new SeededSecureRandom(new Randomness(1)));
    private final PrivateKey other = scheme.generate(new SeededSecureRandom(new Randomness(2)));

    @Test
    void verifiesWhatWasSignedAndNothingElse() throws InvalidKeyException {
        SignatureVerifier verifier = scheme.verifier(scheme.publicKey(key));
        byte[] signature = scheme.signer(key).sign(MESSAGE);

        assertThat(signature).hasSize(scheme.signatureLength());
        assertThat(verifier.verify(MESSAGE, signature)).isTrue();
        assertThat(verifier.verify(new byte[] {1, 2, 4}, signature)).isFalse();
        assertThat(verifier.verify(MESSAGE, scheme.signer(other).sign(MESSAGE))).isFalse();
        assertThat(verifier.verify(MESSAGE, new byte[0])).isFalse();
        signature[5] ^= 1;
        assertThat(verifier.verify(MESSAGE, signature)).isFalse();
    }

    @Test
    void refusesKeysOfOthers() {
        assertThatThrownBy(() -> scheme.verifier(new PublicKey("ed25519-bc", Bytes.wrap(new byte[32]))))
                .isInstanceOf(InvalidKeyException.class);
        assertThatThrownBy(() -> scheme.signer(new PrivateKey(SimulatedSignatures.NAME, Bytes.wrap(new byte[31]))))
                .isInstanceOf(InvalidKeyException.class);
    }
}
