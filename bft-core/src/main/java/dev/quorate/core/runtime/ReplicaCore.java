package dev.quorate.core.runtime;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ConfigException;
import dev.quorate.core.Identity;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicatedService;
import dev.quorate.core.minbft.MinBftReplica;
import dev.quorate.core.minbft.MinBftRules;
import dev.quorate.core.pbft.PbftParts;
import dev.quorate.core.pbft.PbftReplica;
import dev.quorate.core.pbft.PbftRules;
import dev.quorate.core.smr.ReplicaProtocol;
import dev.quorate.core.smr.ServiceRunner;
import dev.quorate.core.wire.MessageValidator;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.UiDrafts;
import dev.quorate.core.wire.UiVerifier;
import dev.quorate.crypto.InvalidKeyException;
import dev.quorate.crypto.SignatureScheme;
import dev.quorate.crypto.Signer;
import java.util.Optional;

/**
 * The parts of one replica that a driver puts together, whether in production or in a simulation.
 *
 * @param id which replica of the cluster the identity's key makes this
 * @param validator for any number of threads
 * @param protocol for one thread
 * @param service for one thread, which may be another
 * @param sealer for what the driver itself says in the replica's name; for any number of threads
 */
public record ReplicaCore(
        ReplicaId id, MessageValidator validator, ReplicaProtocol protocol, ServiceRunner service, Sealer sealer) {

    /** The parts of a replica that has no USIG. Otherwise as below. */
    public static ReplicaCore create(ClusterConfig config, Identity identity, ReplicatedService service) {
        return create(config, identity, service, Optional.empty());
    }

    /**
     * The parts of the replica that the identity's key makes this.
     *
     * @param usig needed for MinBFT
     * @throws ConfigException if the identity's key is not that of a replica of the cluster, or the USIG is missing
     */
    public static ReplicaCore create(
            ClusterConfig config, Identity identity, ReplicatedService service, Optional<ReplicaUsig> usig) {
        Signer signer = signer(config, identity);
        ReplicaId id = idOf(config, signer);
        Sealer sealer = new Sealer(
                config.clusterId(),
                0,
                id.value(),
                signer,
                usig.map(ReplicaUsig::own),
                usig.map(ReplicaUsig::drafts).orElse(UiDrafts.NONE));
        ServiceRunner runner = new ServiceRunner(service, config.limits());
        return switch (config.protocol()) {
            case PBFT ->
                new ReplicaCore(
                        id,
                        new MessageValidator(config, new PbftRules(config)),
                        new PbftReplica(config, id, sealer, runner.predicts(), new PbftParts()),
                        runner,
                        sealer);
            case MINBFT -> {
                UiVerifier usigs = usig.map(ReplicaUsig::all)
                        .orElseThrow(() -> new ConfigException("MinBFT needs a USIG at every replica"));
                yield new ReplicaCore(
                        id,
                        new MessageValidator(config, new MinBftRules(config), usigs),
                        new MinBftReplica(config, id, sealer, runner.predicts()),
                        runner,
                        sealer);
            }
        };
    }

    /**
     * Which replica of the cluster the identity's key makes this.
     *
     * @throws ConfigException if it is not that of a replica of the cluster
     */
    public static ReplicaId idOf(ClusterConfig config, Identity identity) {
        return idOf(config, signer(config, identity));
    }

    private static ReplicaId idOf(ClusterConfig config, Signer signer) {
        return config.replicaWithKey(signer.publicKey())
                .orElseThrow(() -> new ConfigException("the key is not that of any replica of the cluster"));
    }

    static Signer signer(ClusterConfig config, Identity identity) {
        try {
            return SignatureScheme.named(config.signatureScheme()).signer(identity.key());
        } catch (InvalidKeyException e) {
            throw new ConfigException(e.getMessage(), e);
        }
    }
}
