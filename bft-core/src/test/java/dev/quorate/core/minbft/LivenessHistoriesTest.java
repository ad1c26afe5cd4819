package dev.quorate.core.minbft;

import static dev.quorate.core.minbft.MinSteps.named;
import static dev.quorate.core.minbft.MinSteps.position;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.Limit;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.TestCluster;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.FetchLog;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinNewView;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinStatus;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.message.ReqViewChange;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.StreamPosition;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.TimerId;
import dev.quorate.core.wire.Batches;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Histories in which MinBFT would stand still, or grow, without one of its rules. */
final class LivenessHistoriesTest extends History {
    /** Of replicas 0 and 1, who say from where on each stream matters after 4. */
    private static Verified<Stable> stableFour(MinSteps steps, long... counters) {
        StreamPosition[] positions = new StreamPosition[counters.length];
        for (int i = 0; i < counters.length; i++) {
            positions[i] = position(counters[i]);
        }
        return stableFour(steps, positions);
    }

    private static Verified<Stable> stableFour(MinSteps steps, StreamPosition... positions) {
        return steps.seal(new Stable(
                new ReplicaId(0),
                new StableCertificate(List.of(
                        steps.checkpoint(0, 4, positions).signed(),
                        steps.checkpoint(1, 4, positions).signed()))));
    }

    /** The first primary's PREPAREs up to {@code last}; the replica, a backup of three, executes them. */
    private static List<Verified<MinPrepare>> execute(MinSteps steps, int last) {
        List<Verified<MinPrepare>> prepares = new ArrayList<>();
        for (int at = 1; at <= last; at++) {
            prepares.add(steps.prepare(at, A));
        }
        steps.on(prepares);
        assertThat(steps.committed(last)).containsExactly(A.digest());
        return prepares;
    }

    @Test
    @DisplayName("B1 a VIEW-CHANGE that demands a batch which nobody has is not used")
    void b1BatchThatNobodyHas() {
        MinSteps steps = steps(5, 1);
        steps.on(steps.commit(4, steps.prepare(1, A))).demand(1, 2, 3, 4);
        steps.on(List.of(steps.viewChange(4, 1), steps.viewChange(2, 1)));
        assertThat(steps.said(MinNewView.class)).isEmpty();

        steps.on(steps.viewChange(3, 1));

        assertThat(steps.said(MinNewView.class))
                .singleElement()
                .satisfies(newView -> assertThat(newView.viewChanges())
                        .extracting(vc -> vc.replica().value())
                        .containsExactly(1, 2, 3));
        assertThat(steps.said(MinPrepare.class)).isEmpty();
    }

    @Test
    @DisplayName("B1 what a NEW-VIEW demands is voted for, however long ago its time was; nothing else is")
    void b1ProposedAgainAfterALongOutage() {
        MinSteps steps = steps(3, 2);
        Verified<MinPrepare> prepare = steps.prepare(1, A);
        steps.on(List.of(prepare, steps.commit(1, prepare))).on(new Event.ClockRead(MinSteps.CLOCK + 86_400_000));
        Verified<MinViewChange> left = steps.viewChange(1, 1);
        steps.demand(1, 0, 1).on(left);
        long own = steps.sent(MinViewChange.class).get(0).ui().counter();
        Verified<MinNewView> newView = steps.newView(1, 0, named(1, left.ui().counter()), named(2, own));

        steps.on(List.of(
                newView,
                steps.prepare(1, 1, A, newView.ui().counter()),
                steps.prepare(1, 2, B, newView.ui().counter())));

        assertThat(steps.said(MinCommit.class))
                .filteredOn(vote -> vote.prepare().view().equals(new View(1)))
                .extracting(vote -> vote.prepare().sequenceNumber().value())
                .containsExactly(1L);
    }

    /** Its primary says that it is {@code late} milliseconds later than it may be by the clocks of these tests. */
    private static Batch fromTheFuture(long late) {
        return Batches.of(
                List.of(TestCluster.pbft(4)
                        .clientSealer(0)
                        .seal(new Request(new RequestId(new ClientId(0), 1, 1), Bytes.EMPTY))),
                MinSteps.CLOCK + Limit.MAX_CLOCK_SKEW.defaultValue() + late,
                Bytes.EMPTY,
                Bytes.EMPTY);
    }

    @Test
    @DisplayName("P10 a VIEW-CHANGE that demands a batch of a time in the future is not used before that time")
    void p10TimeThatOnlyAFaultyPrimaryVouchesFor() {
        MinSteps steps = steps(3, 1);
        steps.on(List.of(steps.prepare(1, fromTheFuture(1)), steps.viewChange(0, 1)))
                .demand(1, 2);
        assertThat(steps.view()).isEqualTo(new View(1));
        steps.tick();
        assertThat(steps.said(MinNewView.class)).isEmpty();

        steps.on(new Event.ClockRead(MinSteps.CLOCK + 1)).tick();

        assertThat(steps.said(MinNewView.class))
                .singleElement()
                .satisfies(newView -> assertThat(newView.viewChanges())
                        .extracting(vc -> vc.replica().value())
                        .containsExactly(0, 1));
        assertThat(steps.said(MinPrepare.class)).hasSize(1);
    }

    @Test
    @DisplayName("P10 a view begins without the VIEW-CHANGE of a primary that proposed a time in the future")
    void p10BeginsWithoutTheFaultyPrimary() {
        MinSteps steps = steps(3, 1);
        steps.on(List.of(steps.prepare(1, fromTheFuture(86_400_000)), steps.viewChange(0, 1)))
                .demand(1, 2);

        steps.on(steps.viewChange(2, 1));

        assertThat(steps.said(MinNewView.class))
                .singleElement()
                .satisfies(newView -> assertThat(newView.viewChanges())
                        .extracting(vc -> vc.replica().value())
                        .containsExactly(1, 2));
        assertThat(steps.said(MinPrepare.class)).isEmpty();
    }

    @Test
    @DisplayName("P10 a backup does not vote for a time in the future, even if a NEW-VIEW demands it, before that time")
    void p10ProposedAgainTooEarly() {
        MinSteps steps = steps(3, 2);
        Batch early = fromTheFuture(1);
        steps.on(steps.prepare(1, early)).demand(1, 0, 1);
        List<Verified<MinViewChange>> left = List.of(steps.viewChange(0, 1), steps.viewChange(1, 1));
        Verified<MinNewView> newView = steps.newView(
                1,
                0,
                named(0, left.get(0).ui().counter()),
                named(1, left.get(1).ui().counter()));
        steps.on(left)
                .on(List.of(newView, steps.prepare(1, 1, early, newView.ui().counter())))
                .tick();
        assertThat(steps.said(MinCommit.class)).isEmpty();

        steps.on(new Event.ClockRead(MinSteps.CLOCK + 1)).tick();

        assertThat(steps.said(MinCommit.class)).hasSize(1);
    }

    @Test
    @DisplayName("B3 a CHECKPOINT counts although its sender's stream waits for a message")
    void b3CheckpointOfABlockedStream() {
        MinSteps steps = steps(3, 2);
        List<Verified<MinPrepare>> prepares = execute(steps, 4);
        steps.commit(1, prepares.get(0));
        steps.on(steps.commit(1, prepares.get(1)));
        assertThat(steps.handled().get(1)).isZero();

        steps.on(steps.checkpoint(1, 4, position(1), position(1), position(1)));

        assertThat(steps.stable().value()).isEqualTo(4);
    }

    /**
     * A replica of three that has executed 4 batches in view 0 sees them in view 1, too, but not the VIEW-CHANGE
     * without which it cannot judge them. Then they are stable, and nothing more is needed of the primary's stream
     * before {@code next}.
     */
    private static void begunAnewBelowTheCheckpoint(MinSteps steps, long next) {
        execute(steps, 4);
        steps.demand(1, 0, 1);
        Verified<MinViewChange> late = steps.viewChange(0, 1);
        Verified<MinViewChange> own = steps.viewChange(1, 1);
        Verified<MinNewView> newView = steps.newView(
                1, 0, named(0, late.ui().counter()), named(1, own.ui().counter()));
        steps.on(List.of(own, newView));
        for (int at = 1; at <= 4; at++) {
            steps.on(steps.prepare(1, at, A, newView.ui().counter()));
        }
        steps.on(stableFour(steps, late.ui().counter(), newView.ui().counter() + 5, 1));
        assertThat(steps.stable().value()).isEqualTo(4);

        steps.on(List.of(late, steps.prepare(1, next, B, newView.ui().counter())));
    }

    @Test
    @DisplayName("B3 who could not judge a view's proposals up to the stable checkpoint votes for the next one")
    void b3ProposalsThatCouldNotBeJudged() {
        MinSteps steps = steps(3, 2);

        begunAnewBelowTheCheckpoint(steps, 5);

        assertThat(steps.said(MinCommit.class))
                .filteredOn(vote -> vote.prepare().view().equals(new View(1)))
                .extracting(vote -> vote.prepare().sequenceNumber().value())
                .containsExactly(5L);
    }

    @Test
    @DisplayName("A1 who could not judge them votes for none that leaves out the first position above the checkpoint")
    void a1SkipsAboveTheCheckpoint() {
        MinSteps steps = steps(3, 2);

        begunAnewBelowTheCheckpoint(steps, 6);

        assertThat(steps.said(MinCommit.class))
                .filteredOn(vote -> vote.prepare().view().equals(new View(1)))
                .isEmpty();
    }

    @Test
    @DisplayName("B10 a view begins although a NEW-VIEW is gone that concerned only what is stable")
    void b10NewViewThatIsGone() {
        // NEW-VIEWs name nothing but VIEW-CHANGEs, but what was voted for names the NEW-VIEW that allowed it.
        MinSteps steps = steps(3, 2);
        execute(steps, 4);
        for (int gone = 1; gone <= 9; gone++) {
            steps.viewChange(1, 1);
        }
        steps.on(stableFour(steps, 1, 10, 1)).demand(2, 0, 1);

        steps.on(List.of(steps.prepare(1, 4, A, 5), steps.viewChange(1, 2)));

        assertThat(steps.said(MinNewView.class)).hasSize(1);
    }

    @Test
    @DisplayName("B10 a view does not begin before a NEW-VIEW is known that concerns what is not stable")
    void b10NewViewThatIsNeeded() {
        MinSteps steps = steps(3, 2);
        execute(steps, 4);
        for (int gone = 1; gone <= 9; gone++) {
            steps.viewChange(1, 1);
        }
        steps.on(stableFour(steps, 1, 10, 1)).demand(2, 0, 1);

        steps.on(List.of(steps.prepare(1, 5, A, 5), steps.viewChange(1, 2))).tick();

        assertThat(steps.said(MinNewView.class)).isEmpty();
        assertThat(steps.sent(FetchLog.class))
                .extracting(Verified::message)
                .contains(new FetchLog(new ReplicaId(2), new ReplicaId(1), 5));
    }

    @Test
    @DisplayName("U6 of a stream only so much is handled without a checkpoint, and the rest after it")
    void u6StreamWithoutACheckpoint() {
        MinSteps steps = steps(3, 2);
        List<Verified<MinPrepare>> prepares = execute(steps, 4);
        int said = 100;
        for (int i = 0; i < said; i++) {
            steps.on(steps.commit(1, prepares.get(0)));
        }
        // Two windows of votes, and 16 others.
        assertThat(steps.handled().get(1)).isEqualTo(2 * 2 * MinSteps.INTERVAL + 16);

        steps.on(stableFour(steps, 1, 90, 1));

        assertThat(steps.handled().get(1)).isEqualTo(said);
    }

    @Test
    @DisplayName("a replica that is alone in a higher view goes on counting what the others commit in theirs")
    void countsInALowerView() {
        MinSteps steps = steps(3, 2);
        execute(steps, 4);
        steps.demand(1, 0, 1);
        // Nothing above 4 was said, so that nothing of view 0 is kept.
        steps.on(stableFour(steps, 5, 1, 6));

        Verified<MinPrepare> prepare = steps.prepare(5, B);
        steps.on(List.of(prepare, steps.commit(1, prepare)));

        assertThat(steps.view()).isEqualTo(new View(1));
        assertThat(steps.committed(5)).containsExactly(B.digest());
    }

    @Test
    @DisplayName(
            "a primary that goes on in a view which all others have left does not have them keep what they said since")
    void whatIsKeptOfLowerViews() {
        MinSteps steps = steps(3, 2);
        execute(steps, 4);
        long views = Streams.LOWER_VIEWS + 10;
        for (long view = 1; view <= views; view++) {
            steps.demand(view, 0, 1);
        }
        List<Verified<MinViewChange>> left = steps.sent(MinViewChange.class);
        assertThat(left).hasSize((int) views);
        // It is the first primary's word that holds the lowest view down, above every checkpoint anew.
        steps.on(steps.prepare(5, B));
        long next = left.get(left.size() - 1).ui().counter() + 1;
        steps.on(stableFour(steps, 5, 1, next));
        assertThat(steps.stable().value()).isEqualTo(4);

        assertThat(isKept(steps, left.get(8))).isFalse();
        assertThat(isKept(steps, left.get(9))).isTrue();
    }

    private static boolean isKept(MinSteps steps, Verified<MinViewChange> own) {
        int before = steps.sent(MinViewChange.class).size();
        steps.on(steps.seal(
                new FetchLog(new ReplicaId(1), own.message().replica(), own.ui().counter())));
        return steps.sent(MinViewChange.class).size() > before;
    }

    @Test
    @DisplayName("A faulty replica does not lead one away into views of which the others do not know")
    void viewsThatTheOthersDoNotKnow() {
        MinSteps steps = steps(3, 2);
        steps.on(new Event.PeerDisconnected(new ReplicaId(0))).demand(1, 1);
        assertThat(steps.view()).isEqualTo(new View(1));

        steps.on(steps.seal(new MinStatus(
                new ReplicaId(1), new View(1), true, SequenceNumber.ZERO, SequenceNumber.ZERO, List.of(0L, 0L, 0L))));
        steps.on(new Event.TimerFired(new TimerId(TimerId.Kind.VIEW, new View(1))))
                .demand(2, 1);
        assertThat(steps.view()).isEqualTo(new View(1));

        // What has a UI, and its turn, everybody gets.
        steps.on(steps.viewChange(1, 1));
        steps.on(new Event.TimerFired(new TimerId(TimerId.Kind.VIEW, new View(1))));
        assertThat(steps.view()).isEqualTo(new View(2));
    }

    @Test
    @DisplayName("C5 what the starts of the streams show of the others' views is known after a restart")
    void c5RestartInAViewThatTheOthersHaveReached() {
        MinSteps steps = steps(3, 2);
        StreamPosition[] afterLeaving = new StreamPosition[3];
        for (int replica = 0; replica < 2; replica++) {
            Verified<MinViewChange> left = steps.viewChange(replica, 1);
            afterLeaving[replica] = position(left.ui().counter() + 1, left);
        }
        afterLeaving[2] = position(1);
        Verified<Stable> stable = stableFour(steps, afterLeaving);

        steps.restart(4, List.of(stable, steps.viewChange(2, 1))).tick();
        assertThat(steps.view()).isEqualTo(new View(1));
        steps.on(new Event.TimerFired(new TimerId(TimerId.Kind.VIEW, new View(1))));

        // Its timer runs, since all are in that view: so it wants the next one now.
        assertThat(steps.said(ReqViewChange.class))
                .extracting(ReqViewChange::view)
                .contains(new View(2));
    }

    @Test
    @DisplayName("C5 who crashed between handling that the others left a view and leaving it does so after the restart")
    void c5RestartBeforeLeaving() {
        MinSteps steps = steps(3, 2);

        steps.restart(0, List.of(steps.viewChange(0, 1), steps.viewChange(1, 1)));
        assertThat(steps.said(MinViewChange.class)).isEmpty();
        steps.tick();

        assertThat(steps.view()).isEqualTo(new View(1));
        assertThat(steps.said(MinViewChange.class))
                .extracting(MinViewChange::view)
                .containsExactly(new View(1));
    }

    @Test
    @DisplayName("C5 what was kept anew, behind all that was said later, has its turn first after a restart")
    void c5RestartWithRecordsOutOfOrder() {
        MinSteps steps = steps(3, 2);
        Verified<MinPrepare> prepare = steps.prepare(1, A);
        int said = 1100; // More than wait for an earlier one.
        List<Verified<? extends Message>> records = new ArrayList<>();
        for (int i = 0; i < said; i++) {
            records.add(steps.commit(2, prepare));
        }
        Collections.rotate(records, -1);

        steps.restart(0, records);

        assertThat(steps.handled().get(2)).isEqualTo(said);
    }

    @Test
    @DisplayName(
            "U6, C5 what was handled of a stream in many views is handled again after a restart, and what comes next")
    void u6RestartAfterManyViews() {
        MinSteps steps = steps(3, 2);
        List<Verified<? extends Message>> records = new ArrayList<>();
        records.add(stableFour(steps, 1, 2, 1));
        records.add(steps.viewChange(2, 40));
        Verified<MinPrepare> prepare = steps.prepare(5, A);
        int said = 1100; // There is room for that in 40 views, and not in one and among what waits.
        for (int i = 0; i < said; i++) {
            records.add(steps.commit(1, prepare));
        }

        steps.restart(4, records);
        assertThat(steps.handled().get(1)).isEqualTo(said);

        steps.on(steps.commit(1, prepare));
        assertThat(steps.handled().get(1)).isEqualTo(said + 1);
    }

    @Test
    @DisplayName("A NEW-VIEW begins behind what is stable when it gets its UI, not when it was wanted")
    void newViewThatWaitedForTheDisk() {
        MinSteps steps = steps(3, 1);
        for (int at = 1; at <= 6; at++) {
            steps.on(steps.prepare(at, A));
        }
        steps.demand(1, 0, 2).keptLater().on(steps.viewChange(0, 1));
        assertThat(steps.said(MinNewView.class)).isEmpty();
        steps.on(steps.checkpoint(0, 4, position(1), position(1), position(1)));
        assertThat(steps.stable().value()).isEqualTo(4);

        steps.kept();

        assertThat(steps.said(MinNewView.class))
                .singleElement()
                .satisfies(newView -> assertThat(newView.low().value()).isEqualTo(4));
        assertThat(steps.said(MinPrepare.class))
                .extracting(MinPrepare::sequenceNumber)
                .extracting(SequenceNumber::value)
                .containsExactly(5L, 6L);
        assertThat(steps.said(MinPrepare.class)).extracting(MinPrepare::digest).containsOnly(A.digest());
    }

    @Test
    @DisplayName("C5 a primary whose state comes after its view has begun goes on behind that")
    void c5RestartWithTheStateComingLater() {
        MinSteps steps = steps(3, 1);
        for (int at = 1; at <= 4; at++) {
            steps.prepare(at, A);
        }
        Verified<MinPrepare> late = steps.prepare(5, A); // Of the view that it had left.
        Verified<MinViewChange> other = steps.viewChange(2, 1);
        Verified<MinViewChange> own = steps.viewChange(1, 1);
        Verified<MinNewView> newView = steps.newView(
                1, 4, named(1, own.ui().counter()), named(2, other.ui().counter()));
        Verified<Stable> stable = stableFour(steps, 5, 1, 1);

        steps.installsLater()
                .restart(4, List.of(stable, other, own, newView, late))
                .tick()
                .installed(4)
                .on(MinSteps.request(1, Bytes.EMPTY))
                .on(new Event.Drained(MinSteps.CLOCK))
                .tick();

        assertThat(steps.said(MinPrepare.class))
                .extracting(MinPrepare::sequenceNumber)
                .extracting(SequenceNumber::value)
                .containsExactly(5L);
        assertThat(steps.said(ReqViewChange.class)).isEmpty();
    }

    @Test
    @DisplayName("While nothing can be discarded nothing is kept anew, however often the window moves")
    void nothingIsKeptAnewWithoutADiscard() {
        MinSteps steps = steps(3, 2).executesLater();
        for (int at = 1; at <= 8; at++) {
            steps.on(steps.prepare(at, MinSteps.batch(at, Bytes.wrap(new byte[100_000]))));
        }
        long handled = steps.keptBytes();
        assertThat(handled).isGreaterThan(800_000);
        for (int at = 16; at <= 640; at += 4) {
            steps.on(steps.seal(new Stable(
                    new ReplicaId(0),
                    new StableCertificate(List.of(
                            steps.checkpoint(0, at, position(9), position(1), position(9))
                                    .signed(),
                            steps.checkpoint(1, at, position(9), position(1), position(9))
                                    .signed())))));
        }
        assertThat(steps.stable().value()).isEqualTo(640);
        assertThat(steps.discarded()).isEmpty();
        assertThat(steps.keptBytes()).isLessThan(2 * handled);
    }

    @Test
    @DisplayName("A primary that was left behind leaves out no position, so that its order does not break")
    void aPrimaryThatWasLeftBehind() {
        MinSteps steps = steps(3, 0);
        Verified<MinPrepare> own = steps.prepare(1, A);
        Verified<Stable> stable = stableFour(steps, 1, 1, 1);

        steps.restart(4, List.of(stable, own))
                .on(MinSteps.request(1, Bytes.EMPTY))
                .tick();

        assertThat(steps.said(MinPrepare.class)).isEmpty();
        assertThat(steps.said(ReqViewChange.class)).isNotEmpty();
    }

    @Test
    @DisplayName(
            "C5 who restarts as primary and no longer knows what its NEW-VIEW demands proposes nothing else instead")
    void c5RestartBehindTheOwnNewView() {
        MinSteps steps = steps(3, 1);
        Verified<MinViewChange> left = steps.viewChange(0, 1);
        Verified<MinViewChange> own = steps.viewChange(1, 1);
        Verified<MinNewView> newView = steps.newView(
                1, 0, named(0, left.ui().counter()), named(1, own.ui().counter()));
        Verified<Stable> stable = stableFour(steps, 1, 1, 1);

        steps.restart(4, List.of(stable, left, own, newView)).tick().tick();

        assertThat(steps.view()).isEqualTo(new View(1));
        assertThat(steps.said(MinPrepare.class)).isEmpty();
    }
}
