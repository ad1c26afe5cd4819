package dev.quorate.core.pbft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.TestCluster;
import dev.quorate.core.message.Committed;
import dev.quorate.core.quorum.VoteCollector;
import dev.quorate.core.smr.Event;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a replica keeps of what the others say is committed. */
class CatchUpTest {
    private final TestCluster keys = TestCluster.of(Protocol.PBFT, 4, 4, Limits.defaults());
    /** What is kept with each vote. */
    private final List<Object> kept = new ArrayList<>();

    private final PbftReplica replica =
            new PbftReplica(keys.config(), new ReplicaId(0), keys.replicaSealer(0), false, new PbftParts() {
                @Override
                public VoteCollector.Factory votes() {
                    return new VoteCollector.Factory() {
                        @Override
                        public <V, T> VoteCollector<V, T> create() {
                            return new Recording<>();
                        }
                    };
                }
            });

    private final class Recording<V, T> extends VoteCollector<V, T> {
        @Override
        public Outcome add(ReplicaId voter, V value, T vote) {
            Outcome outcome = super.add(voter, value, vote);
            if (outcome == Outcome.COUNTED) {
                kept.add(vote);
            }
            return outcome;
        }
    }

    @Test
    @DisplayName("A COMMITTED is not held for the sake of one position, however many others it speaks of")
    void aCommittedIsNotHeldForOnePosition() {
        ReplicaId liar = new ReplicaId(3);
        replica.handle(new Event.Started(Bytes.EMPTY));
        for (int from = 10; from > 0; from--) {
            List<Digest> digests = IntStream.range(0, 256)
                    .mapToObj(i -> Digest.sha256(Steps.bytes("made up " + i)))
                    .toList();
            replica.handle(
                    new Event.Received(keys.replicaSealer(3).seal(new Committed(liar, Steps.seq(from), digests))));
        }
        assertThat(kept).hasSizeGreaterThan(10).containsOnly(liar);
    }
}
