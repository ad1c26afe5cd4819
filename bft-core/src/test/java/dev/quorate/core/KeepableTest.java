package dev.quorate.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.NewView;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.PreparedCertificate;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.Signed;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.ViewChange;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.storage.ReplicaStore;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a configuration allows a replica to say fits into its store. */
class KeepableTest {
    private static final long FAR = Long.MAX_VALUE - (1L << 30);

    @ParameterizedTest
    @EnumSource(Protocol.class)
    @DisplayName("The defaults do for any number of replicas")
    void theDefaultsDoForAnyNumberOfReplicas(Protocol protocol) {
        ClusterConfig largest = TestCluster.of(protocol, ClusterConfig.MAX_REPLICAS, 0, Limits.defaults())
                .config();
        assertThat(largest.n()).isEqualTo(100);
    }

    @Test
    @DisplayName("An operation may be as large as an operation may be")
    void anOperationOfTheLargestSizeFits() {
        Limits limits = Limits.defaults().with(Limit.MAX_OPERATION_BYTES, Limit.MAX_OPERATION_BYTES.max());
        assertThat(config(4, limits).limits()).isEqualTo(limits);
        assertThat(limits.maxProposalBytes()).isBetween(64 << 20, ReplicaStore.MAX_RECORD_BYTES);
    }

    @ParameterizedTest
    @CsvSource({"4, 256", "13, 64", "31, 32", "100, 4"})
    @DisplayName("The largest NEW-VIEW is not longer than it is taken to be, and not much shorter")
    void theLargestNewView(int n, int window) {
        TestCluster keys = TestCluster.of(Protocol.PBFT, n, 0, limits(window));
        int length = keys.replicaSealer(1).seal(largest(n, window)).frame().length();
        assertThat(length)
                .isBetween(
                        keys.config().maxNewViewBytes() * 2 / 3, keys.config().maxNewViewBytes());
    }

    @Test
    @DisplayName("Batches that are too long to be kept are refused, with how much too long they are")
    void batchesThatAreTooLongAreRefused() {
        Limits limits = Limits.defaults().with(Limit.MAX_BATCH_BYTES, 128 << 20);
        int excess = limits.maxProposalBytes() - ReplicaStore.MAX_RECORD_BYTES;
        assertThatThrownBy(() -> config(4, limits))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("maxBatchBytes", "by " + excess + " bytes");
        assertThat(config(4, limits.with(Limit.MAX_BATCH_BYTES, (128 << 20) - excess))
                        .n())
                .isEqualTo(4);
        assertThatThrownBy(() -> config(4, limits.with(Limit.MAX_BATCH_BYTES, (128 << 20) - excess + 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("A window is refused if the NEW-VIEWs of that many replicas are too long to be kept")
    void windowsThatAreTooLongAreRefused() {
        assertThat(config(31, limits(2048)).n()).isEqualTo(31);
        assertThatThrownBy(() -> config(31, limits(4096)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("31 replicas", "NEW-VIEW", "lower window to 35");
        assertThatThrownBy(() -> config(1, limits(1 << 21))).isInstanceOf(IllegalArgumentException.class);
        // Those of MinBFT name what everybody has.
        assertThat(TestCluster.of(Protocol.MINBFT, 31, 0, limits(1 << 14))
                        .config()
                        .n())
                .isEqualTo(31);
    }

    @Test
    @DisplayName("A file with such a configuration is refused when it is loaded")
    void suchAFileIsRefused(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("cluster.yaml");
        Files.writeString(file, config(31, limits(2048)).toYaml().replace("window: 2048", "window: 4096"));
        assertThatThrownBy(() -> ClusterConfig.load(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("cluster.yaml", "NEW-VIEW", "lower window");
    }

    private static Limits limits(int window) {
        return Limits.defaults().with(Limit.WINDOW, window).with(Limit.CHECKPOINT_INTERVAL, window / 2);
    }

    private static ClusterConfig config(int n, Limits limits) {
        return TestCluster.of(Protocol.PBFT, n, 0, limits).config();
    }

    /** A quorum's VIEW-CHANGEs, with something prepared at each position of the window, all numbers of full length. */
    private static NewView largest(int n, int window) {
        int quorum = QuorumSystem.of(Protocol.PBFT, n).certificate();
        Digest digest = Digest.sha256(Bytes.EMPTY);
        SequenceNumber stable = new SequenceNumber(FAR);
        View prepared = new View(FAR);
        View view = new View(FAR + 1);
        StableCertificate certificate =
                new StableCertificate(signed(1, quorum, i -> new Checkpoint(new ReplicaId(i), stable, digest)));
        List<PreparedCertificate> certificates = new ArrayList<>();
        List<Signed<PrePrepare>> proposals = new ArrayList<>();
        for (int i = 1; i <= window; i++) {
            SequenceNumber at = stable.plus(i);
            certificates.add(new PreparedCertificate(
                    signed(new PrePrepare(new ReplicaId(0), prepared, at, digest, Optional.empty())),
                    signed(1, quorum - 1, r -> new Prepare(new ReplicaId(r), prepared, at, digest))));
            proposals.add(signed(new PrePrepare(new ReplicaId(1), view, at, digest, Optional.empty())));
        }
        return new NewView(
                new ReplicaId(1),
                view,
                signed(0, quorum, i -> new ViewChange(new ReplicaId(i), view, certificate, certificates)),
                proposals);
    }

    private static <M extends ReplicaMessage> List<Signed<M>> signed(int first, int count, IntFunction<M> message) {
        List<Signed<M>> all = new ArrayList<>();
        for (int i = first; i < first + count; i++) {
            all.add(signed(message.apply(i)));
        }
        return all;
    }

    private static <M extends ReplicaMessage> Signed<M> signed(M message) {
        return new Signed<>(message, Bytes.wrap(new byte[64]));
    }
}
