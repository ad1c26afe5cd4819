package dev.quorate.core.runtime;

import dev.quorate.core.ClientId;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ConfigException;
import dev.quorate.core.Identity;
import dev.quorate.core.client.ClientProtocol;
import dev.quorate.core.client.ClientRules;
import dev.quorate.core.wire.MessageValidator;
import dev.quorate.core.wire.Sealer;
import dev.quorate.crypto.Signer;

/**
 * The parts of one client that a driver puts together.
 *
 * @param id which client of the cluster the identity's key makes this
 * @param validator for any number of threads
 * @param protocol for one thread
 * @param sealer for what the driver itself says in the client's name; for any number of threads
 */
public record ClientCore(ClientId id, MessageValidator validator, ClientProtocol protocol, Sealer sealer) {

    /**
     * The parts of the client that the identity's key makes this.
     *
     * @param session higher than that of every earlier session of this client; a clock serves
     * @throws ConfigException if the identity's key is not that of a client of the cluster
     */
    public static ClientCore create(ClusterConfig config, Identity identity, long session) {
        Signer signer = ReplicaCore.signer(config, identity);
        ClientId id = config.clientWithKey(signer.publicKey())
                .orElseThrow(() -> new ConfigException("the key is not that of any client of the cluster"));
        Sealer sealer = new Sealer(config.clusterId(), 0, id.value(), signer);
        return new ClientCore(
                id,
                MessageValidator.forClient(config, new ClientRules()),
                new ClientProtocol(config, id, session, sealer),
                sealer);
    }
}
