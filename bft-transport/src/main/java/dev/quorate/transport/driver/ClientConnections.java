package dev.quorate.transport.driver;

import dev.quorate.core.ClientId;
import dev.quorate.transport.channel.Connection;
import dev.quorate.transport.channel.TransportLimits;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The clients that are connected: at most so many connections of each, and of all. Thread-safe. */
final class ClientConnections {
    private record SessionKey(ClientId client, long session) {}

    private final TransportLimits limits;
    /** For the replica thread, which asks often: without a lock. */
    private final Map<SessionKey, Connection> bySession = new ConcurrentHashMap<>();

    // Guarded by this.
    private final Map<ClientId, Set<Connection>> byClient = new HashMap<>();
    private int total;

    ClientConnections(TransportLimits limits) {
        this.limits = limits;
    }

    /** Whether there is room for the connection. The newest connection of a session gets the session's replies. */
    synchronized boolean add(ClientId client, Connection connection) {
        Set<Connection> ofClient = byClient.getOrDefault(client, Set.of());
        if (ofClient.size() >= limits.maxConnectionsPerClient() || total >= limits.maxClientConnections()) {
            return false;
        }
        byClient.computeIfAbsent(client, id -> new LinkedHashSet<>()).add(connection);
        total++;
        bySession.put(new SessionKey(client, connection.session()), connection);
        return true;
    }

    /** The connection, which was added before, has ended. */
    synchronized void remove(ClientId client, Connection connection) {
        byClient.computeIfPresent(client, (id, ofClient) -> {
            if (ofClient.remove(connection)) {
                total--;
            }
            return ofClient.isEmpty() ? null : ofClient;
        });
        bySession.remove(new SessionKey(client, connection.session()), connection);
    }

    /** The connection over which a session's replies go; null if there is none. */
    Connection of(ClientId client, long session) {
        return bySession.get(new SessionKey(client, session));
    }

    /** How many different clients are connected. */
    synchronized int clients() {
        return byClient.size();
    }

    synchronized List<Connection> all() {
        return byClient.values().stream().flatMap(Set::stream).toList();
    }
}
