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
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How far each session is: replicated state, the same at every correct replica after the same batches. It makes every
 * request execute exactly once and in the order of its session.
 *
 * <p>Bounds: {@code S_c} sessions for each client, {@code W_c} results for each session. One client's sessions never
 * push out another's. Not final: tests put in tables that forget, to see that somebody notices.
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

    private final int sessionsPerClient;
    private final int resultsPerSession;
    private final NavigableMap<ClientId, ClientSessions> clients = new TreeMap<>();

    public SessionTable(Limits limits) {
        this.sessionsPerClient = limits.get(Limit.SESSIONS_PER_CLIENT);
        this.resultsPerSession = limits.get(Limit.REQUESTS_PER_SESSION);
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
            session = open(client, request.session());
        }
        if (request.number() != session.scheduled() + 1) {
            return Admission.SKIP;
        }
        session.schedule(at);
        return Admission.EXECUTE;
    }

    private Session open(ClientSessions client, long id) {
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
        }
        Session session = new Session(resultsPerSession);
        client.sessions.put(id, session);
        return session;
    }

    /** Keeps the result of a request that was scheduled; does nothing if its session has been evicted since. */
    public void complete(RequestId request, Result result) {
        Session session = find(request);
        if (session != null) {
            session.complete(request.number(), result);
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
        if (session == null || request.number() > session.scheduled()) {
            return Optional.empty();
        }
        Result kept = session.results().get(request.number());
        if (kept == null && request.number() + resultsPerSession <= session.scheduled()) {
            return Optional.of(Result.error(Result.Outcome.NUMBER_TOO_OLD));
        }
        return Optional.ofNullable(kept);
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
                    write(out, session.getKey(), session.getValue());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("an array cannot fail", e);
        }
        return Bytes.wrap(bytes.toByteArray());
    }

    /** Replaces the whole table by one that {@link #encode} wrote, and that a quorum vouches for. */
    public void decode(Bytes encoded) {
        clients.clear();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded.unsafeArray()))) {
            for (int i = in.readInt(); i > 0; i--) {
                ClientSessions client = new ClientSessions();
                clients.put(new ClientId(in.readInt()), client);
                client.highestEvicted = in.readLong();
                for (int j = in.readInt(); j > 0; j--) {
                    client.sessions.put(in.readLong(), read(in));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a session table that a quorum vouches for is damaged", e);
        }
    }

    private Session read(DataInputStream in) throws IOException {
        Session session = new Session(resultsPerSession, in.readLong(), new SequenceNumber(in.readLong()));
        for (int i = in.readInt(); i > 0; i--) {
            long number = in.readLong();
            Result.Outcome outcome = Result.Outcome.ofCode(in.readInt());
            session.complete(number, new Result(outcome, Bytes.wrap(in.readNBytes(in.readInt()))));
        }
        return session;
    }

    private static void write(DataOutputStream out, long id, Session session) throws IOException {
        out.writeLong(id);
        out.writeLong(session.scheduled());
        out.writeLong(session.lastUsed().value());
        out.writeInt(session.results().size());
        for (Map.Entry<Long, Result> result : session.results().entrySet()) {
            out.writeLong(result.getKey());
            out.writeInt(result.getValue().outcome().code());
            out.writeInt(result.getValue().value().length());
            out.write(result.getValue().value().unsafeArray());
        }
    }
}
