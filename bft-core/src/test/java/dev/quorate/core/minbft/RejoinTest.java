package dev.quorate.core.minbft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.TestCluster;
import dev.quorate.core.TestUsigs;
import dev.quorate.core.View;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.message.Rejoin;
import dev.quorate.core.pbft.LoopbackCluster;
import dev.quorate.core.smr.Notice;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Replicas of MinBFT that have forgotten what they said rejoin with a USIG of a new epoch. n = 3, K = 4, L = 8. */
class RejoinTest {
    private final TestCluster keys = TestCluster.of(
            Protocol.MINBFT,
            3,
            4,
            Limits.defaults().with(Limit.CHECKPOINT_INTERVAL, 4).with(Limit.WINDOW, 8));
    private final LoopbackCluster cluster = new LoopbackCluster(keys);
    private int requests;

    private void execute(int times) {
        for (int i = 0; i < times; i++) {
            cluster.request(0, "op" + requests++, 0, 1, 2);
            cluster.run();
        }
    }

    private void rejoin(int replica) {
        int before = cluster.notices(Notice.Rejoined.class).size();
        cluster.restartAmnesic(replica);
        for (int ticks = 0;
                ticks < 200 && cluster.notices(Notice.Rejoined.class).size() == before;
                ticks++) {
            cluster.tick(1);
        }
        assertThat(cluster.notices(Notice.Rejoined.class)).hasSize(before + 1);
        cluster.tick(5);
    }

    @Test
    @DisplayName("C6, U3 a replica without disk and counter says nothing until it may, and then counts with a new USIG")
    void c6AReplicaWithoutItsDiskRejoins() {
        execute(11);
        cluster.restartAmnesic(2);
        cluster.takeSent();
        cluster.tick(2);
        assertThat(cluster.takeSent().stream().filter(said -> said.startsWith(new ReplicaId(2) + " ")))
                .containsExactly(new ReplicaId(2) + " REJOIN");
        cluster.tick(40);
        assertThat(cluster.notices(Notice.Rejoined.class)).hasSize(1);
        cluster.cutOff(1);
        execute(5);
        assertThat(cluster.executed(2)).hasSize(16).isEqualTo(cluster.executed(0));
    }

    @Test
    @DisplayName("U3 a replica that loses its counter again and again comes back each time")
    void u3AgainAndAgain() {
        for (int life = 1; life <= 6; life++) {
            execute(1);
            rejoin(2);
        }
        cluster.cutOff(1);
        execute(9);
        assertThat(cluster.executed(2)).hasSize(15).isEqualTo(cluster.executed(0));
    }

    @Test
    @DisplayName("C6 a replica that loses its disk while it rejoins begins that anew, with another epoch")
    void c6ASecondLossWhileRejoining() {
        execute(11);
        cluster.lose((from, to, message) -> message.type() == MessageType.CHECKPOINT);
        cluster.restartAmnesic(2);
        cluster.tick(3);
        assertThat(cluster.notices(Notice.RejoinExecuted.class)).isNotEmpty();
        cluster.lose((from, to, message) -> false);
        rejoin(2);
        cluster.cutOff(1);
        execute(1);
        assertThat(cluster.executed(2)).hasSize(12);
    }

    @Test
    @DisplayName("C6 the primary without its disk does not propose: the others go on without it")
    void c6ThePrimaryWithoutItsDisk() {
        execute(5);
        cluster.restartAmnesic(0);
        cluster.deliverDisconnect(1, 0);
        cluster.deliverDisconnect(2, 0);
        cluster.tick(80);
        execute(1);
        cluster.tick(3);
        assertThat(cluster.notices(Notice.Rejoined.class)).hasSize(1);
        assertThat(cluster.executed(0)).hasSize(6).isEqualTo(cluster.executed(1));
        cluster.cutOff(2);
        execute(3);
        assertThat(cluster.executed(0)).hasSize(9).isEqualTo(cluster.executed(1));
    }

    @Test
    @DisplayName("C6, A6 who began a view in a life that it has forgotten does not go on with it while it learns")
    void c6TheLeaderOfAViewWithoutItsDisk() {
        execute(3);
        cluster.disconnect(0);
        cluster.tick(5);
        execute(2);
        cluster.heal(0);
        cluster.tick(5);
        assertThat(cluster.status(0).view()).isEqualTo(new View(1));
        execute(2);
        cluster.restartAmnesic(1);
        cluster.takeSent();
        cluster.tick(10);
        assertThat(cluster.status(1).view()).isEqualTo(new View(1));
        assertThat(cluster.takeSent()).doesNotContain(new ReplicaId(1) + " MIN_PREPARE");
        cluster.tick(80);
        execute(3);
        cluster.tick(20);
        assertThat(cluster.notices(Notice.Rejoined.class)).hasSize(1);
        assertThat(cluster.executed(1)).hasSize(10).isEqualTo(cluster.executed(0));
    }

    @Test
    @DisplayName("C7 with more than f replicas without memory nothing goes on, and they say so")
    void c7TooManyWithoutMemory() {
        execute(5);
        cluster.restartAmnesic(1);
        cluster.restartAmnesic(2);
        cluster.tick(30);
        execute(1);
        cluster.tick(30);
        assertThat(cluster.executed(0)).hasSize(5);
        assertThat(cluster.notices(Notice.Rejoined.class)).isEmpty();
        assertThat(cluster.notices(Notice.TooManyRejoin.class)).isNotEmpty();
    }

    @Test
    @DisplayName("C6 a replica that has rejoined restarts with its disk, as itself, wherever it is")
    void c6RestartsAfterRejoining() {
        execute(3);
        rejoin(2);
        cluster.cutOff(1);
        for (int done = 4; done < 25; done++) {
            execute(1);
            cluster.restart(2);
            cluster.tick(3);
            assertThat(cluster.executed(2)).hasSize(done).isEqualTo(cluster.executed(0));
        }
    }

    @Test
    @DisplayName(
            "C6 a replica that has rejoined in a later view says so with its new USIG, and does not go back after a restart")
    void c6RejoinsInALaterView() {
        execute(4);
        cluster.restartAmnesic(0);
        cluster.deliverDisconnect(1, 0);
        cluster.deliverDisconnect(2, 0);
        cluster.lose((from, to, message) -> message.type() == MessageType.CHECKPOINT);
        cluster.tick(10);
        assertThat(cluster.notices(Notice.ViewEntered.class)).hasSize(3);
        cluster.takeSent();
        cluster.lose((from, to, message) -> false);
        cluster.tick(80);
        assertThat(cluster.notices(Notice.Rejoined.class)).hasSize(1);
        assertThat(cluster.takeSent()).contains(new ReplicaId(0) + " MIN_VIEW_CHANGE");
        execute(2);
        cluster.cutOff(1);
        cluster.cutOff(2);
        cluster.restart(0);
        assertThat(cluster.status(0).view()).isEqualTo(new View(1));
        cluster.heal(1);
        cluster.heal(2);
        cluster.tick(5);
        cluster.cutOff(2);
        execute(3);
        assertThat(cluster.executed(0)).hasSize(9).isEqualTo(cluster.executed(1));
    }

    @Test
    @DisplayName("C2 a replica that has rejoined leads a view, and goes on with it after a restart of all")
    void c2LeadsAfterRejoining() {
        execute(3);
        rejoin(1);
        cluster.disconnect(0);
        cluster.tick(5);
        for (int replica = 0; replica < 3; replica++) {
            assertThat(cluster.status(replica).view()).isEqualTo(new View(replica == 0 ? 0 : 1));
        }
        for (int round = 0; round < 12; round++) {
            execute(1);
            assertThat(cluster.executed(1)).hasSize(4 + round).isEqualTo(cluster.executed(2));
            cluster.restart(1);
            cluster.restart(2);
            cluster.tick(3);
        }
    }

    @Test
    @DisplayName("A6, B12 a REJOIN of an earlier life neither ends a later one nor silences the replica")
    void a6RejoinOfAnEarlierLife() {
        execute(3);
        rejoin(2);
        Verified<Rejoin> earlier = keys.replicaSealer(2)
                .seal(new Rejoin(
                        new ReplicaId(2),
                        1,
                        Digest.sha256(Bytes.EMPTY).toBytes(),
                        TestUsigs.of(2, 1).identity().encode()));
        int executed = cluster.notices(Notice.RejoinExecuted.class).size();
        cluster.deliver(0, earlier);
        cluster.deliver(1, earlier);
        cluster.tick(10);
        assertThat(cluster.notices(Notice.RejoinExecuted.class)).hasSize(executed);

        // The next life knows nothing of that: the state shows it a REJOIN that is not its own.
        cluster.lose((from, to, message) -> from == 2 && message.type() == MessageType.REJOIN);
        cluster.restartAmnesic(2);
        execute(30);
        cluster.tick(20);
        assertThat(cluster.notices(Notice.Rejoined.class)).hasSize(1);
        cluster.lose((from, to, message) -> false);
        cluster.tick(60);
        assertThat(cluster.notices(Notice.Rejoined.class)).hasSize(2);
    }

    @Test
    @DisplayName("B8 a replica that was away while another rejoined and left a view follows")
    void b8AwayAcrossAnEpoch() {
        execute(3);
        rejoin(1);
        cluster.cutOff(0);
        cluster.deliverDisconnect(1, 0);
        cluster.deliverDisconnect(2, 0);
        cluster.tick(5);
        execute(9);
        assertThat(cluster.executed(1)).hasSize(12);
        cluster.heal(0);
        rejoin(0);
        assertThat(cluster.executed(0)).isEqualTo(cluster.executed(1));
    }

    @Test
    @DisplayName("A5 a view that began with what a replica has forgotten since is left before it is of no use")
    void a5ViewThatBeganWithWhatIsForgotten() {
        execute(3);
        cluster.lose((from, to, message) -> from == 0 && message.type() == MessageType.MIN_VIEW_CHANGE);
        for (int primary = 0; primary < 2; primary++) {
            for (int replica = 0; replica < 3; replica++) {
                cluster.deliverDisconnect(replica, primary);
                cluster.deliverConnect(replica, primary);
            }
            cluster.run();
        }
        cluster.lose((from, to, message) -> false);
        cluster.tick(5);
        // Of replica 2, with the VIEW-CHANGEs of 1 and 2.
        assertThat(cluster.status(0).view()).isEqualTo(new View(2));
        cluster.restartAmnesic(1);
        while (cluster.notices(Notice.RejoinExecuted.class).isEmpty()) {
            cluster.tick(1);
        }
        for (int executed = 4; executed < 60; executed++) {
            execute(1);
            // Nobody has to wait for a timer.
            assertThat(cluster.executed(0)).hasSize(executed);
        }
        assertThat(cluster.status(0).view()).isEqualTo(new View(3));
    }

    @Test
    @DisplayName("C6 a REJOIN that its sender does not show to the primary is passed on: nobody suspects the primary")
    void c6ARejoinThatThePrimaryIsNotShown() {
        cluster.cutOff(2);
        for (int life = 1; life <= 3; life++) {
            cluster.deliver(
                    1,
                    keys.replicaSealer(2)
                            .seal(new Rejoin(
                                    new ReplicaId(2),
                                    life,
                                    Digest.sha256(Bytes.EMPTY).toBytes(),
                                    TestUsigs.of(2, life).identity().encode())));
            for (int ticks = 0; ticks < 22; ticks++) {
                execute(1);
                cluster.tick(1);
            }
            assertThat(cluster.notices(Notice.RejoinExecuted.class).stream().distinct())
                    .hasSize(life);
        }
        assertThat(cluster.notices(Notice.PrimarySuspected.class)).isEmpty();
    }
}
