package dev.quorate.simulator.byzantine;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Request;
import dev.quorate.core.wire.Batches;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** As a primary, proposes one batch to some and another to the others, and commits to each what it proposed to it. */
final class Equivocate implements Behaviour {
    private record Position(View view, SequenceNumber sequenceNumber) {}

    /** Looked up only, never iterated over. */
    private final Map<Position, Verified<PrePrepare>> variants = new HashMap<>();

    private final double share;
    private List<Peer> deceived = List.of();

    /** Equivocates at this share of the positions. */
    Equivocate(double share) {
        this.share = share;
    }

    @Override
    public List<Outgoing> send(Outgoing original, Adversary adversary) {
        Optional<PrePrepare> proposal = original.as(PrePrepare.class);
        if (proposal.isEmpty() || !proposal.get().replica().equals(adversary.self())) {
            return List.of(original);
        }
        Verified<PrePrepare> variant = variants.computeIfAbsent(
                new Position(proposal.get().view(), proposal.get().sequenceNumber()),
                position -> vary(original, proposal.get(), adversary));
        if (variant.equals(original.message().orElseThrow()) || !deceived.contains(original.to())) {
            return List.of(original);
        }
        PrePrepare other = variant.message();
        Verified<Commit> commit = adversary
                .sealer()
                .seal(new Commit(adversary.self(), other.view(), other.sequenceNumber(), other.digest()));
        return List.of(original.saying(variant), original.saying(commit));
    }

    private Verified<PrePrepare> vary(Outgoing original, PrePrepare proposal, Adversary adversary) {
        if (!adversary.random().chance(share)) {
            return original.message().orElseThrow().as(PrePrepare.class);
        }
        deceived = adversary.random().some(adversary.others(), 0.5);
        List<Verified<Request>> requests = new ArrayList<>();
        int count = adversary.random().between(0, 3);
        for (int i = 0; i < count; i++) {
            adversary.loot().anyRequest(adversary.random()).ifPresent(requests::add);
        }
        Batch batch = Batches.of(requests, Mutations.timeOf(proposal.batch()), Bytes.EMPTY, Bytes.EMPTY);
        return adversary.proposeInstead(proposal, batch);
    }
}
