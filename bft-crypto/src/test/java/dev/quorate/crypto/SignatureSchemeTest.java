package dev.quorate.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureSchemeTest {
    private static final byte[] MESSAGE = {7};

    @ParameterizedTest
    @ValueSource(strings = {"ed25519-bc", JdkEd25519.NAME})
    void findsTheSchemeOfAName(String name) throws Exception {
        SignatureScheme scheme = SignatureScheme.named(name);
        Signer signer = scheme.signer(scheme.generate(new SecureRandom()));
        byte[] signature = signer.sign(MESSAGE);

        assertThat(scheme.name()).isEqualTo(name);
        assertThat(signer.publicKey().scheme()).isEqualTo(name);
        assertThat(signature).hasSize(scheme.signatureLength());
        assertThat(scheme.verifier(signer.publicKey()).verify(MESSAGE, signature))
                .isTrue();
        assertThat(scheme.verifier(signer.publicKey()).verify(new byte[0], signature))
                .isFalse();
        assertThat(scheme.verifier(signer.publicKey()).verify(MESSAGE, new byte[3]))
                .isFalse();
    }

    @Test
    void anUnknownNameIsAnsweredWithTheKnownOnes() {
        assertThatThrownBy(() -> SignatureScheme.named("rot13"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("rot13", "ed25519-bc", JdkEd25519.NAME);
    }

    @Test
    void twoImplementationsOfOneAlgorithmAreTwoSchemes() throws Exception {
        SignatureScheme bouncyCastle = SignatureScheme.named(SignatureScheme.DEFAULT);
        SignatureScheme platform = SignatureScheme.named(JdkEd25519.NAME);
        PrivateKey key = bouncyCastle.generate(new SecureRandom());
        PrivateKey same = new PrivateKey(JdkEd25519.NAME, key.encoded());

        assertThat(platform.signer(same).sign(MESSAGE))
                .as("what honest signers sign is the same")
                .isEqualTo(bouncyCastle.signer(key).sign(MESSAGE));
        assertThatThrownBy(() -> bouncyCastle.verifier(platform.publicKey(same)))
                .as("but a cluster names one of them, and keys belong to it")
                .isInstanceOf(InvalidKeyException.class);
    }
}
