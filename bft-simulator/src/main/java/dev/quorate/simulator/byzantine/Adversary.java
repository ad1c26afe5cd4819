package dev.quorate.simulator.byzantine;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Identity;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.InvalidKeyException;
import dev.quorate.crypto.SignatureScheme;
import dev.quorate.crypto.Signer;
import dev.quorate.simulator.crypto.SimulatedUsigs;
import dev.quorate.simulator.kernel.Randomness;
import dev.quorate.usig.Usig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a faulty replica has at hand: its own key, what it and its accomplices have seen, and randomness. */
public final class Adversary {
    private final ClusterConfig config;
    private final ReplicaId self;
    private final Identity identity;
    private final Sealer sealer;
    private final List<Usig> former;
    private final Loot loot;
    private final Randomness random;
    /** Looked up only, never iterated over. */
    private final Map<Integer, Sealer> forgers = new HashMap<>();

    private final List<Peer> others = new ArrayList<>();
    /** One for each of the former USIGs that it has had use for. */
    private final List<Adversary> before = new ArrayList<>();

    /** Of the replica {@code self}, with the USIGs that it has among {@code usigs}. */
    public Adversary(
            ClusterConfig config,
            ReplicaId self,
            Identity identity,
            SimulatedUsigs usigs,
            Loot loot,
            Randomness random) {
        this(config, self, identity, usigs.of(self).own(), usigs.formerOf(self), loot, random);
    }

    private Adversary(
            ClusterConfig config,
            ReplicaId self,
            Identity identity,
            Usig usig,
            List<Usig> former,
            Loot loot,
            Randomness random) {
        this.config = config;
        this.self = self;
        this.former = former;
        this.loot = loot;
        this.random = random;
        this.identity = identity;
        this.sealer = sealer(config, self.value(), identity, usig);
        for (int i = 0; i < config.n(); i++) {
            if (i != self.value()) {
                others.add(new Peer.OfReplica(new ReplicaId(i)));
            }
        }
    }

    public ClusterConfig config() {
        return config;
    }

    public ReplicaId self() {
        return self;
    }

    public Loot loot() {
        return loot;
    }

    public Randomness random() {
        return random;
    }

    /** The same one with a USIG that it had before it rejoined; empty if it never did. */
    Optional<Adversary> before() {
        while (before.size() < former.size()) {
            before.add(new Adversary(config, self, identity, former.get(before.size()), List.of(), loot, random));
        }
        return before.isEmpty() ? Optional.empty() : Optional.of(random.pick(before));
    }

    /** All other replicas. */
    public List<Peer> others() {
        return others;
    }

    /** Another batch at the place of a proposal. */
    Verified<PrePrepare> proposeInstead(PrePrepare proposal, Batch batch) {
        return sealer.seal(
                new PrePrepare(self, proposal.view(), proposal.sequenceNumber(), batch.digest(), Optional.of(batch)));
    }

    /** Seals what the replica says in its own name. */
    public Sealer sealer() {
        return sealer;
    }

    /** Seals in somebody else's name, with the wrong key: a forgery. */
    public Sealer sealerAs(int sender) {
        return forgers.computeIfAbsent(sender, s -> sealer(config, s, identity, SimulatedUsigs.forged(s)));
    }

    /** Seals in the name of {@code sender} with the key of {@code identity}, which need not be the sender's. */
    public static Sealer sealer(ClusterConfig config, int sender, Identity identity, Usig usig) {
        try {
            Signer signer = SignatureScheme.named(config.signatureScheme()).signer(identity.key());
            return new Sealer(config.clusterId(), 0, sender, signer, Optional.of(usig));
        } catch (InvalidKeyException e) {
            throw new IllegalArgumentException("not a key of the cluster's signature scheme", e);
        }
    }
}
