package dev.quorate.core.smr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.TestCluster;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.pbft.LoopbackCluster;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who has forgotten what it said waits for a checkpoint, and the primary is one of two faulty replicas. K = 4, L = 8. */
class RejoinWaitTest {
    private static final int PATIENCE = Limit.VIEW_TIMEOUT.defaultValue() / Limit.STATUS_INTERVAL.defaultValue();

    private static LoopbackCluster cluster(Protocol protocol, int replicas) {
        return cluster(protocol, replicas, 4, 8, Limit.PIPELINE_DEPTH.defaultValue());
    }

    private static LoopbackCluster cluster(Protocol protocol, int replicas, int interval, int window, int pipeline) {
        return new LoopbackCluster(TestCluster.of(
                protocol,
                replicas,
                1,
                Limits.defaults()
                        .with(Limit.CHECKPOINT_INTERVAL, interval)
                        .with(Limit.WINDOW, window)
                        .with(Limit.PIPELINE_DEPTH, pipeline)));
    }

    /** The last replica has forgotten everything, and its REJOIN is executed. */
    private static void rejoin(LoopbackCluster cluster, int replicas) {
        cluster.restartAmnesic(replicas - 1);
        while (cluster.notices(Notice.RejoinExecuted.class).size() < replicas - 1) {
            cluster.tick(1);
        }
        assertThat(cluster.notices(Notice.Rejoined.class)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"PBFT, 7", "MINBFT, 5"})
    @DisplayName("C6 without load a primary that proposes nothing is replaced, and the replica votes again")
    void c6ThePrimaryProposesNothing(Protocol protocol, int replicas) {
        LoopbackCluster cluster = cluster(protocol, replicas);
        rejoin(cluster, replicas);

        cluster.cutOff(0);
        cluster.tick(6 * PATIENCE);

        assertThat(cluster.status(1).view()).isEqualTo(new View(1));
        assertThat(cluster.notices(Notice.Rejoined.class)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"PBFT, 7", "MINBFT, 5"})
    @DisplayName("C6 the primary is not suspected when the window is used up")
    void c6TheWindowIsUsedUp(Protocol protocol, int replicas) {
        LoopbackCluster cluster = cluster(protocol, replicas);
        cluster.lose((from, to, message) -> message instanceof Checkpoint);
        rejoin(cluster, replicas);

        cluster.tick(3 * PATIENCE);

        assertThat(cluster.status(1).executed().value()).isEqualTo(8);
        assertThat(cluster.notices(Notice.PrimarySuspected.class)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"PBFT, 7", "MINBFT, 5"})
    @DisplayName("C6 the primary is not suspected while the services are busy")
    void c6TheServicesAreBusy(Protocol protocol, int replicas) {
        LoopbackCluster cluster = cluster(protocol, replicas);
        rejoin(cluster, replicas);
        cluster.keepBusy();

        cluster.tick(3 * PATIENCE);

        assertThat(cluster.status(1).executed().value()).isEqualTo(1);
        assertThat(cluster.notices(Notice.PrimarySuspected.class)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"PBFT,4,128,256,8", "PBFT,4,64,256,1", "MINBFT,3,128,256,8", "MINBFT,3,64,256,1"})
    @DisplayName("C6 a primary that orders null batches is not suspected, however long it takes to the checkpoint")
    void c6ItTakesLong(Protocol protocol, int replicas, int interval, int window, int pipeline) {
        LoopbackCluster cluster = cluster(protocol, replicas, interval, window, pipeline);
        cluster.restartAmnesic(replicas - 1);
        cluster.tick(200);
        assertThat(cluster.notices(Notice.PrimarySuspected.class)).isEmpty();
    }

    @Test
    @DisplayName("an interval counts if nothing was ordered although somebody waits for the next checkpoint")
    void countsIntervalsInWhichNothingIsOrdered() {
        CheckpointWait wait = new CheckpointWait();
        SequenceNumber stable = new SequenceNumber(4);
        SequenceNumber five = stable.next();
        wait.onTick(true, stable, true, stable);
        assertThat(wait.onTick(true, stable, true, stable)).isEqualTo(1);
        assertThat(wait.onTick(true, stable, true, stable)).isEqualTo(2);
        assertThat(wait.onTick(true, stable, true, five))
                .as("a null batch, too")
                .isZero();
        assertThat(wait.onTick(true, stable, false, five)).isZero();
        assertThat(wait.onTick(true, stable, true, five)).isEqualTo(1);
        wait.startOver();
        assertThat(wait.onTick(true, stable, true, five)).isEqualTo(1);
        assertThat(wait.onTick(true, five, true, five)).isZero();
        assertThat(wait.onTick(true, five, true, five)).isEqualTo(1);
        assertThat(wait.onTick(false, five, true, five)).isZero();
    }
}
