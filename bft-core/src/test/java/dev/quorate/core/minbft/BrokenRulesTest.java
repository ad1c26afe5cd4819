package dev.quorate.core.minbft;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.quorate.core.minbft.BrokenRules.AcceptsGaps;
import dev.quorate.core.minbft.BrokenRules.AnyOrder;
import dev.quorate.core.minbft.BrokenRules.AnybodysWord;
import dev.quorate.core.minbft.BrokenRules.BelievesUnproven;
import dev.quorate.core.minbft.BrokenRules.CountsAfterViewChange;
import dev.quorate.core.minbft.BrokenRules.ExaminersOrder;
import dev.quorate.core.minbft.BrokenRules.ForgetsAtLatest;
import dev.quorate.core.minbft.BrokenRules.ForgetsOrders;
import dev.quorate.core.minbft.BrokenRules.GoesOnAfterBreak;
import dev.quorate.core.minbft.BrokenRules.HandlesWithoutState;
import dev.quorate.core.minbft.BrokenRules.KeepsEverything;
import dev.quorate.core.minbft.BrokenRules.KeepsTooMuch;
import dev.quorate.core.minbft.BrokenRules.LastCounterWins;
import dev.quorate.core.minbft.BrokenRules.LastVoteStands;
import dev.quorate.core.minbft.BrokenRules.LowestViewWins;
import dev.quorate.core.minbft.BrokenRules.NamesAnything;
import dev.quorate.core.minbft.BrokenRules.NamesWithoutBatches;
import dev.quorate.core.minbft.BrokenRules.NewestViewChange;
import dev.quorate.core.minbft.BrokenRules.NoWindow;
import dev.quorate.core.minbft.BrokenRules.NothingConcerns;
import dev.quorate.core.minbft.BrokenRules.NothingIsVoid;
import dev.quorate.core.minbft.BrokenRules.OldEpochBinds;
import dev.quorate.core.minbft.BrokenRules.OutcomeNotDemanded;
import dev.quorate.core.minbft.BrokenRules.OwnWord;
import dev.quorate.core.minbft.BrokenRules.SeveralNewViews;
import dev.quorate.core.minbft.BrokenRules.ShowsOneCertificate;
import dev.quorate.core.minbft.BrokenRules.StableCandidates;
import dev.quorate.core.minbft.BrokenRules.StartsBeforeItKnows;
import dev.quorate.core.minbft.BrokenRules.UnknownViewChange;
import dev.quorate.core.minbft.BrokenRules.VouchesForTheForgotten;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A history is a test of a rule only if it goes wrong where the rule is taken out. */
final class BrokenRulesTest {
    static Stream<Arguments> rules() {
        return Stream.of(ordering(), newViews(), checkpoints(), rejoining(), bounds())
                .flatMap(rules -> rules);
    }

    private static Stream<Arguments> ordering() {
        return Stream.of(
                history("A1", HistoriesTest::new, HistoriesTest::a1OrderBreaks, GoesOnAfterBreak::new),
                history("A1 any order", HistoriesTest::new, HistoriesTest::a1OrderBreaks, AnyOrder::new),
                history(
                        "A3",
                        HistoriesTest::new,
                        HistoriesTest::a3VotingAfterOnesOwnViewChange,
                        CountsAfterViewChange::new),
                history("A12", HistoriesTest::new, HistoriesTest::a12CommitAheadOfItsPrepare, AcceptsGaps::new),
                history("U1", HistoriesTest::new, HistoriesTest::u1Gap, AcceptsGaps::new),
                history("U2 first vote", HistoriesTest::new, HistoriesTest::u2FirstVoteStands, LastVoteStands::new),
                history("window", HistoriesTest::new, HistoriesTest::whatIsAboveTheWindowWaits, NoWindow::new),
                history("U9", HistoriesTest::new, HistoriesTest::u9BurntCounter, AcceptsGaps::new));
    }

    private static Stream<Arguments> newViews() {
        return Stream.of(
                history(
                        "A1 first counter",
                        HistoriesTest::new,
                        HistoriesTest::a1FirstOfAViewWins,
                        LastCounterWins::new),
                history(
                        "A2",
                        HistoriesTest::new,
                        HistoriesTest::a2ContradictingOnesOwnNewView,
                        OutcomeNotDemanded::new),
                history("A13 (a)", HistoriesTest::new, HistoriesTest::a13HiddenNewView, AcceptsGaps::new),
                history("A13 (b)", HistoriesTest::new, HistoriesTest::a13CountedByWhoBeganLater, ExaminersOrder::new),
                history("A13 (c)", HistoriesTest::new, HistoriesTest::a13TwoNewViews, SeveralNewViews::new),
                history("U5", HistoriesTest::new, HistoriesTest::u5ViewChangeForAnotherView, NamesAnything::new),
                history("V3", HistoriesTest::new, HistoriesTest::v3HighestViewWins, LowestViewWins::new),
                history(
                        "B1",
                        LivenessHistoriesTest::new,
                        LivenessHistoriesTest::b1BatchThatNobodyHas,
                        NamesWithoutBatches::new),
                history(
                        "B10",
                        LivenessHistoriesTest::new,
                        LivenessHistoriesTest::b10NewViewThatIsGone,
                        StableCandidates::new));
    }

    private static Stream<Arguments> checkpoints() {
        return Stream.of(
                history(
                        "A14",
                        CheckpointHistoriesTest::new,
                        CheckpointHistoriesTest::a14ViewChangeBeforeTheStart,
                        UnknownViewChange::new),
                history("A14 newest", StreamTest::new, StreamTest::a14HighestNotNewest, NewestViewChange::new),
                history(
                        "A14 late",
                        CheckpointHistoriesTest::new,
                        CheckpointHistoriesTest::a14LateSnapshot,
                        VouchesForTheForgotten::new),
                history(
                        "B11 shown",
                        CheckpointHistoriesTest::new,
                        CheckpointHistoriesTest::b11AllCertificatesAreShown,
                        ShowsOneCertificate::new),
                history(
                        "B11 kept",
                        CheckpointHistoriesTest::new,
                        CheckpointHistoriesTest::b11CheckpointThatKeepsTooMuch,
                        KeepsTooMuch::new),
                history(
                        "U12",
                        CheckpointHistoriesTest::new,
                        CheckpointHistoriesTest::u12CommitHiddenByACheckpoint,
                        OwnWord::new),
                history(
                        "latest",
                        CheckpointHistoriesTest::new,
                        CheckpointHistoriesTest::keptUntilStable,
                        ForgetsAtLatest::new),
                history(
                        "positions",
                        CheckpointHistoriesTest::new,
                        CheckpointHistoriesTest::namesWhatIsAboveIt,
                        NothingConcerns::new));
    }

    private static Stream<Arguments> rejoining() {
        return Stream.of(
                history(
                        "A5 votes",
                        RejoinHistoriesTest::new,
                        RejoinHistoriesTest::a5VotesOfTwoEpochs,
                        NothingIsVoid::new),
                history(
                        "A5 proposals",
                        RejoinHistoriesTest::new,
                        RejoinHistoriesTest::a5ProposalsOfTwoEpochs,
                        NothingIsVoid::new),
                history("A5 view", RejoinHistoriesTest::new, RejoinHistoriesTest::a5OldViewChange, NothingIsVoid::new),
                history(
                        "A15",
                        RejoinHistoriesTest::new,
                        RejoinHistoriesTest::a15CertificateWithoutState,
                        HandlesWithoutState::new),
                history(
                        "A14 epochs",
                        RejoinHistoriesTest::new,
                        RejoinHistoriesTest::a14LeftInTwoEpochs,
                        OldEpochBinds::new),
                history(
                        "B8 unknown",
                        RejoinHistoriesTest::new,
                        RejoinHistoriesTest::b8ViewChangeOfAnUnknownEpoch,
                        StartsBeforeItKnows::new),
                history(
                        "B8 invented",
                        RejoinHistoriesTest::new,
                        RejoinHistoriesTest::b8InventedViewChange,
                        BelievesUnproven::new),
                history(
                        "B8 invented epoch",
                        InventedUsigsTest::new,
                        InventedUsigsTest::b8PositionsOfAnInventedEpoch,
                        AnybodysWord::new),
                history(
                        "B8 invented UI",
                        InventedUsigsTest::new,
                        test -> test.b8ViewChangeOfAnInventedEpoch(0),
                        BelievesUnproven::new));
    }

    private static Stream<Arguments> bounds() {
        return Stream.of(
                history(
                        "U6",
                        LivenessHistoriesTest::new,
                        LivenessHistoriesTest::u6StreamWithoutACheckpoint,
                        KeepsEverything::new),
                history(
                        "orders",
                        LivenessHistoriesTest::new,
                        LivenessHistoriesTest::countsInALowerView,
                        ForgetsOrders::new));
    }

    private static <H extends History> Arguments history(
            String name, Supplier<H> test, Consumer<H> history, Supplier<MinParts> broken) {
        Runnable without = () -> {
            H instance = test.get();
            instance.rules = broken.get();
            history.accept(instance);
        };
        return arguments(name, without);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void failsWithoutItsRule(String name, Runnable without) {
        assertThatThrownBy(without::run).isInstanceOf(AssertionError.class);
    }
}
