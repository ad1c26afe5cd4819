package dev.quorate.core.smr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.TestCluster;
import dev.quorate.core.View;
import dev.quorate.core.message.Committed;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.message.MinStatus;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.Status;
import dev.quorate.core.pbft.LoopbackCluster;
import dev.quorate.crypto.Digest;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is behind by less than what the others have executed last needs no state. K = 4, L = 8. */
class BacklogTest {
    private TestCluster keys;
    private LoopbackCluster cluster;
    private int last;
    private int requests;

    private void start(Protocol protocol, int historyBytes) {
        keys = TestCluster.of(
                protocol,
                protocol == Protocol.PBFT ? 4 : 3,
                4,
                Limits.defaults()
                        .with(Limit.CHECKPOINT_INTERVAL, 4)
                        .with(Limit.WINDOW, 8)
                        .with(Limit.HISTORY_BYTES, historyBytes));
        cluster = new LoopbackCluster(keys);
        last = keys.config().n() - 1;
    }

    private void execute(int times) {
        int[] all = IntStream.rangeClosed(0, last).toArray();
        for (int i = 0; i < times; i++) {
            cluster.request(0, "op" + requests++, all);
            cluster.run();
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    @DisplayName("T1 who was away for many windows executes what it missed, and is needed for a quorum afterwards")
    void t1WhoWasAwayExecutesWhatItMissed(Protocol protocol) {
        start(protocol, 1 << 20);
        cluster.cutOff(last);
        execute(100);
        cluster.heal(last);
        cluster.tick(40);
        assertThat(cluster.notices(Notice.StateTransferStarted.class)).isEmpty();
        assertThat(cluster.executed(last)).hasSize(100).isEqualTo(cluster.executed(0));
        cluster.cutOff(1);
        execute(10);
        assertThat(cluster.executed(last)).hasSize(110);
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    @DisplayName("T1 who catches up gets on by much more than a window in each interval, and so faster than the others")
    void t1AShortWindowDoesNotHoldItUp(Protocol protocol) {
        start(protocol, 1 << 20);
        cluster.cutOff(last);
        execute(100);
        cluster.heal(last);
        cluster.tick(12);
        assertThat(cluster.executed(last)).isEqualTo(cluster.executed(0));
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    @DisplayName("T5 who asks again and again what comes next is told once in an interval")
    void t5WhatComesNextIsRationed(Protocol protocol) {
        start(protocol, 1 << 20);
        execute(20);
        AtomicInteger answers = new AtomicInteger();
        cluster.lose((from, to, message) -> {
            if (to == last && message.type() == MessageType.COMMITTED) {
                answers.incrementAndGet();
            }
            return false;
        });
        cluster.tick(1);
        answers.set(0);
        for (int times = 0; times < 5; times++) {
            cluster.deliver(0, keys.replicaSealer(last).seal(status(protocol)));
        }
        cluster.run();
        assertThat(answers).hasValue(1);
    }

    private ReplicaMessage status(Protocol protocol) {
        ReplicaId behind = new ReplicaId(last);
        return protocol == Protocol.PBFT
                ? new Status(behind, View.ZERO, false, SequenceNumber.ZERO, SequenceNumber.ZERO)
                : new MinStatus(
                        behind, View.ZERO, false, SequenceNumber.ZERO, SequenceNumber.ZERO, List.of(0L, 0L, 0L));
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    @DisplayName("T1 who was away for longer than the history reaches gets a state, and what follows from the history")
    void t1BeyondTheHistory(Protocol protocol) {
        start(protocol, 20 * (256 + 200));
        cluster.cutOff(last);
        execute(100);
        cluster.heal(last);
        cluster.tick(40);
        assertThat(cluster.notices(Notice.StateTransferFinished.class)).isNotEmpty();
        assertThat(cluster.executed(last)).isEqualTo(cluster.executed(0));
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    @DisplayName("What f replicas say was committed is not believed")
    void theWordOfTooFewIsNotBelieved(Protocol protocol) {
        start(protocol, 1 << 20);
        cluster.cutOff(last);
        execute(20);
        cluster.heal(last);
        AtomicInteger fetches = new AtomicInteger();
        cluster.lose((from, to, message) -> {
            if (from == last && message.type() == MessageType.FETCH_BATCH) {
                fetches.incrementAndGet();
            }
            return message.type() == MessageType.COMMITTED || message.type() == MessageType.STATE_PART;
        });
        cluster.tick(15);
        assertThat(cluster.stable(last)).isEqualTo(new SequenceNumber(20));
        Digest lie = Digest.sha256(keys.config().clusterId());
        for (int times = 0; times < 3; times++) {
            cluster.deliver(
                    last,
                    keys.replicaSealer(1)
                            .seal(new Committed(new ReplicaId(1), new SequenceNumber(1), List.of(lie, lie, lie))));
        }
        cluster.tick(1);
        assertThat(fetches).hasValue(0);
        cluster.lose((from, to, message) -> false);
        cluster.tick(40);
        assertThat(cluster.executed(last)).isEqualTo(cluster.executed(0));
    }
}
