package dev.quorate.transport.driver;

import dev.quorate.core.ClientId;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ClusterConfig.ReplicaInfo;
import dev.quorate.core.Identity;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicaStatus;
import dev.quorate.core.runtime.ReplicaCore;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.ProtocolStatus;
import dev.quorate.core.storage.Durability;
import dev.quorate.core.wire.Peer;
import dev.quorate.crypto.Bytes;
import dev.quorate.transport.channel.Acceptor;
import dev.quorate.transport.channel.ChannelSecurity;
import dev.quorate.transport.channel.ChannelSetup;
import dev.quorate.transport.channel.Connection;
import dev.quorate.transport.channel.DialLimit;
import dev.quorate.transport.channel.Dialer;
import dev.quorate.transport.channel.Hello;
import dev.quorate.transport.channel.KeyCertificate;
import dev.quorate.transport.channel.Listener;
import dev.quorate.transport.channel.Members;
import dev.quorate.transport.channel.Receiver;
import dev.quorate.transport.channel.Rejections;
import dev.quorate.transport.channel.Traffic;
import dev.quorate.transport.channel.TransportLimits;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A replica's channels to the other replicas and to clients. As an {@link Acceptor} it is called by event loops, as
 * {@link Outgoing} by the replica thread.
 */
final class ReplicaNetwork implements Outgoing, Acceptor {
    private final ReplicaCore core;
    private final Optional<Durability> durability;
    private final ReplicaLoop loop;
    private final WorkerPool workers;
    private final Rejections rejections;
    private final Traffic traffic = new Traffic();
    private final ClientConnections clients;
    /** By replica id; null where there is none. */
    private final AtomicReferenceArray<Connection> replicas;

    private final ChannelSetup setup;
    private final List<Dialer> dialers = new ArrayList<>();
    private Listener listener;
    private volatile boolean closed;

    /** What has frames to flush. Only for the replica thread. */
    private final Set<Connection> written = new LinkedHashSet<>();

    /** @param durability what the replica's store promises, if it has one */
    ReplicaNetwork(
            ClusterConfig config,
            Identity identity,
            ReplicaCore core,
            Optional<Durability> durability,
            TransportLimits limits,
            ReplicaLoop loop,
            WorkerPool workers,
            Rejections rejections) {
        this.core = core;
        this.durability = durability;
        this.loop = loop;
        this.workers = workers;
        this.rejections = rejections;
        this.clients = new ClientConnections(limits);
        this.replicas = new AtomicReferenceArray<>(config.n());
        Members members = Members.of(config);
        KeyCertificate key = KeyCertificate.of(identity, config.signatureScheme());
        this.setup = new ChannelSetup(
                new Peer.OfReplica(core.id()),
                Hello.of(config, 0),
                ChannelSecurity.forDialling(key, members),
                Optional.of(ChannelSecurity.forAccepting(key, members)),
                members,
                limits,
                rejections,
                traffic,
                workers::execute,
                this);
    }

    /** Listens, and dials the replicas with higher ids. */
    void start(ClusterConfig config, EventLoopGroup loops) throws IOException {
        listener = new Listener(loops, setup, config.replica(core.id()));
        for (ReplicaInfo replica : config.replicas()) {
            if (replica.id().compareTo(core.id()) > 0) {
                Dialer dialer = new Dialer(loops.next(), setup, replica, workers::execute, new DialLimit(1));
                dialers.add(dialer);
                dialer.start();
            }
        }
    }

    Traffic traffic() {
        return traffic;
    }

    /** Ends all connections, and accepts and dials none any more. Returns at once. On any thread; more calls are fine. */
    void close() {
        closed = true;
        if (listener != null) {
            listener.close();
        }
        dialers.forEach(Dialer::close);
        for (int id = 0; id < replicas.length(); id++) {
            Connection connection = replicas.get(id);
            if (connection != null) {
                connection.close();
            }
        }
        clients.all().forEach(Connection::close);
    }

    // --- on event loops

    @Override
    public Optional<Receiver> opened(Connection connection) {
        if (closed) {
            return Optional.empty();
        }
        if (connection.peer() instanceof Peer.OfReplica replica) {
            return Optional.of(replicaConnected(replica.id(), connection));
        }
        ClientId client = ((Peer.OfClient) connection.peer()).id();
        return clients.add(client, connection)
                ? Optional.of(receiver(connection, () -> clients.remove(client, connection)))
                : Optional.empty();
    }

    /** The newest connection counts: the replica made it because the one before was lost, known here or not. */
    private Receiver replicaConnected(ReplicaId peer, Connection connection) {
        Connection previous;
        // Two event loops may be at it: what the protocol hears last has to be what is so.
        synchronized (replicas) {
            previous = replicas.getAndSet(peer.value(), connection);
            loop.post(new Work.Happened(new Event.PeerConnected(peer)), true);
        }
        if (previous != null) {
            previous.close();
        }
        return receiver(connection, () -> replicaDisconnected(peer, connection));
    }

    private void replicaDisconnected(ReplicaId peer, Connection connection) {
        synchronized (replicas) {
            if (replicas.compareAndSet(peer.value(), connection, null) && !closed) {
                loop.post(new Work.Happened(new Event.PeerDisconnected(peer)), true);
            }
        }
    }

    private Receiver receiver(Connection connection, Runnable onClosed) {
        return new InboundQueue(connection, core.validator(), rejections, workers, loop, onClosed);
    }

    // --- on the replica thread

    @Override
    public void send(ReplicaId to, Bytes frame) {
        write(replicas.get(to.value()), frame);
    }

    @Override
    public void broadcast(Bytes frame) {
        for (int id = 0; id < replicas.length(); id++) {
            if (id != core.id().value()) {
                write(replicas.get(id), frame);
            }
        }
    }

    @Override
    public void sendToClient(ClientId to, long session, Bytes frame) {
        write(clients.of(to, session), frame);
    }

    @Override
    public void answer(Connection connection, Bytes frame) {
        write(connection, frame);
    }

    private void write(Connection connection, Bytes frame) {
        if (connection == null) {
            traffic.withoutChannel();
        } else if (connection.send(frame)) {
            written.add(connection);
        }
    }

    @Override
    public void flush() {
        if (!written.isEmpty()) {
            written.forEach(Connection::flush);
            written.clear();
        }
    }

    // --- on any thread

    @Override
    public ReplicaStatus describe(ProtocolStatus status) {
        // Before the total, which is then at least as large whatever is counted meanwhile.
        long surplus = rejections.surplus();
        List<ReplicaId> connected = new ArrayList<>();
        for (int id = 0; id < replicas.length(); id++) {
            if (replicas.get(id) != null) {
                connected.add(new ReplicaId(id));
            }
        }
        return new ReplicaStatus(
                core.id(),
                status.view(),
                status.primary(),
                status.ordered(),
                status.executed(),
                status.stable(),
                status.pendingRequests(),
                connected,
                clients.clients(),
                rejections.total() - surplus,
                surplus,
                status.rejoining(),
                durability);
    }
}
