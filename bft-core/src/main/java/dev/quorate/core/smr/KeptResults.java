package dev.quorate.core.smr;

import dev.quorate.core.ClientId;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.crypto.Bytes;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Comparator;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The results of what executed last, for clients that ask again: replicated state. It changes only when a batch is
 * complete, by what is in that batch, and so it is the same at every correct replica after the same batches, however much
 * more each has given the service already.
 *
 * <p>Bounds: {@code W_c} results for each session, and {@link Limit#KEPT_RESULT_BYTES} in all. Where that is not enough,
 * the client that takes most of it loses its oldest result: whoever takes no more than an equal share loses nothing to
 * others.
 */
final class KeptResults {
    private record Key(long session, long number) {}

    private record Kept(long order, Result result) {}

    private static final class OfClient {
        private final ClientId id;
        private final NavigableMap<Long, NavigableMap<Long, Kept>> sessions = new TreeMap<>();
        /** The same in the order in which they were executed. */
        private final NavigableMap<Long, Key> byOrder = new TreeMap<>();

        private long bytes;

        private OfClient(ClientId id) {
            this.id = id;
        }
    }

    private final int perSession;
    private final long maxBytes;
    private final NavigableMap<ClientId, OfClient> clients = new TreeMap<>();
    /** Those that have any, the one that takes most at the end. */
    private final NavigableSet<OfClient> byBytes = new TreeSet<>(
            Comparator.comparingLong((OfClient client) -> client.bytes).thenComparing(client -> client.id));

    private long bytes;
    private long executed;

    KeptResults(Limits limits) {
        this.perSession = limits.get(Limit.REQUESTS_PER_SESSION);
        this.maxBytes = limits.get(Limit.KEPT_RESULT_BYTES);
    }

    /** Null if it is not kept. */
    Result find(RequestId request) {
        OfClient client = clients.get(request.client());
        NavigableMap<Long, Kept> ofSession = client == null ? null : client.sessions.get(request.session());
        Kept kept = ofSession == null ? null : ofSession.get(request.number());
        return kept == null ? null : kept.result;
    }

    /** The next request has executed. */
    void add(RequestId request, Result result) {
        OfClient client = clients.computeIfAbsent(request.client(), OfClient::new);
        byBytes.remove(client);
        remove(client, new Key(request.session(), request.number() - perSession));
        remove(client, new Key(request.session(), request.number()));
        long order = executed++;
        client.sessions
                .computeIfAbsent(request.session(), session -> new TreeMap<>())
                .put(request.number(), new Kept(order, result));
        client.byOrder.put(order, new Key(request.session(), request.number()));
        grow(client, size(result));
        byBytes.add(client);
        while (bytes > maxBytes) {
            OfClient largest = byBytes.last();
            byBytes.remove(largest);
            remove(largest, largest.byOrder.firstEntry().getValue());
            putBack(largest);
        }
    }

    /** The session is no more. */
    void removeSession(ClientId of, long session) {
        OfClient client = clients.get(of);
        if (client != null && client.sessions.containsKey(session)) {
            byBytes.remove(client);
            for (Kept kept : client.sessions.remove(session).values()) {
                client.byOrder.remove(kept.order);
                grow(client, -size(kept.result));
            }
            putBack(client);
        }
    }

    private void remove(OfClient client, Key key) {
        NavigableMap<Long, Kept> ofSession = client.sessions.get(key.session);
        Kept kept = ofSession == null ? null : ofSession.remove(key.number);
        if (kept != null) {
            client.byOrder.remove(kept.order);
            grow(client, -size(kept.result));
            if (ofSession.isEmpty()) {
                client.sessions.remove(key.session);
            }
        }
    }

    private void putBack(OfClient client) {
        if (client.byOrder.isEmpty()) {
            clients.remove(client.id);
        } else {
            byBytes.add(client);
        }
    }

    private void grow(OfClient client, long by) {
        client.bytes += by;
        bytes += by;
    }

    private static long size(Result result) {
        return (long) result.value().length() + Limits.RESULT_OVERHEAD;
    }

    /** Equal for equal ones: the results of each client in the order in which they were executed. */
    void encode(DataOutputStream out) throws IOException {
        out.writeInt(clients.size());
        for (OfClient client : clients.values()) {
            out.writeInt(client.id.value());
            out.writeInt(client.byOrder.size());
            for (Key key : client.byOrder.values()) {
                Result result = client.sessions.get(key.session).get(key.number).result;
                out.writeLong(key.session);
                out.writeLong(key.number);
                out.writeInt(result.outcome().code());
                out.writeInt(result.value().length());
                out.write(result.value().unsafeArray());
            }
        }
    }

    /** Replaces everything by what {@link #encode} wrote. */
    void decode(DataInputStream in) throws IOException {
        clients.clear();
        byBytes.clear();
        bytes = 0;
        for (int i = in.readInt(); i > 0; i--) {
            ClientId client = new ClientId(in.readInt());
            for (int j = in.readInt(); j > 0; j--) {
                RequestId request = new RequestId(client, in.readLong(), in.readLong());
                Result.Outcome outcome = Result.Outcome.ofCode(in.readInt());
                add(request, new Result(outcome, Bytes.wrap(in.readNBytes(in.readInt()))));
            }
        }
    }
}
