package dev.quorate.simulator.byzantine;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Digest;
import java.util.ArrayList;
import java.util.List;

/** Agrees with everybody: prepares and commits to each replica whatever that replica prepares or commits. */
final class VoteForAll implements Behaviour {
    @Override
    public List<Outgoing> received(Verified<? extends Message> message, Adversary adversary) {
        if (message.message() instanceof Prepare p) {
            return vote(new Peer.OfReplica(p.replica()), p.view(), p.sequenceNumber(), p.digest(), adversary);
        } else if (message.message() instanceof Commit c) {
            return vote(new Peer.OfReplica(c.replica()), c.view(), c.sequenceNumber(), c.digest(), adversary);
        } else if (message.message() instanceof PrePrepare p) {
            List<Outgoing> votes = new ArrayList<>();
            for (Peer other : adversary.others()) {
                votes.addAll(vote(other, p.view(), p.sequenceNumber(), p.digest(), adversary));
            }
            return votes;
        }
        return List.of();
    }

    private static List<Outgoing> vote(Peer to, View view, SequenceNumber at, Digest digest, Adversary adversary) {
        List<Outgoing> votes = new ArrayList<>();
        if (!view.primary(adversary.config().n()).equals(adversary.self())) {
            votes.add(Outgoing.of(to, adversary.sealer().seal(new Prepare(adversary.self(), view, at, digest))));
        }
        votes.add(Outgoing.of(to, adversary.sealer().seal(new Commit(adversary.self(), view, at, digest))));
        return votes;
    }
}
