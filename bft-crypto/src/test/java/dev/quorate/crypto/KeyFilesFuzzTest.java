package dev.quorate.crypto;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever a key file holds: reading it ends with a key of this scheme, or with a checked exception. */
class KeyFilesFuzzTest {
    private static final PrivateKey KEY =
            SignatureScheme.named(SignatureScheme.DEFAULT).generate(new SecureRandom());

    @Property(tries = 300)
    void anyFile(@ForAll byte[] content) throws IOException {
        Path file = Files.createTempFile("fuzz", ".key");
        try {
            Files.write(file, content);
            assertThat(KeyFiles.read(file)).isNotNull();
        } catch (InvalidKeyException e) {
            assertThat(e).hasMessageContaining(file.toString());
        } finally {
            Files.delete(file);
        }
    }

    @Property
    void anyContentBetweenTheArmourLines(@ForAll byte[] der) throws Exception {
        read(armoured(der));
    }

    @Property
    void damagedPkcs8(@ForAll @Size(min = 1, max = 4) int[] damage, @ForAll @IntRange(max = 64) int length)
            throws Exception {
        byte[] der = KeyFiles.toPkcs8(KEY);
        for (int where : damage) {
            der[Math.floorMod(where >> 8, der.length)] = (byte) where;
        }
        read(armoured(length > der.length ? der : Arrays.copyOf(der, length)));
    }

    @Property
    void damagedPem(@ForAll @Size(min = 1, max = 4) int[] damage) throws Exception {
        byte[] pem = KeyFiles.toPem(KEY).getBytes(ISO_8859_1);
        for (int where : damage) {
            pem[Math.floorMod(where >> 8, pem.length)] = (byte) where;
        }
        read(new String(pem, ISO_8859_1));
    }

    @Property
    void truncatedPem(@ForAll @IntRange(max = 200) int length) throws Exception {
        String pem = KeyFiles.toPem(KEY);
        read(pem.substring(0, Math.min(length, pem.length())));
    }

    /** ASN.1 nests; the largest file that is read at all must not exhaust the stack. */
    @Example
    void deeplyNestedAsn1() {
        byte[] der = new byte[12_000];
        for (int i = 0; i + 1 < der.length; i += 2) {
            der[i] = 0x30;
            der[i + 1] = (byte) 0x80;
        }
        read(armoured(der));
        for (int i = 0; i + 4 <= der.length; i += 4) {
            int rest = der.length - i - 4;
            der[i] = 0x30;
            der[i + 1] = (byte) 0x82;
            der[i + 2] = (byte) (rest >> 8);
            der[i + 3] = (byte) rest;
        }
        read(armoured(der));
    }

    private static void read(String pem) {
        try {
            PrivateKey key = KeyFiles.fromPem(pem);
            assertThat(key.scheme()).isEqualTo(SignatureScheme.DEFAULT);
            assertThat(key.encoded().length()).isEqualTo(32);
        } catch (InvalidKeyException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private static String armoured(byte[] der) {
        return "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(der)
                + "\n-----END PRIVATE KEY-----\n";
    }
}
