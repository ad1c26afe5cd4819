package dev.quorate.core.smr;

import dev.quorate.core.ClientId;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.crypto.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How far each session is: replicated state, the same at every correct replica after the same batches. It makes every
 * request execute exactly once and in the order of its session.
 *
 * <p>Bounds: {@code S_c} sessions for each client, one of which never pushes out another client's; for the results, see
 * {@link KeptResults}. Not final: tests put in tables that forget, to see that somebody notices.
 */
public class SessionTable {
    /** What becomes of a request when its batch executes. */
    public enum Admission {
        /** It is its session's next. */
        EXECUTE,
        /** It is not its session's next: everybody passes it over. */
        SKIP,
        /** Its session was evicted, so whether it has executed before cannot be told. */
        EVICTED
    }

    private static final class ClientSessions {
        private final NavigableMap<Long, Session> sessions = new TreeMap<>();
        private long highestEvicted;
    }

    /** That a request in the batch at {@code at} took the place of {@code session}. */
    private record Eviction(SequenceNumber at, ClientId client, long session) {}

    private final int sessionsPerClient;
    private final NavigableMap<ClientId, ClientSessions> clients = new TreeMap<>();
    private final KeptResults results;
    /** Those of batches that are not complete: until then the results are those of before. */
    private final Deque<Eviction> evictions = new ArrayDeque<>();

    public SessionTable(Limits limits) {
        this.sessionsPerClient = limits.get(Limit.SESSIONS_PER_CLIENT);
        this.results = new KeptResults(limits);
    }

    /** Decides about a request in the batch at {@code at}, and counts it as given to the service if it executes. */
    public Admission schedule(RequestId request, SequenceNumber at) {
        ClientSessions client = clients.computeIfAbsent(request.client(), id -> new ClientSessions());
        Session session = client.sessions.get(request.session());
        if (session == null) {
            if (request.session() <= client.highestEvicted) {
                return Admission.EVICTED;
            }
            if (request.number() != 1) {
                return Admission.SKIP;
            }
            session = open(request, client, at);
        }
        if (request.number() != session.scheduled() + 1) {
            return Admission.SKIP;
        }
        session.schedule(at);
        return Admission.EXECUTE;
    }

    private Session open(RequestId first, ClientSessions client, SequenceNumber at) {
        if (client.sessions.size() == sessionsPerClient) {
            // By sequence number, then by id: the same choice everywhere.
            long evicted = client.sessions.entrySet().stream()
                    .min(Comparator.comparing(
                                    (Map.Entry<Long, Session> e) -> e.getValue().lastUsed())
                            .thenComparing(Map.Entry::getKey))
                    .orElseThrow()
                    .getKey();
            client.sessions.remove(evicted);
            client.highestEvicted = Math.max(client.highestEvicted, evicted);
            evictions.add(new Eviction(at, first.client(), evicted));
        }
        Session session = new Session();
        client.sessions.put(first.session(), session);
        return session;
    }

    /**
     * The service has executed the batch at {@code at}: keeps the results.
     *
     * @param requests those of the batch that were to be executed
     * @param answers one for each
     */
    public void complete(SequenceNumber at, List<RequestId> requests, List<Result> answers) {
        for (int i = 0; i < requests.size(); i++) {
            RequestId request = requests.get(i);
            results.add(request, answers.get(i));
            Session session = find(request);
            if (session != null) {
                session.complete(request.number());
            }
        }
        while (!evictions.isEmpty() && !evictions.peek().at().isAfter(at)) {
            Eviction eviction = evictions.remove();
            results.removeSession(eviction.client(), eviction.session());
        }
    }

    /** The last number of that session that was given to the service; 0 for a session that is not known. */
    public long scheduled(RequestId request) {
        Session session = find(request);
        return session == null ? 0 : session.scheduled();
    }

    /** Whether the session was evicted, or is so old that it must be taken for evicted. */
    public boolean isEvicted(RequestId request) {
        ClientSessions client = clients.get(request.client());
        return client != null
                && request.session() <= client.highestEvicted
                && !client.sessions.containsKey(request.session());
    }

    /**
     * What to answer to a request without ordering it: the kept result, or a definite error. Empty if it has not
     * executed yet.
     */
    public Optional<Result> answer(RequestId request) {
        if (isEvicted(request)) {
            return Optional.of(Result.error(Result.Outcome.SESSION_EVICTED));
        }
        Session session = find(request);
        if (session == null || request.number() > session.completed()) {
            return Optional.empty();
        }
        Result kept = results.find(request);
        return Optional.of(kept == null ? Result.error(Result.Outcome.NUMBER_TOO_OLD) : kept);
    }

    private Session find(RequestId request) {
        ClientSessions client = clients.get(request.client());
        return client == null ? null : client.sessions.get(request.session());
    }

    /** The whole table as bytes, equal for equal tables. To be called when every scheduled request is complete. */
    public Bytes encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(clients.size());
            for (Map.Entry<ClientId, ClientSessions> client : clients.entrySet()) {
                out.writeInt(client.getKey().value());
                out.writeLong(client.getValue().highestEvicted);
                out.writeInt(client.getValue().sessions.size());
                for (Map.Entry<Long, Session> session :
                        client.getValue().sessions.entrySet()) {
                    out.writeLong(session.getKey());
                    out.writeLong(session.getValue().scheduled());
                    out.writeLong(session.getValue().lastUsed().value());
                }
            }
            results.encode(out);
        } catch (IOException e) {
            throw new UncheckedIOException("an array cannot fail", e);
        }
        return Bytes.wrap(bytes.toByteArray());
    }

    /** Replaces the whole table by one that {@link #encode} wrote, and that a quorum vouches for. */
    public void decode(Bytes encoded) {
        clients.clear();
        evictions.clear();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded.unsafeArray()))) {
            for (int i = in.readInt(); i > 0; i--) {
                ClientSessions client = new ClientSessions();
                clients.put(new ClientId(in.readInt()), client);
                client.highestEvicted = in.readLong();
                for (int j = in.readInt(); j > 0; j--) {
                    client.sessions.put(in.readLong(), new Session(in.readLong(), new SequenceNumber(in.readLong())));
                }
            }
            results.decode(in);
        } catch (IOException e) {
            throw new UncheckedIOException("a session table that a quorum vouches for is damaged", e);
        }
    }
}
