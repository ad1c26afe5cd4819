package dev.quorate.core.minbft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.Collected;
import dev.quorate.core.TestCluster;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.ReqViewChange;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.wire.Batches;
import dev.quorate.core.wire.Sealer;
import dev.quorate.crypto.Bytes;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is left in memory of what a faulty primary proposes. */
class ManyPreparesTest {
    private static final int VARIANTS = 3_000;
    /** Of its stream: what waits for its turn, and what was handled since the last stable checkpoint. */
    private static final int MOST_KEPT = 1_024 + 100;

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

    private void propose(MinSteps steps, int i, Collected<Batch> batches) {
        Request request = new Request(new RequestId(new ClientId(0), 1, i), Bytes.EMPTY);
        Batch variant = Batches.of(List.of(client.seal(request)), MinSteps.CLOCK, Bytes.EMPTY, Bytes.EMPTY);
        batches.add(variant);
        steps.on(steps.prepare(1, variant));
    }
}
