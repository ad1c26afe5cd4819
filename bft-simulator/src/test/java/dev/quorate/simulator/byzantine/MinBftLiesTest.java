package dev.quorate.simulator.byzantine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.message.ReqViewChange;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Signed;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.StreamPosition;
import dev.quorate.core.runtime.ReplicaCore;
import dev.quorate.core.wire.Batches;
import dev.quorate.core.wire.MessageValidator;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Validation;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.simulator.SimService;
import dev.quorate.simulator.crypto.SimulatedSignatures;
import dev.quorate.simulator.crypto.SimulatedUsigs;
import dev.quorate.simulator.kernel.Randomness;
import dev.quorate.simulator.kernel.Seed;
import dev.quorate.simulator.node.Members;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** In MinBFT, too, a lie is worth something only if it is believed. */
final class MinBftLiesTest {
    private static final ReplicaId LIAR = new ReplicaId(0);
    private static final int TIMES = 300;

    private final Members members =
            Members.create(new Seed(1), Protocol.MINBFT, SimulatedSignatures.NAME, 3, 1, Limits.defaults());
    private final SimulatedUsigs usigs = new SimulatedUsigs(3, new Randomness(1));
    private final MessageValidator validator = ReplicaCore.create(
                    members.config(),
                    members.replicas().get(1),
                    new SimService(),
                    Optional.of(usigs.of(new ReplicaId(1))))
            .validator();
    private final Loot loot = new Loot();
    private final Adversary adversary =
            new Adversary(members.config(), LIAR, members.replicas().get(LIAR.value()), usigs, loot, new Randomness(7));

    private boolean isBelieved(Outgoing said) {
        return validator.validate(said.frame(), new Peer.OfReplica(LIAR)) instanceof Validation.Accepted;
    }

    private List<Outgoing> idle(Behaviour behaviour) {
        List<Outgoing> all = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
            all.addAll(behaviour.idle(adversary));
        }
        assertThat(all).isNotEmpty().allMatch(this::isBelieved);
        return all;
    }

    private Verified<Request> request(long number) {
        RequestId id = new RequestId(new ClientId(0), 1, number);
        return Adversary.sealer(members.config(), 0, members.clients().get(0), SimulatedUsigs.forged(0))
                .seal(new Request(id, Bytes.EMPTY));
    }

    private Verified<MinPrepare> proposal(long at) {
        Batch batch = Batches.of(List.of(request(at)), 5, Bytes.EMPTY, Bytes.EMPTY);
        return adversary
                .sealer()
                .seal(new MinPrepare(LIAR, View.ZERO, new SequenceNumber(at), batch.digest(), 0, Optional.of(batch)));
    }

    /** What is said besides the proposals themselves. */
    private List<Outgoing> besides(Behaviour behaviour) {
        List<Outgoing> besides = new ArrayList<>();
        for (long at = 1; at <= TIMES; at++) {
            Verified<MinPrepare> proposal = proposal(at);
            Outgoing original = Outgoing.of(new Peer.OfReplica(new ReplicaId(1)), proposal);
            List<Outgoing> said = new ArrayList<>(behaviour.send(original, adversary));
            assertThat(said.remove(original)).isTrue();
            for (Outgoing other : said) {
                assertThat(other.message().orElseThrow().ui().place())
                        .isGreaterThan(proposal.ui().place());
                assertThat(other.as(MinPrepare.class).orElseThrow().sequenceNumber())
                        .isEqualTo(new SequenceNumber(at + 1));
            }
            besides.addAll(said);
        }
        assertThat(besides).isNotEmpty();
        return besides;
    }

    @Test
    void oldRequestsAreProposedBehindWhatIsProposed() {
        loot.add(request(1));

        assertThat(besides(new Repropose(false, false))).allMatch(this::isBelieved);
    }

    @Test
    void forgedRequestsAreProposedToo() {
        loot.add(request(1));

        assertThat(besides(new Repropose(true, false))).noneMatch(this::isBelieved);
    }

    @Test
    void wrongTimesAreValid() {
        loot.add(request(1));

        assertThat(besides(new Repropose(false, true)))
                .allMatch(this::isBelieved)
                .map(said -> said.as(MinPrepare.class)
                        .orElseThrow()
                        .batch()
                        .orElseThrow()
                        .values()
                        .timeMillis())
                .anyMatch(time -> time < 5)
                .anyMatch(time -> time > 5 && time < 100_000)
                .anyMatch(time -> time > 1L << 60);
    }

    @Test
    void certificatesWithPinnedStreamsAreValid() {
        assertThat(starts(new StreamLies.InCheckpoints(StreamLies.Positions.FIRST)))
                .allMatch(StreamPosition.FIRST::equals);
    }

    @Test
    void certificatesWithInventedEpochsAreValid() {
        assertThat(starts(new StreamLies.InCheckpoints(StreamLies.Positions.OF_INVENTED_EPOCHS)))
                .allMatch(start -> start.left().orElseThrow().ui().counter() > 0);
    }

    /** Where the liar has the streams begin in the certificates that it makes. */
    private List<StreamPosition> starts(Behaviour behaviour) {
        Sealer other = Adversary.sealer(
                members.config(),
                1,
                members.replicas().get(1),
                usigs.of(new ReplicaId(1)).own());
        Checkpoint truth = new Checkpoint(
                new ReplicaId(1),
                new SequenceNumber(members.config().limits().get(Limit.CHECKPOINT_INTERVAL)),
                Digest.sha256(Bytes.EMPTY),
                Collections.nCopies(3, new StreamPosition(7, Optional.empty())));
        behaviour.received(other.seal(truth), adversary);
        return idle(behaviour).stream()
                .map(said -> said.as(Stable.class).orElseThrow())
                .flatMap(stable -> stable.certificate().checkpoints().stream())
                .map(Signed::message)
                .filter(checkpoint -> checkpoint.replica().equals(LIAR))
                .flatMap(checkpoint -> checkpoint.streams().stream())
                .toList();
    }

    @Test
    void farVotesAreValid() {
        assertThat(idle(new Meddling.FloodFuture()))
                .map(said -> said.as(MinPrepare.class).orElseThrow())
                .anyMatch(vote -> vote.view().number() > 1L << 50)
                .anyMatch(vote -> vote.sequenceNumber().value() > 1L << 50);
    }

    @Test
    void demandsAreValid() {
        List<Outgoing> demands = idle(new ViewChangeLies.Spam());

        assertThat(demands)
                .anyMatch(said -> said.as(MinViewChange.class)
                        .filter(left -> left.view().equals(new View(1)))
                        .isPresent());
        assertThat(demands)
                .anyMatch(said -> said.as(ReqViewChange.class)
                        .filter(demand -> demand.view().number() > 1L << 50)
                        .isPresent());
    }

    @Test
    void whatIsSaidWithTheOldUsigIsValidToo() {
        Behaviour behaviour = new OldUsig();
        Outgoing own = Outgoing.of(new Peer.OfReplica(new ReplicaId(1)), proposal(1));
        Verified<MinPrepare> header = proposal(2);
        assertThat(behaviour.send(own, adversary)).containsExactly(own);
        assertThat(behaviour.received(header, adversary)).isEmpty();

        usigs.renew(LIAR, 1);
        Set<Long> epochs = new TreeSet<>();
        for (long at = 1; at <= TIMES; at++) {
            Verified<? extends Message> said =
                    at % 2 == 0 ? proposal(at) : adversary.sealer().seal(new MinViewChange(LIAR, new View(at)));
            for (Outgoing out : behaviour.send(Outgoing.of(new Peer.OfReplica(new ReplicaId(1)), said), adversary)) {
                assertThat(isBelieved(out)).isTrue();
                epochs.add(out.message().orElseThrow().ui().epoch());
            }
        }
        assertThat(epochs).containsExactly(0L, 1L);
    }

    @Test
    void votesWithTheOldUsigForWhatOthersPropose() {
        Behaviour behaviour = new OldUsig();
        usigs.renew(LIAR, 1);
        MinPrepare of = new MinPrepare(
                new ReplicaId(1),
                new View(1),
                new SequenceNumber(1),
                Batches.nullBatch().digest(),
                1,
                Optional.of(Batches.nullBatch()));
        Verified<MinPrepare> proposal = Adversary.sealer(
                        members.config(),
                        1,
                        members.replicas().get(1),
                        usigs.of(new ReplicaId(1)).own())
                .seal(of);
        List<Outgoing> votes = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
            votes.addAll(behaviour.received(proposal, adversary));
        }

        assertThat(votes).isNotEmpty().allMatch(this::isBelieved).allSatisfy(vote -> {
            assertThat(vote.as(MinCommit.class)).isPresent();
            assertThat(vote.message().orElseThrow().ui().epoch()).isZero();
        });
    }
}
