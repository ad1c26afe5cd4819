package dev.quorate.simulator.broken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.quorate.core.Protocol;
import dev.quorate.core.message.BatchBody;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Committed;
import dev.quorate.core.message.Rejoin;
import dev.quorate.core.message.ReqViewChange;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.StatePart;
import dev.quorate.core.message.Status;
import dev.quorate.core.smr.Event;
import dev.quorate.simulator.node.CoreFactory;
import dev.quorate.simulator.scenario.ClientScripts;
import dev.quorate.simulator.scenario.CrashScripts;
import dev.quorate.simulator.scenario.MinBftScripts;
import dev.quorate.simulator.scenario.NetworkScripts;
import dev.quorate.simulator.scenario.NoiseScripts;
import dev.quorate.simulator.scenario.PrimaryScripts;
import dev.quorate.simulator.scenario.RejoinScripts;
import dev.quorate.simulator.scenario.Scripts;
import dev.quorate.simulator.scenario.StateScripts;
import dev.quorate.simulator.scenario.ViewChangeScripts;
import dev.quorate.usig.UsigDurability;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A script is a test of a rule only if it fails where the rule is taken out. */
final class BrokenScenariosTest {
    private static final CoreFactory WITHOUT_REQ_VIEW_CHANGE = BrokenCores.ignoringMessages(ReqViewChange.class);
    private static final CoreFactory WITHOUT_STATE_TRANSFER = BrokenCores.ignoringMessages(StatePart.class);

    static Stream<Arguments> scripts() {
        return Stream.of(ordering(), network(), viewChanges(), state(), minbft(), restarts(), clientsAndNoise())
                .flatMap(scripts -> scripts);
    }

    private static Stream<Arguments> ordering() {
        CoreFactory smallQuorum = BrokenCores.replicas(BrokenParts.SmallQuorum::new);
        return Stream.of(
                script("P1", Scripts::p1EquivocatingPrimary, smallQuorum),
                script("P1 across a partition", PrimaryScripts::p1AcrossAPartition, smallQuorum),
                script("P4", Scripts::p4RequestProposedAgain, BrokenCores.replicas(BrokenParts.ForgetfulSessions::new)),
                script("P5", PrimaryScripts::p5OneClientIsIgnored, WITHOUT_REQ_VIEW_CHANGE),
                script("P7, B6", PrimaryScripts::p7ABackupIsLeftOut, BrokenCores.ignoringMessages(Status.class)),
                script("P8", PrimaryScripts::p8Gaps, WITHOUT_REQ_VIEW_CHANGE),
                script("P9", PrimaryScripts::p9ManyBatchesForOnePosition, executesEarly(0)),
                script("B3", Scripts::b3OneReplicaVotesOften, BrokenCores.replicas(BrokenParts.RepeatedVotes::new)),
                script("B4", PrimaryScripts::b4SilentReplicas, BrokenCores.replicas(BrokenParts.Unanimity::new)),
                script("A4", Scripts::a4PreparedIsNotCommitted, executesEarly(2)));
    }

    private static Stream<Arguments> clientsAndNoise() {
        Protocol pbft = Protocol.PBFT;
        CoreFactory forgottenResults = BrokenCores.replicas(BrokenParts.ForgottenResults::new);
        return Stream.of(
                script("L1 repeated", cores -> ClientScripts.l1ARequestIsRepeated(pbft, cores), forgottenResults),
                script("L1 too old", cores -> ClientScripts.l1ARequestIsTooOld(pbft, cores), forgottenResults),
                script("L1 evicted", cores -> ClientScripts.l1ASessionIsEvicted(pbft, cores), forgottenResults),
                script("P9 oversize", cores -> PrimaryScripts.p9AnOversizeBatch(pbft, cores), WITHOUT_REQ_VIEW_CHANGE),
                script(
                        "P9 hundreds",
                        cores -> PrimaryScripts.p9HundredsOfBatches(pbft, cores),
                        WITHOUT_REQ_VIEW_CHANGE),
                script(
                        "X4",
                        cores -> NoiseScripts.x4AFloodOfWhatIsFarAway(pbft, cores),
                        BrokenCores.replicas(BrokenParts.CredulousReplicas::new)));
    }

    private static Stream<Arguments> network() {
        CoreFactory neverAsks = BrokenCores.withoutRetransmission();
        return Stream.of(
                script("N1", NetworkScripts::n1HalfOfAllFramesAreLost, WITHOUT_STATE_TRANSFER),
                script("N2", NetworkScripts::n2PrimariesAreCutOff, WITHOUT_REQ_VIEW_CHANGE),
                script("N3", NetworkScripts::n3ABackupIsCutOff, neverAsks),
                script("N4 deaf", NetworkScripts::n4ThePrimaryIsDeaf, WITHOUT_REQ_VIEW_CHANGE),
                script("N4 mute", NetworkScripts::n4ThePrimaryIsMute, WITHOUT_REQ_VIEW_CHANGE),
                script("N5", NetworkScripts::n5NobodyHasAQuorum, neverAsks),
                script("N6", NetworkScripts::n6BackupsReachOnlyThePrimary, neverAsks),
                script("N7 requests", NetworkScripts::n7ThePrimaryDoesNotHearTheClient, BrokenCores.withoutPassingOn()),
                script(
                        "N7 replies",
                        NetworkScripts::n7TheClientDoesNotHearThePrimary,
                        BrokenCores.withoutRepliesOfBackups()),
                script("N10 for all", NetworkScripts::n10APhaseIsLostForAll, WITHOUT_REQ_VIEW_CHANGE),
                script(
                        "N10 for one",
                        NetworkScripts::n10APhaseIsLostForOne,
                        BrokenCores.ignoringMessages(Committed.class)),
                script(
                        "N10 CHECKPOINT",
                        NetworkScripts::n10CheckpointsAreLost,
                        BrokenCores.ignoringMessages(Status.class)),
                script("N12", NetworkScripts::n12AloneForLong, WITHOUT_STATE_TRANSFER));
    }

    private static Stream<Arguments> viewChanges() {
        return Stream.of(
                script(
                        "B1",
                        ViewChangeScripts::b1ABodyThatHasToBeFetched,
                        BrokenCores.ignoringMessages(BatchBody.class)),
                script("B5", ViewChangeScripts::b5ScatteredViews, BrokenCores.withoutViewTimers()),
                script("V1", ViewChangeScripts::v1DeadPrimaries, BrokenCores.withoutViewTimers()),
                script(
                        "V2",
                        ViewChangeScripts::v2DemandsForViewChanges,
                        BrokenCores.replicas(BrokenParts.CredulousReplicas::new)),
                script(
                        "V3",
                        ViewChangeScripts::v3TheHighestViewWins,
                        BrokenCores.replicas(BrokenParts.LowestViewWins::new)),
                script(
                        "V5",
                        ViewChangeScripts::v5ANewViewThatLeavesOutWhatPrepared,
                        BrokenCores.replicas(BrokenParts.EmptyNewView::new)),
                script("V6", Scripts::v6CommittedAtOneReplica, BrokenCores.replicas(BrokenParts.EmptyNewView::new)),
                script(
                        "V7",
                        ViewChangeScripts::v7OneReplicaHasTheStableCheckpoint,
                        BrokenCores.replicas(BrokenParts.EmptyNewView::new)),
                script("V8", ViewChangeScripts::v8MissedViewsAndStateTransfer, WITHOUT_STATE_TRANSFER));
    }

    private static Stream<Arguments> state() {
        return Stream.of(
                script("G1", StateScripts::g1WrongCheckpoints, BrokenCores.replicas(BrokenParts.AnyRoot::new)),
                script("G3", StateScripts::g3TooManyWrongCheckpoints, BrokenCores.replicas(BrokenParts.AnyRoot::new)),
                script("G4", StateScripts::g4ManyRequestsWhileAReplicaIsDown, WITHOUT_STATE_TRANSFER),
                script("T1", StateScripts::t1ALaggardIsNeeded, WITHOUT_STATE_TRANSFER),
                script("T3", StateScripts::t3ALyingPeer, BrokenCores.replicas(BrokenParts.CredulousReplicas::new)),
                script("T4", StateScripts::t4ConspiringSources, WITHOUT_STATE_TRANSFER),
                script("T5", StateScripts::t5ASilentSourceAndAGreedyReplica, WITHOUT_STATE_TRANSFER),
                script("T6", StateScripts::t6FetcherAndSourceCrash, WITHOUT_STATE_TRANSFER),
                script("T9", StateScripts::t9AnOlderState, WITHOUT_STATE_TRANSFER));
    }

    private static Stream<Arguments> minbft() {
        return Stream.of(
                script(
                        "MinBFT: B2",
                        MinBftScripts::b2OneIsLeftWhoCanAnswer,
                        BrokenCores.ignoringMessages(Stable.class)),
                script(
                        "MinBFT: B3",
                        MinBftScripts::b3CheckpointsOfBlockedStreams,
                        BrokenCores.ignoringMessages(Checkpoint.class, Stable.class)),
                script("MinBFT: U3", MinBftScripts::u3VolatileCounter, BrokenCores.ignoringMessages(Rejoin.class)),
                script("MinBFT: A5", RejoinScripts::a5TwoUsigs, BrokenCores.minbft(BrokenMinParts.NothingIsVoid::new)),
                script(
                        "MinBFT: B8",
                        MinBftScripts::b8AwayAcrossAnEpoch,
                        BrokenCores.ignoring(event -> event instanceof Event.Received received
                                && !received.message().unproven().isEmpty())),
                script("MinBFT: U2", MinBftScripts::u2ForgedUis, BrokenCores.unverifiedUis()),
                script(
                        "MinBFT: U11",
                        MinBftScripts::u11OneOfTheLastIsSlow,
                        BrokenCores.minbft(BrokenMinParts.Unanimity::new)));
    }

    private static Stream<Arguments> restarts() {
        return Stream.of(
                script("A7", CrashScripts::a7TheWholePromise, BrokenStores.withoutPrepares()),
                script("A8, C4", CrashScripts::c4RestartAfterVoting, BrokenStores.cutting()),
                script(
                        "A8, C4 at the primary",
                        cores -> CrashScripts.c4RestartAfterProposing(Protocol.PBFT, cores),
                        BrokenStores.cutting()),
                script(
                        "A8, C4 at the primary of MinBFT",
                        cores -> CrashScripts.c4RestartAfterProposing(Protocol.MINBFT, cores),
                        BrokenStores.cutting()),
                script(
                        "A16 at the primary",
                        cores -> CrashScripts.c4RestartAfterProposing(Protocol.PBFT, cores),
                        BrokenStores.gathering()),
                script(
                        "A16 at the primary of MinBFT",
                        cores -> CrashScripts.c4RestartAfterProposing(Protocol.MINBFT, cores),
                        BrokenStores.gathering()),
                script("A16, D5", cores -> CrashScripts.c2AllAtOnce(Protocol.PBFT, cores), BrokenStores.tooLate()),
                script(
                        "A16, D5 in MinBFT",
                        cores -> CrashScripts.c2AllAtOnce(Protocol.MINBFT, cores),
                        BrokenStores.tooLate()),
                script(
                        "B4 of the USIG",
                        cores -> CrashScripts.b4UsigAheadOfTheStore(UsigDurability.DURABLE, cores),
                        BrokenStores.withoutDrafts()));
    }

    private static CoreFactory executesEarly(int prepares) {
        return BrokenCores.replicas(() -> new BrokenParts.ExecutesEarly(prepares));
    }

    private static Arguments script(String name, Consumer<CoreFactory> script, CoreFactory broken) {
        return Arguments.of(name, script, broken);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scripts")
    void failsWithoutItsRule(String name, Consumer<CoreFactory> script, CoreFactory broken) {
        assertThatCode(() -> script.accept(CoreFactory.PRODUCTION)).doesNotThrowAnyException();
        assertThatThrownBy(() -> script.accept(broken)).isInstanceOf(AssertionError.class);
    }

    @Test
    void p2FailsWhereSignaturesAreNotVerified() {
        assertThatThrownBy(() -> PrimaryScripts.p2ForgedRequests(UnverifiedSignatures.NAME))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("validity");
    }

    /**
     * What it says to replicas is kept by then, so that only what becomes of the result gives it away, where none of its
     * vote is left on the disk.
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void a16FailsWhereClientsAreAnsweredBeforeTheSync(int operation) {
        List<Throwable> noticed = LongStream.range(0, 5)
                .mapToObj(seed -> catchThrowable(() -> CrashScripts.a16AVoteOfItsOwn(
                        operation, seed, UsigDurability.LOG, BrokenStores.answeringEarly())))
                .toList();
        assertThat(noticed)
                .allSatisfy(failure -> assertThat(failure).isInstanceOf(AssertionError.class))
                .anySatisfy(failure -> assertThat(failure).hasMessageContaining("agreement"));
    }
}
