package dev.quorate.usig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsigIdentityTest {
    @Property(tries = 200)
    void anIdentityComesBackAsItWas(
            @ForAll @LongRange(min = 0) long epoch,
            @ForAll @Size(min = 1, max = 100) byte[] key,
            @ForAll @Size(max = 100) byte[] attestation) {
        UsigIdentity identity = new UsigIdentity("tpm-2", epoch, Bytes.copyOf(key), Bytes.copyOf(attestation));
        assertThat(UsigIdentity.decode(identity.encode())).isEqualTo(identity);
    }

    @Test
    void theLargestComesBackToo() {
        UsigIdentity identity = new UsigIdentity(
                "a".repeat(64),
                Long.MAX_VALUE,
                Bytes.wrap(new byte[UsigIdentity.MAX_KEY_BYTES]),
                Bytes.wrap(new byte[UsigIdentity.MAX_ATTESTATION_BYTES]));
        assertThat(UsigIdentity.decode(identity.encode())).isEqualTo(identity);
    }

    @Property(tries = 2000)
    void anyBytesAreTheOneEncodingOfAnIdentityOrRefused(@ForAll @Size(max = 60) byte[] bytes) {
        assertCanonicalOrRefused(bytes);
    }

    @Test
    void aDamagedEncodingIsAnotherIdentityOrRefused() {
        byte[] sound = new UsigIdentity("hmac", 3, Bytes.fromHex("0011"), Bytes.fromHex("ff"))
                .encode()
                .toArray();
        for (int i = 0; i < sound.length; i++) {
            for (int value = 0; value < 256; value++) {
                byte[] damaged = sound.clone();
                damaged[i] = (byte) value;
                assertCanonicalOrRefused(damaged);
            }
            byte[] cut = Arrays.copyOf(sound, i);
            assertThatThrownBy(() -> UsigIdentity.decode(Bytes.wrap(cut))).isInstanceOf(IllegalArgumentException.class);
        }
        byte[] longer = Arrays.copyOf(sound, sound.length + 1);
        assertThatThrownBy(() -> UsigIdentity.decode(Bytes.wrap(longer))).hasMessageContaining("1 bytes too many");
    }

    private static void assertCanonicalOrRefused(byte[] bytes) {
        UsigIdentity identity;
        try {
            identity = UsigIdentity.decode(Bytes.copyOf(bytes));
        } catch (IllegalArgumentException e) {
            return;
        }
        assertThat(identity.encode()).isEqualTo(Bytes.copyOf(bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "A", "ä", "a b", "a\n", "../x"})
    void aNameThatIsNoneIsRefused(String name) {
        assertThatThrownBy(() -> new UsigIdentity(name, 0, Bytes.fromHex("00"), Bytes.EMPTY))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsOutOfBoundsIsRefused() {
        Bytes key = Bytes.fromHex("00");
        Bytes largeKey = Bytes.wrap(new byte[UsigIdentity.MAX_KEY_BYTES + 1]);
        Bytes largeAttestation = Bytes.wrap(new byte[UsigIdentity.MAX_ATTESTATION_BYTES + 1]);
        assertThatThrownBy(() -> new UsigIdentity("a", -1, key, Bytes.EMPTY))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new UsigIdentity("a", 0, Bytes.EMPTY, Bytes.EMPTY))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new UsigIdentity("a", 0, largeKey, Bytes.EMPTY))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new UsigIdentity("a", 0, key, largeAttestation))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void u2AnIdentifierWithCounterZeroCannotBe() {
        Bytes certificate = Bytes.wrap(new byte[UniqueIdentifier.MAX_CERTIFICATE_BYTES]);
        Bytes tooLong = Bytes.wrap(new byte[UniqueIdentifier.MAX_CERTIFICATE_BYTES + 1]);
        assertThat(new UniqueIdentifier(0, 1, certificate).counter()).isEqualTo(1);
        for (long counter : new long[] {0, -1, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> new UniqueIdentifier(0, counter, certificate))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(UniqueIdentifier.isWellFormed(0, counter, 32)).isFalse();
        }
        assertThatThrownBy(() -> new UniqueIdentifier(-1, 1, certificate)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new UniqueIdentifier(0, 1, tooLong)).isInstanceOf(IllegalArgumentException.class);
    }

    /** What is certified is part of the format: a change would make every certificate worthless. */
    @Test
    void u10WhatIsCertifiedNamesDomainEpochCounterAndMessage() {
        byte[] digest = new byte[Digest.LENGTH];
        Arrays.fill(digest, (byte) 0xab);
        assertThat(HexFormat.of().formatHex(CertifiedBytes.of(0x0102, 0x0304, Digest.of(digest))))
                .isEqualTo(
                        "71756f726174652d757369672d763100" + "0000000000000102" + "0000000000000304" + "ab".repeat(32));
    }

    @Test
    void aProviderThatIsNotThereIsNamedWithThoseThatAre() {
        assertThat(UsigProvider.named("hmac").name()).isEqualTo("hmac");
        assertThat(UsigProvider.named("ed25519").name()).isEqualTo("ed25519");
        assertThatThrownBy(() -> UsigProvider.named("tpm"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'tpm'; known: hmac, ed25519");
    }
}
