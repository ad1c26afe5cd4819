package dev.quorate.core.pbft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.TestCluster;
import dev.quorate.core.View;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.message.ReqViewChange;
import dev.quorate.core.smr.Notice;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Castro and Liskov 1999, sections 4.4 and 4.5.2, with all replicas of a cluster. */
class ViewChangeTest {
    private static final int[] ALL = {0, 1, 2, 3};
    /** Long enough for a request to lose patience with its primary. */
    private static final int PATIENCE = 11;

    private final TestCluster keys = TestCluster.of(
            Protocol.PBFT,
            4,
            4,
            Limits.defaults().with(Limit.CHECKPOINT_INTERVAL, 4).with(Limit.WINDOW, 8));
    private final LoopbackCluster cluster = new LoopbackCluster(keys);

    @Test
    void theNormalCaseOrdersCheckpointsAndMovesTheWindow() {
        for (int i = 1; i <= 20; i++) {
            cluster.request(0, "r" + i, 0);
            cluster.run();
        }
        for (int replica : ALL) {
            assertThat(cluster.executed(replica)).hasSize(20).endsWith("r20");
            assertThat(cluster.stable(replica).value()).isEqualTo(20);
            assertThat(cluster.status(replica).logEntries()).isZero();
        }
        assertThat(cluster.replies()).hasSize(80);
    }

    @Test
    @DisplayName("N2 a primary whose connections break is replaced at once, and what it left open survives")
    void n2ALostPrimaryIsReplacedAtOnce() {
        cluster.request(0, "before", 0);
        cluster.run();
        cluster.disconnect(0);
        cluster.request(1, "after", 1, 2, 3);
        cluster.run();
        for (int replica : new int[] {1, 2, 3}) {
            assertThat(cluster.status(replica).view()).isEqualTo(new View(1));
            assertThat(cluster.executed(replica)).containsExactly("before", "after");
        }
    }

    @Test
    @DisplayName("V6 what only a faulty replica prepared can be had from those whose votes it has")
    void v6WhatOnlyAFaultyReplicaPreparedIsNotLost() {
        cluster.lose((from, to, message) -> (message.type() == MessageType.PREPARE && to != 3)
                || message.type() == MessageType.COMMIT
                // The next primary cannot do without the VIEW-CHANGE of the faulty one, which gives nobody the batch.
                || (message.type() == MessageType.VIEW_CHANGE && from == 0)
                || (message.type() == MessageType.BATCH_BODY && from == 3));
        cluster.request(0, "kept back", 0);
        cluster.run();
        cluster.deliverDisconnect(1, 0);
        cluster.deliverDisconnect(2, 0);
        cluster.run();
        cluster.lose((from, to, message) -> message.type() == MessageType.BATCH_BODY && from == 3);
        cluster.tick(3);
        for (int replica : new int[] {0, 1, 2}) {
            assertThat(cluster.status(replica).view()).isEqualTo(new View(1));
            assertThat(cluster.executed(replica)).containsExactly("kept back");
        }
    }

    @Test
    @DisplayName(
            "V1 where nobody has a connection to any primary, views follow each other by time, and not as fast as messages")
    void v1UnreachablePrimariesAreNotSkippedForEver() {
        for (int replica : ALL) {
            for (int peer : ALL) {
                cluster.deliverDisconnect(replica, peer);
            }
        }
        cluster.run();
        for (int replica : ALL) {
            // That of view 0 was suspected, and after that f = 1 of them was not waited for.
            assertThat(cluster.status(replica).view().number()).isBetween(1L, 3L);
        }
    }

    @Test
    @DisplayName("V8 a NEW-VIEW that has a replica leave for a higher view does not bring it back")
    void v8NobodyGoesBackFromAViewThatItHasLeftFor() {
        cluster.deliverDisconnect(3, 1); // The next primary: replica 3 will want the view after that.
        cluster.deliver(3, keys.replicaSealer(0).seal(new ReqViewChange(new ReplicaId(0), new View(5))));
        cluster.lose((from, to, message) -> to == 3 && message.type() != MessageType.NEW_VIEW);
        cluster.deliverDisconnect(1, 0);
        cluster.deliverDisconnect(2, 0);
        cluster.run();
        assertThat(cluster.status(2).view()).isEqualTo(new View(1));
        assertThat(cluster.status(3).view()).isEqualTo(new View(2));
    }

    @Test
    @DisplayName("V1 views whose primaries are dead are skipped")
    void v1DeadPrimariesAreSkipped() {
        TestCluster seven = TestCluster.of(Protocol.PBFT, 7, 4, Limits.defaults());
        LoopbackCluster large = new LoopbackCluster(seven);
        large.cutOff(1);
        large.cutOff(0);
        large.request(0, "a", 2, 3, 4, 5, 6);
        large.run();
        large.tick(PATIENCE);
        for (int replica = 2; replica < 7; replica++) {
            assertThat(large.status(replica).view()).isEqualTo(new View(1));
        }
        for (int replica = 2; replica < 7; replica++) {
            large.viewTimer(replica, new View(1));
        }
        large.tick(2);
        for (int replica = 2; replica < 7; replica++) {
            assertThat(large.status(replica).view()).isEqualTo(new View(2));
            assertThat(large.executed(replica)).containsExactly("a");
        }
    }

    @Test
    @DisplayName("P5 a primary that ignores one client is replaced")
    void p5ACensoredRequestMovesTheView() {
        cluster.lose((from, to, message) -> to == 0 && message.type() == MessageType.REQUEST);
        cluster.request(1, "censored", 1, 2, 3);
        for (int i = 0; i < PATIENCE; i++) {
            cluster.request(0, "other" + i, 0);
            cluster.tick(1);
        }
        assertThat(cluster.executed(1)).contains("censored");
        assertThat(cluster.status(1).view()).isEqualTo(new View(1));
    }

    @Test
    @DisplayName("V6 what is committed at one replica only survives the view change, and executes once")
    void v6CommittedAtOneReplicaOnlySurvives() {
        cluster.lose((from, to, message) -> message instanceof Commit && to != 3);
        cluster.request(0, "precious", 0);
        cluster.run();
        assertThat(cluster.executed(3)).containsExactly("precious");
        assertThat(cluster.executed(1)).isEmpty();
        cluster.lose((from, to, message) -> false);
        cluster.disconnect(0);
        cluster.run();
        cluster.request(1, "next", 1, 2, 3);
        cluster.run();
        for (int replica : new int[] {1, 2, 3}) {
            assertThat(cluster.executed(replica)).containsExactly("precious", "next");
        }
    }

    @Test
    @DisplayName("V2 f replicas that want to leave move nobody")
    void v2FReplicasMoveNobody() {
        for (long view = 1; view < 1000; view++) {
            for (int replica : new int[] {0, 1, 2}) {
                cluster.deliver(
                        replica, keys.replicaSealer(3).seal(new ReqViewChange(new ReplicaId(3), new View(view))));
            }
        }
        cluster.request(0, "a", 0);
        cluster.run();
        assertThat(cluster.status(1).view()).isEqualTo(View.ZERO);
        assertThat(cluster.executed(1)).containsExactly("a");
    }

    @Test
    @DisplayName("N12 a replica that was cut off comes back into the view that it never left")
    void n12AReplicaThatWasCutOffComesBack() {
        cluster.disconnect(3);
        cluster.request(0, "lost", 3);
        cluster.request(1, "a", 0);
        cluster.tick(PATIENCE * 5);
        cluster.heal(3);
        cluster.tick(3);
        cluster.request(1, "b", 0);
        cluster.tick(2);
        assertThat(cluster.status(3).view()).isEqualTo(View.ZERO);
        assertThat(cluster.executed(3)).containsExactly("a", "b");
    }

    @Test
    @DisplayName("V8 a replica that missed several views joins the current one")
    void v8AReplicaThatMissedViewsJoins() {
        cluster.cutOff(3);
        cluster.disconnect(0);
        cluster.heal(0);
        cluster.tick(1);
        cluster.disconnect(1);
        cluster.heal(1);
        cluster.tick(1);
        cluster.request(0, "a", 2);
        cluster.tick(1);
        assertThat(cluster.status(2).view()).isEqualTo(new View(2));
        cluster.heal(3);
        cluster.tick(12);
        assertThat(cluster.status(3).view()).isEqualTo(new View(2));
        cluster.request(0, "b", 2);
        cluster.tick(1);
        assertThat(cluster.executed(3)).containsExactly("a", "b");
    }

    @Test
    @DisplayName("N6 backups that reach only the primary go on after healing")
    void n6BackupsThatReachOnlyThePrimary() {
        cluster.lose((from, to, message) -> from != 0 && to != 0);
        for (int i = 0; i < 20; i++) {
            cluster.request(0, "r" + i, 0);
            cluster.run();
        }
        cluster.lose((from, to, message) -> false);
        cluster.tick(4 * PATIENCE);
        for (int replica : ALL) {
            assertThat(cluster.executed(replica)).hasSize(20);
        }
    }

    @Test
    void everybodyReportsTheViewThatBegins() {
        cluster.disconnect(0);
        cluster.run();
        assertThat(cluster.notices(Notice.ViewEntered.class))
                .hasSize(3)
                .allMatch(entered ->
                        entered.view().equals(new View(1)) && entered.primary().equals(new ReplicaId(1)));
        assertThat(cluster.notices(Notice.PrimarySuspected.class)).isNotEmpty();
    }
}
