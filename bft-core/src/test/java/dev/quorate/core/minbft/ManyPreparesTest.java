package dev.quorate.core.minbft;

import static dev.quorate.core.minbft.MinSteps.position;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.Collected;
import dev.quorate.core.TestCluster;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.ReqViewChange;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.StreamPosition;
import dev.quorate.core.wire.Batches;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
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

    private void propose(MinSteps steps, int i, Collected<Batch> batches) {
        Request request = new Request(new RequestId(new ClientId(0), 1, i), Bytes.EMPTY);
        Batch variant = Batches.of(List.of(client.seal(request)), MinSteps.CLOCK, Bytes.EMPTY, Bytes.EMPTY);
        batches.add(variant);
        steps.on(steps.prepare(1, variant));
    }
}
