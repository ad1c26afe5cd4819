package dev.quorate.usig.testkit;

import static dev.quorate.usig.testkit.Workbench.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.usig.IssuedUi;
import dev.quorate.usig.UniqueIdentifier;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigContext;
import dev.quorate.usig.UsigIdentity;
import dev.quorate.usig.UsigVerifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What a certificate proves, and what it does not. */
public interface CertificateContract extends HasWorkbench {
    private Sample sample() throws Exception {
        UsigContext context = bench().usig();
        Usig usig = bench().open(context);
        Workbench.create(usig, 4);
        IssuedUi issued = Workbench.create(usig, 1).get(0);
        return new Sample(issued, bench().verifier(context, usig.identity()));
    }

    @Test
    default void everyReplicaCanVerifyWhatAUsigGivesOut() throws Exception {
        List<UsigContext> cluster = bench().cluster(3);
        Usig usig = bench().open(cluster.get(0));
        List<IssuedUi> created = Workbench.create(usig, 5);
        // The others know the identity from their configuration.
        UsigIdentity received = UsigIdentity.decode(usig.identity().encode());
        for (UsigContext replica : cluster) {
            UsigVerifier verifier = bench().verifier(replica, received);
            assertThat(created).allMatch(issued -> verifier.verify(issued.message(), issued.ui()));
        }
    }

    @Test
    default void aCertificateIsForOneMessageOnly() throws Exception {
        Sample sample = sample();
        UniqueIdentifier ui = sample.issued().ui();
        byte[] digest = sample.issued().message().toArray();
        for (int bit = 0; bit < digest.length * Byte.SIZE; bit++) {
            Digest other = Digest.of(flipped(digest, bit));
            assertThat(sample.verifier().verify(other, ui))
                    .as("bit %d of the message", bit)
                    .isFalse();
        }
    }

    @Test
    default void aCertificateIsForOneCounterOnly() throws Exception {
        Sample sample = sample();
        UniqueIdentifier ui = sample.issued().ui();
        for (long counter : new long[] {1, 4, 6, 7, 5 + (1L << 8), 5 + (1L << 32), 5 + (1L << 56), Long.MAX_VALUE}) {
            assertThat(sample.verifies(ui.epoch(), counter, ui.certificate().toArray()))
                    .as("counter %d instead of 5", counter)
                    .isFalse();
        }
    }

    @Test
    default void aCertificateIsForOneEpochOnly() throws Exception {
        Sample sample = sample();
        UniqueIdentifier ui = sample.issued().ui();
        for (long other : new long[] {1, 2, 1L << 8, 1L << 32, Long.MAX_VALUE}) {
            assertThat(sample.verifies(
                            ui.epoch() ^ other, ui.counter(), ui.certificate().toArray()))
                    .as("epoch %d instead of %d", ui.epoch() ^ other, ui.epoch())
                    .isFalse();
        }
    }

    @Test
    default void aCertificateIsForOneUsigOnly() throws Exception {
        List<UsigContext> cluster = bench().cluster(2);
        Usig one = bench().open(cluster.get(0));
        Usig other = bench().open(cluster.get(1));
        assertThat(one.identity()).isNotEqualTo(other.identity());
        UniqueIdentifier ui = one.createUi(message(1));
        other.createUi(message(1));
        UsigVerifier verifier = bench().verifier(cluster.get(0), other.identity());
        assertThat(verifier.verify(message(1), ui)).isFalse();
    }

    @Test
    default void noBitOfACertificateMayChange() throws Exception {
        Sample sample = sample();
        byte[] certificate = sample.issued().ui().certificate().toArray();
        assertThat(certificate).isNotEmpty();
        for (int bit = 0; bit < certificate.length * Byte.SIZE; bit++) {
            assertThat(sample.verifiesWith(flipped(certificate, bit)))
                    .as("bit %d", bit)
                    .isFalse();
        }
    }

    @Test
    default void aCertificateOfAnotherLengthIsNone() throws Exception {
        Sample sample = sample();
        byte[] certificate = sample.issued().ui().certificate().toArray();
        for (int length = 0; length <= UniqueIdentifier.MAX_CERTIFICATE_BYTES; length++) {
            if (length != certificate.length) {
                assertThat(sample.verifiesWith(Arrays.copyOf(certificate, length)))
                        .as("%d of %d bytes", length, certificate.length)
                        .isFalse();
            }
        }
    }

    @Test
    default void nonsenseIsFalseAndNeverAnException() throws Exception {
        Sample sample = sample();
        UniqueIdentifier ui = sample.issued().ui();
        Random random = new Random(5);
        for (int length = 0; length <= UniqueIdentifier.MAX_CERTIFICATE_BYTES; length++) {
            byte[] nonsense = new byte[length];
            assertThat(sample.verifiesWith(nonsense)).isFalse();
            Arrays.fill(nonsense, (byte) 0xff);
            assertThat(sample.verifiesWith(nonsense)).isFalse();
            random.nextBytes(nonsense);
            assertThat(sample.verifiesWith(nonsense)).isFalse();
            assertThat(sample.verifies(Long.MAX_VALUE, Long.MAX_VALUE, nonsense))
                    .isFalse();
        }
        // Right length, nonsense inside: this is where parsers fail.
        for (int i = 0; i < 500; i++) {
            byte[] nonsense = new byte[ui.certificate().length()];
            random.nextBytes(nonsense);
            assertThat(sample.verifiesWith(nonsense)).isFalse();
        }
    }

    @Test
    default void aVerifierMayBeUsedByManyThreads() throws Exception {
        UsigContext context = bench().usig();
        Usig usig = bench().open(context);
        List<IssuedUi> created = Workbench.create(usig, 50);
        UsigVerifier verifier = bench().verifier(context, usig.identity());
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            tasks.add(() -> {
                for (int i = 0; i < 200; i++) {
                    IssuedUi issued = created.get(i % created.size());
                    assertThat(verifier.verify(issued.message(), issued.ui())).isTrue();
                    assertThat(verifier.verify(message(-1 - i), issued.ui())).isFalse();
                }
                return null;
            });
        }
        Expectations.together(tasks);
    }

    @Test
    default void anIdentityOfAnotherKindIsRefused() throws Exception {
        UsigContext context = bench().usig();
        UsigIdentity own = bench().open(context).identity();
        UsigIdentity other = new UsigIdentity(own.provider() + "-2", own.epoch(), own.key(), own.attestation());
        assertThatThrownBy(() -> bench().verifier(context, other)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    default void anAttestationThatProvesNothingIsRefused() throws Exception {
        UsigContext context = bench().usig();
        UsigIdentity own = bench().open(context).identity();
        byte[] attestation =
                Arrays.copyOf(own.attestation().toArray(), own.attestation().length() + 16);
        UsigIdentity other = new UsigIdentity(own.provider(), own.epoch(), own.key(), Bytes.wrap(attestation));
        assertThatThrownBy(() -> bench().verifier(context, other)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    default void aDamagedIdentityIsRefusedOrVerifiesNothing() throws Exception {
        UsigContext context = bench().usig();
        Usig usig = bench().open(context);
        IssuedUi issued = Workbench.create(usig, 1).get(0);
        byte[] key = usig.identity().key().toArray();
        for (int bit = 0; bit < key.length * Byte.SIZE; bit++) {
            assertUseless(context, usig.identity(), flipped(key, bit), issued);
        }
        for (int length : new int[] {1, key.length - 1, key.length + 1, UsigIdentity.MAX_KEY_BYTES}) {
            if (length > 0 && length != key.length) {
                assertUseless(context, usig.identity(), Arrays.copyOf(key, length), issued);
            }
        }
    }

    private void assertUseless(UsigContext context, UsigIdentity own, byte[] key, IssuedUi issued) throws Exception {
        UsigVerifier verifier;
        try {
            verifier = bench().verifier(
                            context, new UsigIdentity(own.provider(), own.epoch(), Bytes.wrap(key), own.attestation()));
        } catch (IllegalArgumentException e) {
            return;
        }
        assertThat(verifier.verify(issued.message(), issued.ui())).isFalse();
    }

    private static byte[] flipped(byte[] bytes, int bit) {
        byte[] flipped = bytes.clone();
        flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        return flipped;
    }
}
