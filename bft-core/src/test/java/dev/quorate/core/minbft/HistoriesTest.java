package dev.quorate.core.minbft;

import static dev.quorate.core.minbft.MinSteps.named;
import static dev.quorate.core.minbft.MinSteps.position;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.View;
import dev.quorate.core.message.FetchLog;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinNewView;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.wire.Verified;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Histories that break MinBFT without one of its rules, seen by one correct replica. */
final class HistoriesTest extends History {
    @Test
    @DisplayName("A1 a primary that skips a position and comes back to it is not voted for any more")
    void a1OrderBreaks() {
        MinSteps steps = steps(3, 2);

        steps.on(List.of(steps.prepare(2, A), steps.prepare(1, X), steps.prepare(2, B)));

        assertThat(steps.said(MinCommit.class)).isEmpty();
        assertThat(steps.committed(2)).isEmpty();
    }

    @Test
    @DisplayName(
            "A2 a primary that contradicts its own NEW-VIEW is not voted for, and the view after it keeps the batch")
    void a2ContradictingOnesOwnNewView() {
        MinSteps steps = steps(3, 2);
        Verified<MinPrepare> prepare = steps.prepare(1, A);
        Verified<MinCommit> vote = steps.commit(1, prepare);
        Verified<MinViewChange> first = steps.viewChange(1, 1);
        steps.on(vote).demand(1, 0, 1).on(first);
        // Replica 2 has not seen the PREPARE; its own VIEW-CHANGE is its first message.
        Verified<MinNewView> newView = steps.newView(1, 0, named(1, first.ui().counter()), named(2, 1));
        steps.on(newView).on(steps.prepare(1, 1, B, newView.ui().counter())).on(prepare);
        assertThat(steps.said(MinCommit.class)).isEmpty();

        steps.demand(2, 0, 1).on(steps.viewChange(1, 2));

        assertThat(steps.said(MinNewView.class)).hasSize(1);
        assertThat(steps.said(MinPrepare.class)).extracting(MinPrepare::digest).containsExactly(A.digest());
    }

    @Test
    @DisplayName("A2 a proposal far above the window waits, and makes no null batches")
    void a2ProposalFarAboveTheWindow() {
        MinSteps steps = steps(3, 1);
        steps.on(steps.prepare(1L << 60, A)).demand(1, 0, 2);

        steps.on(steps.viewChange(0, 1));
        assertThat(steps.said(MinNewView.class)).isEmpty();

        steps.on(steps.viewChange(2, 1));
        assertThat(steps.said(MinNewView.class)).hasSize(1);
        assertThat(steps.said(MinPrepare.class)).isEmpty();
    }

    @Test
    @DisplayName("A3 what a replica votes after its VIEW-CHANGE counts for nobody")
    void a3VotingAfterOnesOwnViewChange() {
        MinSteps steps = steps(5, 1);
        Verified<MinPrepare> prepare = steps.prepare(1, A);
        steps.on(prepare).demand(1, 2, 3, 4);

        steps.on(List.of(steps.viewChange(2, 1), steps.commit(2, prepare)));
        assertThat(steps.committed(1)).isEmpty();

        steps.on(steps.commit(3, prepare));
        assertThat(steps.committed(1)).containsExactly(A.digest());
    }

    @Test
    @DisplayName("A12 a vote for a PREPARE counts only when the primary's stream was handled up to it, in order")
    void a12CommitAheadOfItsPrepare() {
        MinSteps steps = steps(5, 2);
        Verified<MinPrepare> one = steps.prepare(1, A);
        Verified<MinPrepare> other = steps.prepare(1, B);

        steps.on(List.of(other, steps.commit(3, other), steps.commit(4, other)));
        assertThat(steps.committed(1)).isEmpty();

        steps.on(one);
        assertThat(steps.committed(1)).isEmpty();
        assertThat(steps.said(MinCommit.class))
                .extracting(vote -> vote.prepare().digest())
                .containsExactly(A.digest());
    }

    @Test
    @DisplayName("A13 (a) a VIEW-CHANGE counts only when everything before it has been handled")
    void a13HiddenNewView() {
        MinSteps steps = steps(3, 2);
        steps.demand(1, 0, 1);
        Verified<MinViewChange> own = steps.sent(MinViewChange.class).get(0);
        Verified<MinViewChange> first = steps.viewChange(1, 1);
        Verified<MinNewView> hidden = steps.newView(
                1, 0, named(1, first.ui().counter()), named(2, own.ui().counter()));
        Verified<MinPrepare> prepare = steps.prepare(1, 1, B, hidden.ui().counter());
        Verified<MinViewChange> second = steps.viewChange(1, 2);
        // Replica 0 has committed B with these, and is gone.
        steps.on(first).demand(2, 0, 1).on(second);
        assertThat(steps.said(MinNewView.class)).isEmpty();

        steps.tick();
        assertThat(steps.sent(FetchLog.class))
                .extracting(Verified::message)
                .contains(new FetchLog(
                        new ReplicaId(2), new ReplicaId(1), hidden.ui().counter()));
        steps.on(List.of(prepare, hidden));
        assertThat(steps.said(MinNewView.class)).hasSize(1);
        assertThat(steps.said(MinPrepare.class)).extracting(MinPrepare::digest).containsExactly(B.digest());
    }

    @Test
    @DisplayName("A13 (b) a batch that only those count who began to follow the primary later is proposed again")
    void a13CountedByWhoBeganLater() {
        // Replica 1 saw the primary repeat a position, and votes no more; the votes of others show the last PREPARE.
        MinSteps steps = steps(5, 1);
        List<Verified<MinPrepare>> prepares = new ArrayList<>();
        prepares.add(steps.prepare(1, A));
        prepares.add(steps.prepare(2, A));
        prepares.add(steps.prepare(2, A));
        prepares.add(steps.prepare(3, B));
        steps.on(prepares);
        assertThat(steps.said(MinCommit.class)).hasSize(2);

        Verified<MinCommit> vote = steps.commit(4, prepares.get(3));
        steps.on(vote).demand(1, 2, 3, 4).on(List.of(steps.viewChange(2, 1), steps.viewChange(4, 1)));

        assertThat(steps.said(MinPrepare.class))
                .filteredOn(again -> again.sequenceNumber().value() == 3)
                .extracting(MinPrepare::digest)
                .containsExactly(B.digest());
    }

    @Test
    @DisplayName("A13 (c) who began a view twice is not voted for")
    void a13TwoNewViews() {
        MinSteps steps = steps(3, 2);
        steps.demand(1, 0, 1);
        Verified<MinViewChange> left = steps.viewChange(1, 1);
        Verified<MinNewView> one = steps.newView(1, 0, named(1, left.ui().counter()), named(2, 1));
        Verified<MinNewView> two = steps.newView(1, 0, named(1, left.ui().counter()), named(2, 1));

        steps.on(List.of(left, one, two, steps.prepare(1, 1, B, two.ui().counter())));

        assertThat(steps.said(MinCommit.class)).isEmpty();
    }

    @Test
    @DisplayName("A13 (d) a NEW-VIEW is judged for its own view, although a PREPARE of another view names it")
    void a13NamedByAnotherView() {
        // Replica 1 is the primary of views 1 and 4.
        MinSteps steps = steps(3, 2);
        steps.demand(4, 0, 1);
        long own = steps.sent(MinViewChange.class).get(0).ui().counter();
        Verified<MinPrepare> lower = steps.prepare(1, 1, B, 3);
        Verified<MinViewChange> left = steps.viewChange(1, 4);
        Verified<MinNewView> newView = steps.newView(4, 0, named(1, left.ui().counter()), named(2, own));
        assertThat(newView.ui().counter()).isEqualTo(3);

        steps.on(List.of(lower, left, newView, steps.prepare(4, 1, A, 3)));

        assertThat(steps.said(MinCommit.class))
                .extracting(vote -> vote.prepare().view())
                .containsExactly(new View(4));
    }

    @Test
    @DisplayName("U1 a gap is asked for, and nothing behind it counts before")
    void u1Gap() {
        MinSteps steps = steps(5, 1);
        Verified<MinPrepare> one = steps.prepare(1, A);
        Verified<MinPrepare> two = steps.prepare(2, B);
        steps.on(List.of(one, two));
        Verified<MinCommit> missing = steps.commit(2, one);

        steps.on(steps.commit(2, two)).tick();
        assertThat(steps.committed(2)).isEmpty();
        assertThat(steps.sent(FetchLog.class))
                .extracting(Verified::message)
                .contains(new FetchLog(
                        new ReplicaId(1), new ReplicaId(2), missing.ui().counter()));

        steps.on(missing);
        assertThat(steps.committed(1)).containsExactly(A.digest());
        assertThat(steps.committed(2)).containsExactly(B.digest());
    }

    @Test
    @DisplayName("U2 a vote that is repeated, with the same counter or with a new one, counts once")
    void u2RepeatedVote() {
        MinSteps steps = steps(5, 1);
        Verified<MinPrepare> prepare = steps.prepare(1, A);
        steps.demand(1, 2, 3, 4).on(prepare);
        Verified<MinCommit> vote = steps.commit(2, prepare);

        steps.on(List.of(vote, vote, steps.commit(2, prepare)));
        assertThat(steps.committed(1)).isEmpty();

        steps.on(steps.commit(3, prepare));
        assertThat(steps.committed(1)).containsExactly(A.digest());
    }

    @Test
    @DisplayName("U2 of a replica's votes for two PREPAREs at one position the first stands")
    void u2FirstVoteStands() {
        MinSteps steps = steps(5, 1);
        Verified<MinPrepare> prepare = steps.prepare(1, A);
        Verified<MinPrepare> other = steps.prepare(1, B);
        steps.demand(1, 2, 3, 4).on(prepare);

        steps.on(List.of(steps.commit(2, other), steps.commit(2, prepare), steps.commit(3, prepare)));
        assertThat(steps.committed(1)).isEmpty();

        steps.on(steps.commit(4, prepare));
        assertThat(steps.committed(1)).containsExactly(A.digest());
    }

    @Test
    @DisplayName("what is above the window waits until that moves")
    void whatIsAboveTheWindowWaits() {
        MinSteps steps = steps(3, 2);
        for (long at = 1; at <= 2 * MinSteps.INTERVAL + 1; at++) {
            steps.on(steps.prepare(at, A));
        }
        assertThat(steps.handled().get(0)).isEqualTo(2 * MinSteps.INTERVAL);

        steps.on(steps.checkpoint(1, MinSteps.INTERVAL, position(1), position(1), position(1)));
        assertThat(steps.stable().value()).isEqualTo(MinSteps.INTERVAL);
        assertThat(steps.handled().get(0)).isEqualTo(2 * MinSteps.INTERVAL + 1);
    }

    @Test
    @DisplayName("U5 a NEW-VIEW that names something else than VIEW-CHANGEs for its view does not begin it")
    void u5NewViewThatNamesSomethingElse() {
        MinSteps steps = steps(3, 2);
        Verified<MinCommit> vote = steps.commit(1, steps.prepare(1, A));
        steps.on(vote).demand(1, 0, 1);
        Verified<MinNewView> newView = steps.newView(1, 0, named(1, vote.ui().counter()), named(2, 1));

        steps.on(newView).on(steps.prepare(1, 1, B, newView.ui().counter()));

        assertThat(steps.view()).isEqualTo(new View(1));
        assertThat(steps.said(MinCommit.class)).isEmpty();
    }

    @Test
    @DisplayName("U8 who saw a PREPARE inside a COMMIT only asks for the primary's stream")
    void u8PrepareSeenInsideACommit() {
        MinSteps steps = steps(3, 1);
        Verified<MinPrepare> prepare = steps.prepare(1, A);
        steps.on(steps.commit(2, prepare));
        assertThat(steps.committed(1)).isEmpty();

        steps.on(prepare);
        assertThat(steps.committed(1)).containsExactly(A.digest());
    }

    @Test
    @DisplayName("U9 a hole that is never filled stops nobody but the one who made it")
    void u9BurntCounter() {
        MinSteps steps = steps(5, 1);
        steps.seal(new MinViewChange(new ReplicaId(4), new View(9)));
        Verified<MinPrepare> prepare = steps.prepare(1, A);

        steps.on(List.of(prepare, steps.commit(4, prepare)));
        assertThat(steps.committed(1)).isEmpty();
        steps.on(steps.commit(2, prepare));

        assertThat(steps.committed(1)).containsExactly(A.digest());
    }

    @Test
    @DisplayName("U7 a primary that began a view in an earlier life enters it when it has the batches again")
    void u7PrimaryWithoutTheBatches() {
        MinSteps steps = steps(3, 1);
        Verified<MinPrepare> prepare = steps.prepare(1, A);
        Verified<MinCommit> vote = steps.commit(2, prepare);
        Verified<MinViewChange> own = steps.viewChange(1, 1);
        Verified<MinViewChange> other = steps.viewChange(2, 1);
        Verified<MinNewView> newView = steps.newView(
                1, 0, named(1, own.ui().counter()), named(2, other.ui().counter()));
        steps.demand(1, 0, 2).on(List.of(own, newView, vote, other));
        assertThat(steps.said(MinPrepare.class)).isEmpty();

        steps.on(prepare);

        assertThat(steps.said(MinPrepare.class)).extracting(MinPrepare::digest).containsExactly(A.digest());
    }

    @Test
    @DisplayName("U5 a NEW-VIEW that names a VIEW-CHANGE for another view does not begin it")
    void u5ViewChangeForAnotherView() {
        MinSteps steps = steps(3, 0);
        Verified<MinViewChange> lower = steps.viewChange(2, 1);
        steps.on(lower).demand(2, 1, 2);
        Verified<MinNewView> newView =
                steps.newView(2, 0, named(0, 1), named(2, lower.ui().counter()));

        steps.on(newView).on(steps.prepare(2, 1, B, newView.ui().counter()));

        assertThat(steps.view()).isEqualTo(new View(2));
        assertThat(steps.said(MinCommit.class)).isEmpty();
    }

    @Test
    @DisplayName("V3 of what was proposed in several views, that of the highest is proposed again")
    void v3HighestViewWins() {
        MinSteps steps = steps(3, 2);
        steps.demand(1, 0, 1);
        Verified<MinPrepare> old = steps.prepare(1, A);
        Verified<MinViewChange> left = steps.viewChange(1, 1);
        Verified<MinNewView> newView = steps.newView(1, 0, named(1, left.ui().counter()), named(2, 1));
        Verified<MinPrepare> prepare = steps.prepare(1, 1, B, newView.ui().counter());
        steps.on(List.of(old, left, newView, prepare, steps.commit(1, old)));

        steps.demand(2, 0, 1).on(steps.viewChange(1, 2));

        assertThat(steps.said(MinPrepare.class)).extracting(MinPrepare::digest).containsExactly(B.digest());
    }

    @Test
    @DisplayName("A1 of what was proposed in one view for one position, the first is proposed again")
    void a1FirstOfAViewWins() {
        MinSteps steps = steps(3, 1);
        Verified<MinPrepare> first = steps.prepare(1, A);
        Verified<MinPrepare> second = steps.prepare(1, B);
        steps.on(List.of(first, second, steps.commit(2, second))).demand(1, 0, 2);

        steps.on(steps.viewChange(2, 1));

        assertThat(steps.said(MinPrepare.class)).extracting(MinPrepare::digest).containsExactly(A.digest());
    }
}
