package dev.quorate.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {
    @ParameterizedTest(name = "SHA-256 of \"{0}\"")
    @CsvSource({
        "'', e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "abc, ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq,"
                + " 248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    })
    void agreesWithTheStandardsExamples(String text, String expected) {
        assertThat(Digest.sha256(text.getBytes(US_ASCII)).toHex()).isEqualTo(expected);
    }

    @Test
    void hashesTheConcatenationOfItsParts() {
        Digest whole = Digest.sha256("abc".getBytes(US_ASCII));
        assertThat(Digest.sha256("a".getBytes(US_ASCII), new byte[0], "bc".getBytes(US_ASCII)))
                .isEqualTo(whole)
                .hasSameHashCodeAs(whole);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 33})
    void hasThirtyTwoBytes(int length) {
        assertThatThrownBy(() -> Digest.of(new byte[length]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("32 bytes");
    }

    @Test
    void doesNotShareItsArrays() {
        byte[] given = new byte[Digest.LENGTH];
        Digest digest = Digest.of(given);
        given[0] = 1;
        digest.toArray()[1] = 1;

        assertThat(digest).isEqualTo(Digest.of(new byte[Digest.LENGTH]));
    }

    @Test
    void comparesItsBytesAsUnsigned() {
        byte[] high = new byte[Digest.LENGTH];
        high[0] = (byte) 0x80;
        byte[] low = new byte[Digest.LENGTH];
        low[0] = 0x7f;

        assertThat(Digest.of(high)).isGreaterThan(Digest.of(low)).isNotEqualTo(Digest.of(low));
    }

    @Test
    void printsItsBeginning() {
        assertThat(Digest.sha256()).hasToString("e3b0c442");
    }
}
