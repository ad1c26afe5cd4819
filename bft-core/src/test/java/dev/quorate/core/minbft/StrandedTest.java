package dev.quorate.core.minbft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.TestCluster;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinStatus;
import dev.quorate.core.message.ReqViewChange;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.pbft.LoopbackCluster;
import dev.quorate.core.wire.Batches;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A correct replica that alone sees that the order of a primary is broken. K = 2, L = 4. */
class StrandedTest {
    private final TestCluster keys = TestCluster.of(
            Protocol.MINBFT,
            3,
            4,
            Limits.defaults().with(Limit.CHECKPOINT_INTERVAL, 2).with(Limit.WINDOW, 4));
    private final LoopbackCluster cluster = new LoopbackCluster(keys);
    private final Sealer faulty = keys.replicaSealer(0);

    private Verified<MinPrepare> prepare(long at, String operation) {
        Request request = new Request(
                new RequestId(new ClientId(0), 1, at), Bytes.wrap(operation.getBytes(StandardCharsets.UTF_8)));
        Batch batch = Batches.of(List.of(keys.clientSealer(0).seal(request)), 0, Bytes.EMPTY, Bytes.EMPTY);
        return faulty.seal(new MinPrepare(
                new ReplicaId(0), View.ZERO, new SequenceNumber(at), batch.digest(), 0, Optional.of(batch)));
    }

    @Test
    @DisplayName("P7 a batch that one correct replica counts and another one does not comes to that one, too")
    void p7AnOrderThatIsBrokenAtOneReplicaOnly() {
        cluster.cutOff(0);
        AtomicBoolean apart = new AtomicBoolean(true);
        AtomicReference<Checkpoint> vouched = new AtomicReference<>();
        cluster.lose((from, to, message) -> {
            if (from == 1 && message instanceof Checkpoint checkpoint) {
                vouched.set(checkpoint);
            }
            return apart.get();
        });
        cluster.deliver(1, prepare(1, "a"));
        cluster.deliver(1, prepare(2, "b"));
        cluster.run();
        cluster.deliver(1, prepare(2, "b"));
        cluster.tick(3);
        Verified<Stable> stable = stable(vouched.get());
        cluster.deliver(1, stable);
        cluster.deliver(2, stable);
        apart.set(false);
        cluster.tick(10);
        cluster.request(0, "not sent");
        cluster.request(0, "not sent");
        cluster.request(0, "c", 1, 2);
        Verified<MinPrepare> third = prepare(3, "c");
        cluster.deliver(1, third);
        cluster.deliver(2, third);
        cluster.run();
        assertThat(cluster.executed(1)).as("who saw the order broken").containsExactly("a", "b");
        assertThat(cluster.executed(2)).as("who did not").containsExactly("a", "b", "c");

        cluster.tick(100);

        assertThat(cluster.executed(1)).containsExactly("a", "b", "c");
    }

    /** Replica 0 vouches for what replica 1 has. */
    private Verified<Stable> stable(Checkpoint right) {
        Checkpoint own = new Checkpoint(new ReplicaId(0), right.sequenceNumber(), right.root(), right.streams());
        return faulty.seal(new Stable(
                new ReplicaId(0),
                new StableCertificate(List.of(
                        faulty.seal(own).signed(),
                        keys.replicaSealer(1).seal(right).signed()))));
    }

    @Test
    @DisplayName("A replica that complains for no reason has null batches ordered up to the next checkpoint only")
    void aComplaintWithoutAReason() {
        cluster.cutOff(2);
        cluster.request(0, "a", 0, 1);
        cluster.run();
        for (int i = 0; i < 100; i++) {
            Sealer complaining = keys.replicaSealer(2);
            for (int to = 0; to < 2; to++) {
                cluster.deliver(to, complaining.seal(new ReqViewChange(new ReplicaId(2), new View(1))));
                cluster.deliver(
                        to,
                        complaining.seal(new MinStatus(
                                new ReplicaId(2),
                                View.ZERO,
                                false,
                                SequenceNumber.ZERO,
                                SequenceNumber.ZERO,
                                List.of(0L, 0L, 0L))));
            }
            cluster.tick(1);
        }
        assertThat(cluster.status(0).executed().value()).isEqualTo(2);
        assertThat(cluster.status(1).view()).isEqualTo(View.ZERO);
    }
}
