package dev.quorate.core.pbft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.TestCluster;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.smr.Notice;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A replica that the others left behind gets the state from them. K = 4, L = 8. */
class StateTransferTest {
    private final TestCluster keys = TestCluster.of(
            Protocol.PBFT,
            4,
            4,
            Limits.defaults()
                    .with(Limit.CHECKPOINT_INTERVAL, 4)
                    .with(Limit.WINDOW, 8)
                    .with(Limit.HISTORY_BYTES, 0));
    private final LoopbackCluster cluster = new LoopbackCluster(keys);
    private int requests;

    @Test
    @DisplayName("T1 a replica that lags beyond the log catches up, and is needed for a quorum afterwards")
    void t1AReplicaThatLagsBeyondTheLogCatchesUp() {
        cluster.cutOff(3);
        execute(50);
        cluster.heal(3);
        cluster.tick(15);
        assertThat(cluster.notices(Notice.StateTransferFinished.class)).isNotEmpty();
        assertThat(cluster.executed(3)).isEqualTo(cluster.executed(0));
        cluster.cutOff(2);
        execute(10);
        assertThat(cluster.executed(3)).hasSize(60);
    }

    @Test
    @DisplayName("T8 sessions come with the state: nothing executes twice")
    void t8SessionsComeWithTheState() {
        execute(20);
        cluster.restartEmpty(3);
        cluster.tick(15);
        assertThat(cluster.executed(3)).hasSize(20);
        execute(20);
        assertThat(cluster.executed(3)).isEqualTo(cluster.executed(0)).hasSize(40);
    }

    @Test
    @DisplayName("T2 a source that sends corrupt parts is found out, and others are asked")
    void t2CorruptPartsComeToNothing() {
        cluster.cutOff(3);
        execute(50);
        cluster.heal(3);
        cluster.corruptStateParts(0);
        cluster.corruptStateParts(1);
        cluster.tick(25);
        assertThat(cluster.executed(3)).isEqualTo(cluster.executed(2));
    }

    @Test
    @DisplayName("T5 a source that does not answer costs an interval, not the transfer")
    void t5ASilentSourceCostsAnInterval() {
        cluster.cutOff(3);
        execute(50);
        cluster.heal(3);
        cluster.lose((from, to, message) -> message.type() == MessageType.STATE_PART && from != 1);
        cluster.tick(25);
        assertThat(cluster.executed(3)).isEqualTo(cluster.executed(1));
    }

    @Test
    @DisplayName("T5 a source that does not answer does not hold up the transfer until the others have gone on")
    void t5ASilentSourceWhileTheTargetMovesOn() {
        cluster.cutOff(3);
        execute(50);
        cluster.heal(3);
        cluster.lose((from, to, message) -> message.type() == MessageType.STATE_PART && from == 0);
        for (int checkpoint = 0; checkpoint < 30; checkpoint++) {
            cluster.tick(1);
            execute(4);
        }
        assertThat(cluster.notices(Notice.StateTransferFinished.class)).isNotEmpty();
        assertThat(cluster.executed(3)).hasSizeGreaterThan(150);
    }

    @Test
    @DisplayName("T7 the target moves on and the primary dies meanwhile")
    void t7TheTargetMovesOnAndThePrimaryDies() {
        cluster.cutOff(3);
        execute(50);
        cluster.heal(3);
        cluster.lose((from, to, message) -> message.type() == MessageType.STATE_PART);
        cluster.tick(15);
        execute(30);
        cluster.disconnect(0);
        cluster.lose((from, to, message) -> false);
        cluster.run();
        cluster.request(0, "after", 1, 2, 3);
        cluster.tick(30);
        assertThat(cluster.status(3).view()).isGreaterThan(View.ZERO);
        assertThat(cluster.executed(3)).isEqualTo(cluster.executed(1)).endsWith("after");
    }

    @Test
    @DisplayName("G2 a replica whose service diverged notices, and repairs itself")
    void g2ADivergedReplicaRepairsItself() {
        execute(2);
        cluster.executed(3).set(0, "wrong");
        execute(4);
        assertThat(cluster.notices(Notice.Diverged.class)).isNotEmpty();
        cluster.tick(15);
        assertThat(cluster.executed(3)).isEqualTo(cluster.executed(0));
        execute(10);
        assertThat(cluster.executed(3)).isEqualTo(cluster.executed(0)).hasSize(16);
        assertThat(cluster.stable(3)).isEqualTo(cluster.stable(0));
    }

    @Test
    @DisplayName("G2 what a replica said while it had diverged does not have it mend itself again and again")
    void g2WhatItSaidOfLaterStatesDoesNotCount() {
        execute(2);
        cluster.executed(3).set(0, "wrong");
        // 3 vouches for 4 and 8 before it learns that it is wrong; at 8 the others are no quorum.
        cluster.lose((from, to, message) -> to == 3 && message instanceof Checkpoint);
        execute(2);
        cluster.cutOff(2);
        execute(4);
        assertThat(cluster.notices(Notice.Diverged.class)).isEmpty();
        cluster.lose((from, to, message) -> false);
        cluster.tick(15);
        assertThat(cluster.executed(3)).isEqualTo(cluster.executed(0)).hasSize(8);
        assertThat(cluster.stable(0)).isEqualTo(Steps.seq(4));
        cluster.heal(2);
        cluster.tick(5);
        execute(8);
        cluster.tick(5);
        assertThat(cluster.executed(3)).isEqualTo(cluster.executed(0)).hasSize(16);
        assertThat(cluster.stable(3)).isEqualTo(Steps.seq(16));
        assertThat(cluster.notices(Notice.Diverged.class)).hasSize(1);
        assertThat(cluster.notices(Notice.Equivocation.class)).isEmpty();
    }

    @Test
    @DisplayName("G2 a replica whose state was mended votes for what came meanwhile")
    void g2AMendedReplicaVotesForWhatCameMeanwhile() {
        execute(2);
        cluster.executed(3).set(0, "wrong");
        execute(2);
        assertThat(cluster.notices(Notice.Diverged.class)).isNotEmpty();
        cluster.cutOff(2);
        execute(1);
        assertThat(cluster.executed(0)).hasSize(4);
        cluster.tick(5);
        assertThat(cluster.executed(0)).hasSize(5).isEqualTo(cluster.executed(3));
        assertThat(cluster.status(0).view()).isEqualTo(View.ZERO);
    }

    /** Client 0's next requests, one batch each. */
    private void execute(int count) {
        for (int i = 0; i < count; i++) {
            cluster.request(0, "r" + ++requests, 0);
            cluster.run();
        }
    }
}
