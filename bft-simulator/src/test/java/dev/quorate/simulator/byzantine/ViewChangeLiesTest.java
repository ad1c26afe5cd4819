package dev.quorate.simulator.byzantine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.NewView;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.PreparedCertificate;
import dev.quorate.core.message.Signed;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.ViewChange;
import dev.quorate.core.runtime.ReplicaCore;
import dev.quorate.core.wire.MessageValidator;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Validation;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Digest;
import dev.quorate.simulator.SimService;
import dev.quorate.simulator.crypto.SimulatedSignatures;
import dev.quorate.simulator.crypto.SimulatedUsigs;
import dev.quorate.simulator.kernel.Randomness;
import dev.quorate.simulator.kernel.Seed;
import dev.quorate.simulator.node.Members;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A lie is worth something only if it is believed. */
final class ViewChangeLiesTest {
    private static final View NEXT = new View(1);
    private static final Digest BATCH = Digest.sha256(new byte[] {1});

    private final Members members =
            Members.create(new Seed(1), Protocol.PBFT, SimulatedSignatures.NAME, 4, 1, Limits.defaults());
    private final MessageValidator validator = ReplicaCore.create(
                    members.config(), members.replicas().get(0), new SimService())
            .validator();
    private final ReplicaId liar = NEXT.primary(4);

    private Sealer sealer(int replica) {
        return Adversary.sealer(
                members.config(), replica, members.replicas().get(replica), SimulatedUsigs.forged(replica));
    }

    private Adversary adversary(long seed) {
        return new Adversary(
                members.config(),
                liar,
                members.replicas().get(liar.value()),
                new SimulatedUsigs(members.config().n(), new Randomness(seed)),
                new Loot(),
                new Randomness(seed));
    }

    /** What prepared at the liar alone. */
    private PreparedCertificate prepared() {
        SequenceNumber first = new SequenceNumber(1);
        List<Signed<Prepare>> prepares = new ArrayList<>();
        for (int backup : new int[] {1, 2}) {
            prepares.add(sealer(backup)
                    .seal(new Prepare(new ReplicaId(backup), View.ZERO, first, BATCH))
                    .signed());
        }
        PrePrepare proposal = new PrePrepare(new ReplicaId(0), View.ZERO, first, BATCH, Optional.empty());
        return new PreparedCertificate(sealer(0).seal(proposal).signed(), prepares);
    }

    private Verified<ViewChange> viewChange(int replica, List<PreparedCertificate> prepared) {
        return sealer(replica).seal(new ViewChange(new ReplicaId(replica), NEXT, StableCertificate.INITIAL, prepared));
    }

    private void requireBelieved(Verified<? extends Message> lie) {
        assertThat(validator.validate(lie.frame(), new Peer.OfReplica(liar))).isInstanceOf(Validation.Accepted.class);
    }

    /** Sends to everybody; returns what each was told. */
    private List<Verified<? extends Message>> tellAll(
            Behaviour behaviour, Verified<? extends Message> message, Adversary adversary) {
        List<Verified<? extends Message>> told = new ArrayList<>();
        for (Peer other : adversary.others()) {
            behaviour
                    .send(Outgoing.of(other, message), adversary)
                    .forEach(out -> told.add(out.message().orElseThrow()));
        }
        told.forEach(this::requireBelieved);
        return told;
    }

    @Test
    void differentViewChangesAndNewViewsAreAllValid() {
        Set<Integer> prepared = new HashSet<>();
        Set<Integer> proposals = new HashSet<>();
        Set<List<ReplicaId>> quorums = new HashSet<>();
        for (long seed = 0; seed < 30; seed++) {
            Adversary adversary = adversary(seed);
            Behaviour behaviour = new ViewChangeLies.Equivocate();
            Verified<ViewChange> own = viewChange(liar.value(), List.of(prepared()));
            tellAll(behaviour, own, adversary)
                    .forEach(told -> prepared.add(
                            ((ViewChange) told.message()).prepared().size()));

            List<Signed<ViewChange>> quorum = new ArrayList<>(List.of(own.signed()));
            for (int other : new int[] {2, 3}) {
                Verified<ViewChange> theirs = viewChange(other, List.of());
                assertThat(behaviour.received(theirs, adversary)).isEmpty();
                quorum.add(theirs.signed());
            }
            PrePrepare proposal = new PrePrepare(liar, NEXT, new SequenceNumber(1), BATCH, Optional.empty());
            NewView newView = new NewView(
                    liar,
                    NEXT,
                    quorum,
                    List.of(sealer(liar.value()).seal(proposal).signed()));
            List<Verified<? extends Message>> begun =
                    tellAll(behaviour, sealer(liar.value()).seal(newView), adversary);
            behaviour
                    .received(viewChange(0, List.of()), adversary)
                    .forEach(out -> begun.add(out.message().orElseThrow()));

            for (Verified<? extends Message> told : begun) {
                requireBelieved(told);
                NewView said = (NewView) told.message();
                proposals.add(said.proposals().size());
                quorums.add(said.viewChanges().stream()
                        .map(v -> v.message().replica())
                        .toList());
            }
        }
        assertThat(prepared).as("prepared positions in VIEW-CHANGEs").containsExactlyInAnyOrder(0, 1);
        assertThat(proposals).as("proposals in NEW-VIEWs").containsExactlyInAnyOrder(0, 1);
        assertThat(quorums).as("quorums of NEW-VIEWs").hasSizeGreaterThan(1);
    }

    @Test
    void demandsAreValid() {
        Adversary adversary = adversary(7);
        Behaviour spam = new ViewChangeLies.Spam();
        long highest = 0;
        for (int i = 0; i < 100; i++) {
            for (Outgoing demand : spam.idle(adversary)) {
                requireBelieved(demand.message().orElseThrow());
                highest = Math.max(
                        highest,
                        demand.as(ViewChange.class).map(v -> v.view().number()).orElse(0L));
            }
        }
        assertThat(highest).isGreaterThan(1L << 50);
    }

    @Test
    void someAreNotToldOfANewView() {
        Adversary adversary = adversary(3);
        Behaviour withholds = new ViewChangeLies.WithholdNewView(0.6);
        NewView newView = new NewView(liar, NEXT, List.of(), List.of());
        Verified<NewView> sealed = sealer(liar.value()).seal(newView);
        List<Peer> told = new ArrayList<>();
        for (Peer other : adversary.others()) {
            if (!withholds.send(Outgoing.of(other, sealed), adversary).isEmpty()) {
                told.add(other);
            }
        }
        assertThat(told).hasSizeLessThan(3);
        for (Peer other : adversary.others()) {
            assertThat(withholds.send(Outgoing.of(other, viewChange(liar.value(), List.of())), adversary))
                    .hasSize(1);
        }
    }
}
