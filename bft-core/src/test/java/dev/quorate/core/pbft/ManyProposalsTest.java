package dev.quorate.core.pbft;

import static dev.quorate.core.pbft.Steps.batch;
import static dev.quorate.core.pbft.Steps.prePrepare;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Collected;
import dev.quorate.core.Limits;
import dev.quorate.core.message.Batch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is left in memory of what a faulty primary proposes. */
class ManyProposalsTest {
    private static final int VARIANTS = 300;

    @Test
    @DisplayName("P9 of many batches for one position one is kept")
    void p9OneBatchIsKeptOfManyForOnePosition() {
        Steps backup = Steps.replica(1, Limits.defaults());
        Collected<Batch> batches = new Collected<>();
        for (int i = 0; i < VARIANTS; i++) {
            propose(backup, i, batches);
        }
        backup.drained().whatever();
        assertThat(backup.status().logEntries()).isEqualTo(1);
        assertThat(batches.left()).isEqualTo(1);
    }

    /** On a frame of its own, so that nothing else refers to the batch. */
    private static void propose(Steps backup, int i, Collected<Batch> batches) {
        Batch variant = batch(backup.request(0, 1, "variant " + i));
        batches.add(variant);
        backup.on(prePrepare(0, 1, variant)).whatever();
    }
}
