package dev.quorate.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Ed25519BcTest {
    private static final SignatureScheme SCHEME = SignatureScheme.named(SignatureScheme.DEFAULT);
    private static final byte[] MESSAGE = {1, 2, 3};

    private final PrivateKey key = SCHEME.generate(new SecureRandom());

    @ParameterizedTest(name = "RFC 8032, section 7.1, {0}")
    @CsvSource(
            delimiter = '|',
            value = {"""
                TEST 1\
                |9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60\
                |d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a\
                |''\
                |e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155\
                5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b""", """
                TEST 2\
                |4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb\
                |3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c\
                |72\
                |92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00""", """
                TEST 3\
                |c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7\
                |fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025\
                |af82\
                |6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac\
                18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a""", """
                TEST SHA(abc)\
                |833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42\
                |ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf\
                |ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
                2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f\
                |dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589\
                09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"""})
    void agreesWithTheStandardsTestVectors(
            String name, String secret, String publicKey, String message, String signature) throws Exception {
        Signer signer = SCHEME.signer(new PrivateKey(SCHEME.name(), Bytes.fromHex(secret)));
        byte[] content = HexFormat.of().parseHex(message);

        assertThat(signer.publicKey().encoded().toHex()).as(name).isEqualTo(publicKey);
        assertThat(HexFormat.of().formatHex(signer.sign(content))).isEqualTo(signature);
        assertThat(SCHEME.verifier(signer.publicKey())
                        .verify(content, HexFormat.of().parseHex(signature)))
                .isTrue();
    }

    @Test
    void signsDeterministically() throws Exception {
        assertThat(SCHEME.signer(key).sign(MESSAGE))
                .hasSize(SCHEME.signatureLength())
                .isEqualTo(SCHEME.signer(key).sign(MESSAGE));
    }

    @Test
    void aSignatureIsForOneMessageAndOneKeyOnly() throws Exception {
        byte[] signature = SCHEME.signer(key).sign(MESSAGE);
        SignatureVerifier other = SCHEME.verifier(SCHEME.publicKey(SCHEME.generate(new SecureRandom())));

        assertThat(verifier().verify(MESSAGE, signature)).isTrue();
        assertThat(verifier().verify(new byte[] {1, 2, 4}, signature)).isFalse();
        assertThat(verifier().verify(new byte[0], signature)).isFalse();
        assertThat(other.verify(MESSAGE, signature)).isFalse();
    }

    @Test
    void everyFlippedBitSpoilsASignature() throws Exception {
        byte[] signature = SCHEME.signer(key).sign(MESSAGE);
        for (int bit = 0; bit < 8 * signature.length; bit++) {
            byte[] flipped = signature.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(verifier().verify(MESSAGE, flipped)).as("bit %d", bit).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63, 65, 128})
    void aSignatureOfAnotherLengthIsNone(int length) throws Exception {
        byte[] signature = Arrays.copyOf(SCHEME.signer(key).sign(MESSAGE), length);
        assertThat(verifier().verify(MESSAGE, signature)).isFalse();
    }

    @Test
    @DisplayName("A third party cannot turn a signature into another one: S+L in place of S is refused")
    void signaturesAreNotMalleable() throws Exception {
        byte[] signature = SCHEME.signer(key).sign(MESSAGE);
        BigInteger s = Edwards.littleEndian(Arrays.copyOfRange(signature, 32, 64));
        byte[] shifted = signature.clone();
        System.arraycopy(Edwards.littleEndian(s.add(Edwards.L)), 0, shifted, 32, 32);

        assertThat(verifier().verify(MESSAGE, shifted)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 33, 64})
    @DisplayName("K2: keys of a wrong length are refused")
    void k2KeysOfAWrongLengthAreRefused(int length) {
        Bytes encoded = Bytes.wrap(new byte[length]);

        assertThatThrownBy(() -> SCHEME.verifier(new PublicKey(SCHEME.name(), encoded)))
                .isInstanceOf(InvalidKeyException.class);
        assertThatThrownBy(() -> SCHEME.signer(new PrivateKey(SCHEME.name(), encoded)))
                .isInstanceOf(InvalidKeyException.class)
                .hasMessageContaining("32 bytes");
    }

    @Test
    @DisplayName("K2: keys of another scheme are refused")
    void k2KeysOfAnotherSchemeAreRefused() throws Exception {
        PublicKey foreign = new PublicKey("another", SCHEME.publicKey(key).encoded());

        assertThatThrownBy(() -> SCHEME.verifier(foreign))
                .isInstanceOf(InvalidKeyException.class)
                .hasMessageContaining("another");
        assertThatThrownBy(() -> SCHEME.publicKey(new PrivateKey("another", key.encoded())))
                .isInstanceOf(InvalidKeyException.class);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "order 1,   0100000000000000000000000000000000000000000000000000000000000000",
        "order 2,   ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "order 4,   0000000000000000000000000000000000000000000000000000000000000000",
        "order 4',  0000000000000000000000000000000000000000000000000000000000000080",
        "order 8,   26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "order 8',  26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "order 8'', c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "order 8*,  c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"
    })
    @DisplayName("K2: keys of small order are refused: anyone can sign for them")
    void k2KeysOfSmallOrderAreRefused(String name, String encoded) {
        Edwards point = Edwards.decode(HexFormat.of().parseHex(encoded));
        Edwards eight = doubled(doubled(doubled(point)));

        assertThat(eight)
                .as("eight times the point of " + name)
                .isEqualTo(new Edwards(BigInteger.ZERO, BigInteger.ONE));
        assertRefused(Bytes.fromHex(encoded));
    }

    @Test
    @DisplayName("K2: a key with a torsion component is refused: implementations disagree about its signatures")
    void k2KeysWithATorsionComponentAreRefused() throws Exception {
        Edwards honest = Edwards.decode(SCHEME.publicKey(key).encoded().toArray());
        Edwards torsion = Edwards.decode(
                HexFormat.of().parseHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"));

        assertThat(honest.encode())
                .as("the test's own arithmetic")
                .isEqualTo(SCHEME.publicKey(key).encoded().toArray());
        assertRefused(Bytes.wrap(honest.plus(torsion).encode()));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "p instead of 0,         edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "p+1 instead of 1,       eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "p+3 instead of 3,       f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "2^255-1,                ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "the same with the sign, ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "minus zero,             0100000000000000000000000000000000000000000000000000000000000080",
        "not on the curve,       0200000000000000000000000000000000000000000000000000000000000000"
    })
    @DisplayName("K2: keys that are not canonical, or no points at all, are refused")
    void k2NonCanonicalKeysAreRefused(String name, String encoded) {
        assertThat(encoded).as(name).hasSize(64);
        assertRefused(Bytes.fromHex(encoded));
    }

    @Test
    void oneSignerAndOneVerifierServeManyThreads() throws Exception {
        Signer signer = SCHEME.signer(key);
        SignatureVerifier verifier = verifier();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Boolean>> work = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                byte[] message = {(byte) i, (byte) (i >> 8)};
                work.add(() -> verifier.verify(message, signer.sign(message))
                        && !verifier.verify(message, signer.sign(MESSAGE)));
            }
            for (Future<Boolean> result : threads.invokeAll(work)) {
                assertThat(result.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void secretsAreNotPrinted() {
        assertThat(key.toString()).isEqualTo("ed25519-bc private key");
    }

    private SignatureVerifier verifier() throws InvalidKeyException {
        return SCHEME.verifier(SCHEME.publicKey(key));
    }

    private static Edwards doubled(Edwards point) {
        return point.plus(point);
    }

    private static void assertRefused(Bytes encoded) {
        assertThatThrownBy(() -> SCHEME.verifier(new PublicKey(SCHEME.name(), encoded)))
                .isInstanceOf(InvalidKeyException.class)
                .hasMessageContaining(encoded.toHex());
    }
}
