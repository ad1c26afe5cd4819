package dev.quorate.simulator.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.wire.Peer;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.journal.Journal;
import dev.quorate.simulator.kernel.Scheduler;
import dev.quorate.simulator.kernel.Seed;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SimNetworkTest {
    private static final Peer A = new Peer.OfReplica(new ReplicaId(0));
    private static final Peer B = new Peer.OfReplica(new ReplicaId(1));

    private final Scheduler scheduler = new Scheduler();
    private final SimNetwork network = new SimNetwork(scheduler, new Journal(10), new Seed(1), 2, 0);
    private final List<Integer> received = new ArrayList<>();
    private final List<String> connections = new ArrayList<>();
    private int sent;

    SimNetworkTest() {
        for (Peer peer : List.of(A, B)) {
            network.attach(peer, new SimNetwork.Node() {
                @Override
                public void receive(Packet packet, long sentAtNanos) {
                    received.add((int) packet.frame().at(0));
                }

                @Override
                public void reconnected(Peer other) {
                    connections.add(peer + " has " + other);
                }

                @Override
                public void disconnected(Peer other) {
                    connections.add(peer + " lost " + other);
                }
            });
        }
    }

    private void send(int count) {
        for (int i = 0; i < count; i++) {
            network.send(new Packet(A, Bytes.copyOf(new byte[] {(byte) sent++})), B);
        }
    }

    private void runToTheEnd() {
        long end = scheduler.now() + 1_000_000_000;
        while (scheduler.step(end)) {
            // Nothing but deliveries is scheduled.
        }
    }

    @Test
    void aTimelyNetworkDeliversEverythingInOrder() {
        send(100);
        runToTheEnd();

        assertThat(received).hasSize(100).isSorted();
    }

    @Test
    void aBadNetworkLosesRepeatsAndReorders() {
        network.setConditions(new LinkConditions(1_000, 1_000_000, 0.1, 10, 0.3, 0.3, 1));
        send(100);
        runToTheEnd();

        List<Integer> distinct = received.stream().distinct().toList();
        assertThat(distinct.size()).as("some are lost").isLessThan(100);
        assertThat(received.size()).as("some arrive twice").isGreaterThan(distinct.size());
        assertThat(distinct).isNotEqualTo(distinct.stream().sorted().toList());
    }

    @Test
    void aCutLosesOneDirectionUntilEveryCutIsMended() {
        network.cut(A, B);
        network.cut(A, B);
        send(1);
        network.send(new Packet(B, Bytes.copyOf(new byte[] {99})), A);
        network.mend(A, B);
        send(1);
        network.mend(A, B);
        send(1);
        runToTheEnd();

        assertThat(received).containsExactlyInAnyOrder(99, 2);
    }

    @Test
    void aHeldLinkDeliversAfterwardsInOrder() {
        network.hold(A, B);
        send(3);
        runToTheEnd();
        assertThat(received).isEmpty();

        network.release(A, B);
        send(1);
        runToTheEnd();

        assertThat(received).containsExactly(0, 1, 2, 3);
    }

    @Test
    void healingEndsEveryFault() {
        network.cut(A, B);
        network.lossy(A, B, 1);
        network.hold(A, B);
        network.heal();
        send(5);
        runToTheEnd();

        assertThat(received).hasSize(5);
    }

    @Test
    void anInterceptorMayKeepPackets() {
        List<Packet> kept = new ArrayList<>();
        network.intercept((packet, to) -> packet.frame().at(0) == 1 && kept.add(packet));
        send(3);
        runToTheEnd();
        assertThat(received).containsExactly(0, 2);

        network.transmit(kept.get(0), B);
        runToTheEnd();

        assertThat(received).containsExactly(0, 2, 1);
    }

    @Test
    void bothEndsHearOfTheirConnection() {
        network.disconnect(A, B);
        network.reconnect(A, B);

        assertThat(connections)
                .containsExactly(
                        "replica 0 lost replica 1",
                        "replica 1 lost replica 0",
                        "replica 0 has replica 1",
                        "replica 1 has replica 0");
    }
}
