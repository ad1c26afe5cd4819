package dev.quorate.core.minbft;

import static dev.quorate.core.minbft.MinSteps.named;
import static dev.quorate.core.minbft.MinSteps.position;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.Collected;
import dev.quorate.core.TestCluster;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinNewView;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.message.ReqViewChange;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.StreamPosition;
import dev.quorate.core.wire.Batches;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is left in memory of what a faulty primary proposes. */
class ManyPreparesTest {
    private static final int VARIANTS = 3_000;
    /** Of its stream: what waits for its turn, and what was handled since the last stable checkpoint. */
    private static final int MOST_KEPT = 1_024 + 100;

    private static final int CHECKPOINTS = 20;
    /** The counter of a NEW-VIEW that does not come. */
    private static final long NEVER_SAID = 1_000_000;

    /** Of large batches, so many exceed what is kept of a stream if they are not in order. */
    private static final int LARGE_ONES = 4;

    private final Batch large = MinSteps.batch(1, Bytes.wrap(new byte[17 << 20]));

    private final Sealer client = TestCluster.pbft(4).clientSealer(0);

    @Test
    @DisplayName("P9 of many batches for one position few are kept, and the primary is suspected")
    void p9FewBatchesAreKeptOfManyForOnePosition() {
        MinSteps steps = new MinSteps(3, 1);
        Collected<Batch> batches = new Collected<>();
        for (int i = 1; i <= VARIANTS; i++) {
            propose(steps, i, batches);
        }
        assertThat(steps.said(ReqViewChange.class)).isNotEmpty();
        assertThat(batches.left()).isLessThanOrEqualTo(MOST_KEPT);
    }

    @Test
    @DisplayName("P9 proposals that name a NEW-VIEW which their primary never says are kept for few checkpoints only")
    void p9ProposalsThatCannotBeJudged() {
        MinSteps steps = new MinSteps(3, 2).demand(3, 0, 1);
        Collected<Batch> batches = new Collected<>();
        int at = 0;
        while (at < CHECKPOINTS * MinSteps.INTERVAL) {
            at++;
            Verified<MinPrepare> prepare = steps.prepare(at, MinSteps.batch(at));
            Batch neverJudged = MinSteps.batch(VARIANTS + at);
            batches.add(neverJudged);
            steps.on(List.of(prepare, steps.prepare(1, at, neverJudged, NEVER_SAID)));
            Verified<MinCommit> vote = steps.commit(1, prepare);
            steps.on(vote);
            if (at % MinSteps.INTERVAL == 0) {
                StreamPosition[] next = {
                    position(prepare.ui().place() + 1), position(vote.ui().place() + 1), position(2)
                };
                steps.on(steps.checkpoint(0, at, next));
            }
        }
        assertThat(steps.stable().value()).isEqualTo(at);
        assertThat(batches.left()).isLessThanOrEqualTo(4 * MinSteps.INTERVAL);
    }

    @Test
    @DisplayName("X4 of what is not in order few bytes are handled before the next checkpoint")
    void x4BytesThatAreNotInOrder() {
        MinSteps steps = new MinSteps(3, 2).snapshotsLater();
        for (int at = 1; at <= MinSteps.INTERVAL; at++) {
            steps.on(steps.prepare(at, MinSteps.batch(at)));
        }
        for (int i = 1; i <= LARGE_ONES + 1; i++) {
            steps.on(steps.prepare(MinSteps.INTERVAL, large));
        }
        long kept = MinSteps.INTERVAL + LARGE_ONES;
        assertThat(steps.handled().get(0)).isEqualTo(kept);

        StreamPosition[] next = {position(kept + 1), position(1), position(1)};
        steps.on(List.of(steps.checkpoint(0, MinSteps.INTERVAL, next), steps.checkpoint(1, MinSteps.INTERVAL, next)));

        assertThat(steps.stable().value()).isEqualTo(MinSteps.INTERVAL);
        assertThat(steps.handled().get(0)).isEqualTo(kept + 1);
    }

    @Test
    @DisplayName("X4 a primary whose proposals are large and in order does not wait for a checkpoint")
    void x4BytesInOrder() {
        MinSteps steps = new MinSteps(3, 2);
        for (int at = 1; at <= LARGE_ONES + 1; at++) {
            steps.on(steps.prepare(at, large));
        }
        assertThat(steps.handled().get(0)).isEqualTo(LARGE_ONES + 1);
    }

    @Test
    @DisplayName("X4 what was handled before a restart is handled again, in order or not yet known to be")
    void x4BytesNotKnownToBeInOrderAfterARestart() {
        MinSteps steps = new MinSteps(3, 2);
        Verified<MinViewChange> late = steps.viewChange(0, 1);
        Verified<MinViewChange> left = steps.viewChange(1, 1);
        Verified<MinNewView> newView = steps.newView(
                1, 0, named(0, late.ui().counter()), named(1, left.ui().counter()));
        List<Verified<? extends Message>> records = new ArrayList<>(List.of(steps.viewChange(2, 1), left, newView));
        // Twice as many: those that would have to wait would not fit in there, either.
        for (int at = 1; at <= 2 * LARGE_ONES; at++) {
            records.add(steps.prepare(1, at, large, newView.ui().counter()));
        }
        records.add(late);

        steps.restart(0, records);

        assertThat(steps.handled().get(1)).isEqualTo(newView.ui().counter() + 2 * LARGE_ONES);
    }

    private void propose(MinSteps steps, int i, Collected<Batch> batches) {
        Request request = new Request(new RequestId(new ClientId(0), 1, i), Bytes.EMPTY);
        Batch variant = Batches.of(List.of(client.seal(request)), MinSteps.CLOCK, Bytes.EMPTY, Bytes.EMPTY);
        batches.add(variant);
        steps.on(steps.prepare(1, variant));
    }
}
