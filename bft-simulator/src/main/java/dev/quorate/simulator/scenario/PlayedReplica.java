package dev.quorate.simulator.scenario;

import dev.quorate.core.ClientId;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Identity;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.Request;
import dev.quorate.core.wire.Batches;
import dev.quorate.core.wire.MessageValidator;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Validation;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.simulator.byzantine.Adversary;
import dev.quorate.simulator.crypto.SimulatedUsigs;
import dev.quorate.simulator.network.Packet;
import dev.quorate.simulator.network.SimNetwork;
import dev.quorate.simulator.node.SimReplica;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A faulty replica whose part a test plays: it says what the test lets it say, signed with its own key, and remembers
 * what it was told.
 */
public final class PlayedReplica implements SimNetwork.Node {
    private final ClusterConfig config;
    private final ReplicaId id;
    private final Identity identity;
    private final Sealer sealer;
    private final SimNetwork network;
    private final MessageValidator validator;
    private final List<Verified<? extends Message>> received = new ArrayList<>();
    private final Set<SequenceNumber> vouchedFor = new TreeSet<>();
    private boolean follows;

    PlayedReplica(
            ClusterConfig config,
            ReplicaId id,
            Identity identity,
            Sealer sealer,
            SimNetwork network,
            MessageValidator validator) {
        this.config = config;
        this.id = id;
        this.identity = identity;
        this.sealer = sealer;
        this.network = network;
        this.validator = validator;
    }

    public ReplicaId id() {
        return id;
    }

    // --- what it may say

    /** Seals whatever it says. */
    public <M extends ReplicaMessage> Verified<M> seal(M message) {
        return sealer.seal(message);
    }

    /** Seals a request in its client's name, with its own key: a forgery. */
    public Verified<Request> forge(Request request) {
        return Adversary.sealer(config, request.client().value(), identity, SimulatedUsigs.forged(0))
                .seal(request);
    }

    /** A batch of these requests. */
    public static Batch batch(List<Verified<Request>> requests) {
        return Batches.of(requests, SimReplica.WALL_CLOCK_AT_START, Bytes.EMPTY, Bytes.EMPTY);
    }

    /** A batch of one request. */
    public static Batch batch(Verified<Request> request) {
        return batch(List.of(request));
    }

    /** PRE-PREPARE in its own name. */
    public Verified<PrePrepare> prePrepare(long view, long at, Batch batch) {
        return seal(new PrePrepare(id, new View(view), new SequenceNumber(at), batch.digest(), Optional.of(batch)));
    }

    /** PREPARE in its own name. */
    public Verified<Prepare> prepare(long view, long at, Digest digest) {
        return seal(new Prepare(id, new View(view), new SequenceNumber(at), digest));
    }

    /** COMMIT in its own name. */
    public Verified<Commit> commit(long view, long at, Digest digest) {
        return seal(new Commit(id, new View(view), new SequenceNumber(at), digest));
    }

    /** CHECKPOINT in its own name. */
    public Verified<Checkpoint> checkpoint(long at, Digest root) {
        return seal(new Checkpoint(id, new SequenceNumber(at), root));
    }

    // --- how it says it

    /** Sends to these replicas. Anything signed may be sent, whoever signed it. */
    public void send(Verified<? extends Message> message, int... to) {
        for (int replica : to) {
            network.send(
                    new Packet(new Peer.OfReplica(id), message.frame()), new Peer.OfReplica(new ReplicaId(replica)));
        }
    }

    /** Sends to all other replicas. */
    public void broadcast(Verified<? extends Message> message) {
        for (int i = 0; i < config.n(); i++) {
            if (i != id.value()) {
                send(message, i);
            }
        }
    }

    /** Sends to a client. */
    public void reply(Verified<? extends Message> message, int client) {
        network.send(new Packet(new Peer.OfReplica(id), message.frame()), new Peer.OfClient(new ClientId(client)));
    }

    /**
     * From now on votes for whatever is proposed to it, and vouches for whatever checkpoint it hears of first, so that
     * the others can count on it as on a correct backup; of itself it says nothing else.
     */
    public void follow() {
        follows = true;
    }

    private void follow(Message message) {
        if (message instanceof PrePrepare p) {
            broadcast(seal(new Prepare(id, p.view(), p.sequenceNumber(), p.digest())));
            broadcast(seal(new Commit(id, p.view(), p.sequenceNumber(), p.digest())));
        } else if (message instanceof Checkpoint c && vouchedFor.add(c.sequenceNumber())) {
            broadcast(checkpoint(c.sequenceNumber().value(), c.root()));
        }
    }

    // --- what it was told

    /** The valid messages of one type that arrived, in order. */
    public <M extends Message> List<Verified<M>> received(Class<M> type) {
        return received.stream()
                .filter(message -> type.isInstance(message.message()))
                .map(message -> message.as(type))
                .toList();
    }

    @Override
    public void receive(Packet packet, long sentAtNanos) {
        if (validator.validate(packet.frame(), packet.from()) instanceof Validation.Accepted accepted) {
            received.add(accepted.message());
            if (follows) {
                follow(accepted.message().message());
            }
        }
    }

    @Override
    public void reconnected(Peer peer) {
        // The test decides what it says.
    }

    @Override
    public void disconnected(Peer peer) {
        // The test decides what it says.
    }
}
