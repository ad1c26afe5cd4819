package dev.quorate.transport.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ConfigException;
import dev.quorate.core.Identity;
import dev.quorate.core.Limits;
import dev.quorate.core.Operation;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicatedService;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.SnapshotReader;
import dev.quorate.core.SnapshotWriter;
import dev.quorate.core.UsigConfig;
import dev.quorate.core.View;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.runtime.ReplicaCore;
import dev.quorate.core.runtime.ReplicaMemory;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.storage.Condition;
import dev.quorate.core.storage.Durability;
import dev.quorate.core.storage.FileStore;
import dev.quorate.core.storage.StoreProvider;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.SignatureScheme;
import dev.quorate.usig.KnownCounter;
import dev.quorate.usig.UsigContext;
import dev.quorate.usig.UsigIdentity;
import dev.quorate.usig.UsigProvider;
import dev.quorate.usig.UsigStateException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a replica that was killed said last comes back with it, so that its USIG has no counter without a message. */
class OpenUsigTest {
    private static final SignatureScheme SCHEME = SignatureScheme.named(SignatureScheme.DEFAULT);
    private static final ReplicaId SELF = new ReplicaId(0);

    @TempDir
    private Path directory;

    private Identity identity;
    private ClusterConfig config;

    @Test
    void whatWasCertifiedLastComesBack() throws Exception {
        make(Map.of());
        List<Bytes> said = new ArrayList<>();
        try (OpenUsig usig = open()) {
            assertThat(usig.recovered()).isEmpty();
            said.addAll(say(usig, 1, 3));
        }
        try (OpenUsig usig = open()) {
            assertThat(usig.recovered()).isEqualTo(said);
            said.addAll(say(usig, 4, 5));
        }
        try (OpenUsig usig = open()) {
            assertThat(usig.recovered()).isEqualTo(said);
        }
    }

    @Test
    void asMuchIsKeptAsIsPromisedAndNotMuchMore() throws Exception {
        make(Map.of());
        List<Bytes> said;
        try (OpenUsig usig = open()) {
            said = say(usig, 1, 2000);
        }
        try (OpenUsig usig = open()) {
            List<Bytes> back = usig.recovered();
            assertThat(back).hasSizeBetween(DraftFile.KEPT, 2 * DraftFile.KEPT);
            assertThat(said.subList(said.size() - back.size(), said.size())).isEqualTo(back);
            assertThat(Files.exists(usigDirectory(0).resolve("drafts-1"))).isFalse();
        }
    }

    @Test
    void whatIsNotInTheStoreComesBackHoweverMuchItIs() throws Exception {
        make(Map.of());
        List<Bytes> said;
        try (OpenUsig usig = open()) {
            said = say(usig, 1, DraftFile.KEPT / 2);
            assertThat(usig.isMuchNotPersisted()).isTrue();
            usig.persisted();
            assertThat(usig.isMuchNotPersisted()).isFalse();
            said = say(usig, DraftFile.KEPT / 2 + 1, DraftFile.KEPT / 2 + 2 * DraftFile.KEPT);
        }
        // Not one is confirmed that the store may lack; of the first there is no draft any more.
        try (OpenUsig usig = open()) {
            List<Bytes> back = usig.recovered();
            assertThat(back).hasSizeGreaterThanOrEqualTo(DraftFile.KEPT);
            assertThat(said.subList(said.size() - back.size(), said.size())).isEqualTo(back);
            assertThat(usig.forReplica().own().lastConfirmed()).isLessThanOrEqualTo(DraftFile.KEPT / 2);
        }
    }

    @Test
    void aReplicaMayHaveToRejoinManyTimes() throws Exception {
        make(Map.of());
        UsigProvider provider = UsigProvider.named("ed25519");
        UsigContext context = new UsigContext(usigDirectory(0), Map.of());
        for (long epoch = 1; epoch <= 100; epoch++) {
            provider.renew(context, epoch);
        }
        // Without its store, it does not know of any of these.
        try (ReplicaMemory memory = memory(Durability.SYNC)) {
            try (OpenUsig usig = OpenUsig.open(config, SELF, usigDirectory(0), Optional.of(memory), false)) {
                assertThat(usig.renew(1).epoch()).isEqualTo(101);
            }
        }
    }

    @Test
    void whatIsNotedOutlivesACrash() throws Exception {
        make(Map.of());
        try (OpenUsig usig = open()) {
            assertThat(core(usig).sealer().keepsDrafts()).isTrue();
        }
    }

    @Test
    void whatIsInTheLogOnlyDoesNot() throws Exception {
        make(Map.of("counter", "log"));
        try (ReplicaMemory memory = memory(Durability.SYNC);
                OpenUsig usig = start(memory)) {
            assertThat(core(usig).sealer().keepsDrafts()).isFalse();
        }
    }

    @Test
    void aDraftThatWasNotCertifiedOrIsCutOffIsNoMessage() throws Exception {
        make(Map.of());
        List<Bytes> said;
        try (OpenUsig usig = open()) {
            said = say(usig, 1, 3);
            // Killed between the note and the counter.
            usig.forReplica().drafts().note(Bytes.wrap(new byte[] {1, 2, 3}));
        }
        Path drafts = usigDirectory(0).resolve("drafts-0");
        Files.write(drafts, new byte[] {0, 0, 1, 0, 7, 7}, StandardOpenOption.APPEND);
        try (OpenUsig usig = open()) {
            assertThat(usig.recovered()).isEqualTo(said);
        }
        Files.write(drafts, new byte[] {0x7f, 0, 0, 0, 0, 0, 0, 0});
        try (OpenUsig usig = open()) {
            assertThat(usig.recovered()).isEmpty();
            assertThat(usig.forReplica().own().lastCounter()).isEqualTo(3);
        }
    }

    @Test
    void aVolatileCounterKeepsNothing() throws Exception {
        make(Map.of("counter", "volatile"));
        try (OpenUsig usig = open()) {
            assertThat(say(usig, 1, 2000)).hasSize(2000);
        }
        assertThat(usigDirectory(0).resolve("drafts-0")).doesNotExist();
        assertThatThrownBy(this::open)
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("epoch 1", "volatile");
    }

    @Test
    void itVerifiesForEveryReplicaItsOwnOnly() throws Exception {
        make(Map.of());
        try (OpenUsig usig = open()) {
            Verified<MinViewChange> said = core(usig).sealer().seal(new MinViewChange(SELF, new View(1)));
            dev.quorate.crypto.Digest other = dev.quorate.crypto.Digest.of(new byte[32]);
            assertThat(usig.forReplica().all().verify(SELF, other, said.ui())).isFalse();
            assertThat(usig.forReplica().all().verify(new ReplicaId(1), other, said.ui()))
                    .isFalse();
            assertThat(usig.forReplica().own().certificatesAfter(0))
                    .singleElement()
                    .satisfies(issued -> {
                        assertThat(usig.forReplica().all().verify(SELF, issued.message(), issued.ui()))
                                .isTrue();
                        assertThat(usig.forReplica().all().verify(new ReplicaId(1), issued.message(), issued.ui()))
                                .isFalse();
                    });
        }
    }

    @Test
    void whatDoesNotFitIsRefusedAndTheUsigIsFreeAgain() throws Exception {
        make(Map.of());
        assertThatThrownBy(() -> OpenUsig.open(config, SELF, usigDirectory(1), Optional.empty(), true))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(usigDirectory(1).toString(), "replica 0");
        assertThatThrownBy(
                        () -> OpenUsig.open(changed("tpm", Map.of()), SELF, usigDirectory(0), Optional.empty(), true))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("'tpm'", "ed25519", "hmac");
        assertThatThrownBy(() -> OpenUsig.open(
                        changed("ed25519", Map.of("x", "y")), SELF, usigDirectory(0), Optional.empty(), true))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("usig", "'x'", "counter");
        try (OpenUsig usig = open()) {
            assertThat(usig.forReplica().own().lastCounter()).isZero();
        }
    }

    @Test
    void aCounterInTheLogGoesOnWhereTheLogEnds() throws Exception {
        make(Map.of("counter", "log"));
        for (int life = 0; life < 3; life++) {
            try (ReplicaMemory memory = memory(Durability.SYNC);
                    OpenUsig usig = start(memory)) {
                assertThat(usig.counter()).isEqualTo(new KnownCounter(0, 2L * life));
                keep(memory, usig, say(usig, 2 * life + 1, 2 * life + 2), new SequenceNumber(life));
            }
        }
    }

    @Test
    void d5AnIdentifierThatWasNotKeptNeverExisted() throws Exception {
        make(Map.of("counter", "log"));
        ReplicaMemory killed = memory(Durability.SYNC);
        try (OpenUsig usig = start(killed)) {
            assertThat(say(usig, 1, 1)).hasSize(1);
        }
        killed.close();
        try (ReplicaMemory memory = memory(Durability.SYNC);
                OpenUsig usig = start(memory)) {
            assertThat(usig.counter()).isEqualTo(new KnownCounter(0, 0));
            assertThat(say(usig, 1, 1)).hasSize(1);
        }
    }

    @Test
    void theCounterOutlivesTheRecordsThatShowedIt() throws Exception {
        make(Map.of("counter", "log"));
        try (ReplicaMemory memory = memory(Durability.SYNC);
                OpenUsig usig = start(memory)) {
            keep(memory, usig, say(usig, 1, 3), new SequenceNumber(1));
            memory.note(usig.counter());
            memory.carryOut(new Effect.Discard(new SequenceNumber(2)));
        }
        try (ReplicaMemory memory = memory(Durability.SYNC);
                OpenUsig usig = start(memory)) {
            assertThat(usig.counter()).isEqualTo(new KnownCounter(0, 3));
        }
    }

    @Test
    void d7ACounterWhoseLogIsGoneIsNotTakenForANewOne() throws Exception {
        make(Map.of("counter", "log"));
        try (ReplicaMemory memory = memory(Durability.SYNC);
                OpenUsig usig = start(memory)) {
            keep(memory, usig, say(usig, 1, 3), new SequenceNumber(1));
        }
        StoreProvider empty = FileStore.in(directory.resolve("another"));
        try (ReplicaMemory memory = ReplicaMemory.open(empty, config, SELF)) {
            assertThatThrownBy(() -> OpenUsig.open(config, SELF, usigDirectory(0), Optional.of(memory), true))
                    .isInstanceOfSatisfying(
                            UsigStateException.class,
                            e -> assertThat(e.reason()).isEqualTo(UsigStateException.Reason.LOG_LOST));
        }
    }

    @Test
    void aCounterInALogThatIsNotSyncedIsRefusedAndNothingIsForgotten() throws Exception {
        make(Map.of("counter", "log"));
        assertThatThrownBy(this::open).isInstanceOf(ConfigException.class).hasMessageContaining("no storage(...)");
        try (ReplicaMemory memory = memory(Durability.SYNC);
                OpenUsig usig = start(memory)) {
            keep(memory, usig, say(usig, 1, 1), new SequenceNumber(1));
        }
        for (Durability other : List.of(Durability.ASYNC, Durability.MEMORY)) {
            try (ReplicaMemory memory = memory(other)) {
                assertThatThrownBy(() -> OpenUsig.open(config, SELF, usigDirectory(0), Optional.of(memory), true))
                        .isInstanceOf(ConfigException.class)
                        .hasMessageContainingAll("synced", other.name().toLowerCase(Locale.ROOT));
            }
        }
        try (ReplicaMemory memory = memory(Durability.SYNC);
                OpenUsig usig = start(memory)) {
            assertThat(memory.condition()).isEqualTo(Condition.INTACT);
            assertThat(usig.counter()).isEqualTo(new KnownCounter(0, 1));
        }
    }

    @Test
    void u4ADurableCounterThatIsBehindTheLogWasRolledBack() throws Exception {
        make(Map.of());
        try (ReplicaMemory memory = memory(Durability.SYNC)) {
            memory.begin(true);
            memory.note(new KnownCounter(0, 7));
        }
        try (ReplicaMemory memory = memory(Durability.SYNC)) {
            assertThatThrownBy(() -> OpenUsig.open(config, SELF, usigDirectory(0), Optional.of(memory), true))
                    .isInstanceOfSatisfying(
                            UsigStateException.class,
                            e -> assertThat(e.reason()).isEqualTo(UsigStateException.Reason.ROLLED_BACK));
        }
    }

    private ReplicaMemory memory(Durability durability) throws Exception {
        return ReplicaMemory.open(FileStore.in(directory.resolve("store"), durability), config, SELF);
    }

    private OpenUsig start(ReplicaMemory memory) throws Exception {
        OpenUsig usig = OpenUsig.open(config, SELF, usigDirectory(0), Optional.of(memory), true);
        memory.begin(true);
        usig.begin(memory);
        return usig;
    }

    private static void keep(ReplicaMemory memory, OpenUsig usig, List<Bytes> said, SequenceNumber at)
            throws Exception {
        memory.persist(said.stream().map(frame -> new Effect.Persist(at, frame)).toList());
        usig.persisted();
    }

    private OpenUsig open() throws Exception {
        return OpenUsig.open(config, SELF, usigDirectory(0), Optional.empty(), true);
    }

    private List<Bytes> say(OpenUsig usig, int first, int last) {
        ReplicaCore core = core(usig);
        List<Bytes> frames = new ArrayList<>();
        for (int view = first; view <= last; view++) {
            Verified<MinViewChange> said = core.sealer().seal(new MinViewChange(SELF, new View(view)));
            assertThat(said.ui().counter()).isEqualTo(view);
            frames.add(said.frame());
        }
        return frames;
    }

    private ReplicaCore core(OpenUsig usig) {
        return ReplicaCore.create(config, identity, new Nothing(), Optional.of(usig.forReplica()));
    }

    private Path usigDirectory(int id) {
        return directory.resolve("usig-" + id);
    }

    private void make(Map<String, String> settings) throws Exception {
        List<UsigContext> contexts = new ArrayList<>();
        List<ClusterConfig.ReplicaInfo> replicas = new ArrayList<>();
        for (int id = 0; id < 3; id++) {
            Identity own = new Identity(SCHEME.generate(new SecureRandom()));
            identity = id == 0 ? own : identity;
            replicas.add(new ClusterConfig.ReplicaInfo(
                    new ReplicaId(id), "localhost", 7000 + id, SCHEME.publicKey(own.key())));
            contexts.add(new UsigContext(usigDirectory(id), settings));
        }
        UsigConfig usig = new UsigConfig(
                "ed25519", settings, UsigProvider.named("ed25519").initAll(contexts));
        config = new ClusterConfig(
                ClusterConfig.newClusterId(new SecureRandom()),
                Protocol.MINBFT,
                SignatureScheme.DEFAULT,
                replicas,
                List.of(),
                Limits.defaults(),
                false,
                Optional.of(usig));
    }

    /** The same cluster with another word about its USIGs. */
    private ClusterConfig changed(String provider, Map<String, String> settings) {
        List<UsigIdentity> identities = new ArrayList<>();
        for (UsigIdentity made : config.usig().orElseThrow().identities()) {
            identities.add(new UsigIdentity(provider, 0, made.key(), made.attestation()));
        }
        return new ClusterConfig(
                config.clusterId(),
                config.protocol(),
                config.signatureScheme(),
                config.replicas(),
                config.clients(),
                config.limits(),
                false,
                Optional.of(new UsigConfig(provider, settings, identities)));
    }

    private static final class Nothing implements ReplicatedService {
        @Override
        public byte[] execute(Operation operation) {
            return new byte[0];
        }

        @Override
        public void snapshot(SnapshotWriter out) {
            // There is no state.
        }

        @Override
        public void restore(SnapshotReader in) {
            // There is no state.
        }
    }
}
