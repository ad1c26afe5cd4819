package dev.quorate.core.smr;

import dev.quorate.core.ClientId;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.wire.Verified;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * The requests that wait to be ordered or executed. Sessions take turns, so that no client waits behind another's
 * flood, and a session's requests leave in the order of their numbers.
 *
 * <p>Bounds: {@code S_c} sessions for each client, and {@code W_c} requests for each session beyond what it has
 * executed.
 */
public final class RequestPool {
    /** What became of a request. */
    public enum Offer {
        ADDED,
        /** It waits already. */
        KNOWN,
        /** Beyond what its client may have waiting. */
        REFUSED
    }

    private record Key(ClientId client, long session) implements Comparable<Key> {
        @Override
        public int compareTo(Key that) {
            int byClient = client.compareTo(that.client);
            return byClient != 0 ? byClient : Long.compare(session, that.session);
        }
    }

    private static final class Waiting {
        private final NavigableMap<Long, Verified<Request>> requests = new TreeMap<>();
        /**
         * When the requests came, by the replica's clock, or when one came that has to execute before them, if that was
         * later: until then a primary could not have ordered them.
         */
        private final NavigableMap<Long, Long> arrivedMillis = new TreeMap<>();
        /** The number that executes next. */
        private long next;

        private long nextToPropose;
        /** The tick at which the session's next request came to be waited for. */
        private long since;
        /** The request that is passed on to the primary, and when it is due again. */
        private long passedOn;

        private long passOnAt;
        private long passOnGap;

        private void arrived(long number, long nowMillis) {
            arrivedMillis.put(number, nowMillis);
            arrivedMillis.tailMap(number, false).replaceAll((later, before) -> Math.max(before, nowMillis));
        }

        /** Whether it is time to pass on the first request; the next time for the same one is later. */
        private boolean takesTurn(long now, long longest) {
            long first = requests.firstKey();
            if (first != passedOn) {
                passedOn = first;
                passOnGap = 1;
            } else if (now < passOnAt) {
                return false;
            }
            passOnAt = now + passOnGap;
            passOnGap = Math.min(2 * passOnGap, longest);
            return true;
        }
    }

    private final int sessionsPerClient;
    private final int requestsPerSession;
    private final NavigableMap<Key, Waiting> sessions = new TreeMap<>();
    private final Map<ClientId, Integer> sessionsOfClient = new TreeMap<>();
    /**
     * The sessions whose next request to propose is here, in the order of their turns. Only a primary proposes, so at a
     * backup a session stays until it leaves the pool: never more than there are sessions.
     */
    private final Set<Key> ready = new LinkedHashSet<>();

    private int size;
    private long tick;
    private Waits waits = Waits.NONE;

    /**
     * How long requests that came here before they were ordered had to wait for that.
     *
     * @param requests how many
     * @param millis the sum of their times
     */
    public record Waits(long requests, long millis) {
        static final Waits NONE = new Waits(0, 0);

        private Waits and(long more) {
            return new Waits(requests + 1, millis + Math.max(0, more));
        }
    }

    public RequestPool(Limits limits) {
        this.sessionsPerClient = limits.get(Limit.SESSIONS_PER_CLIENT);
        this.requestsPerSession = limits.get(Limit.REQUESTS_PER_SESSION);
    }

    /**
     * Takes a request.
     *
     * @param scheduled the number up to which its session has been given to the service
     * @param nowMillis the replica's clock
     */
    public Offer offer(Verified<Request> request, long scheduled, long nowMillis) {
        RequestId id = request.message().id();
        if (id.number() <= scheduled || id.number() - scheduled > requestsPerSession) {
            return Offer.REFUSED;
        }
        Key key = new Key(id.client(), id.session());
        Waiting waiting = sessions.get(key);
        if (waiting == null) {
            boolean isNext = id.number() == scheduled + 1;
            if (sessionsOfClient.getOrDefault(id.client(), 0) >= sessionsPerClient && !makeRoom(key, isNext)) {
                return Offer.REFUSED;
            }
            sessionsOfClient.merge(id.client(), 1, Integer::sum);
            waiting = new Waiting();
            waiting.next = scheduled + 1;
            waiting.nextToPropose = scheduled + 1;
            sessions.put(key, waiting);
        }
        if (waiting.requests.putIfAbsent(id.number(), request) != null) {
            return Offer.KNOWN;
        }
        waiting.arrived(id.number(), nowMillis);
        size++;
        if (id.number() == waiting.next) {
            waiting.since = tick;
        }
        enqueue(key, waiting);
        return Offer.ADDED;
    }

    /**
     * Drops the oldest session of a client whose next request is not here: nothing of it can be ordered, and a client
     * that has given it up may never send what is missing. A request that is its own session's next displaces any such
     * session: backups that have only this request wait for it, and no primary must refuse what others wait for. One
     * that is not displaces an older session only.
     *
     * @param isNext whether the request that needs the room is the next one of its session
     */
    private boolean makeRoom(Key wanting, boolean isNext) {
        Key end = isNext ? new Key(wanting.client, Long.MAX_VALUE) : wanting;
        for (Map.Entry<Key, Waiting> session :
                sessions.subMap(new Key(wanting.client, 0), true, end, true).entrySet()) {
            if (!session.getValue().requests.containsKey(session.getValue().next)) {
                size -= session.getValue().requests.size();
                remove(session.getKey());
                return true;
            }
        }
        return false;
    }

    private void enqueue(Key key, Waiting waiting) {
        if (waiting.requests.containsKey(waiting.nextToPropose)) {
            ready.add(key); // Whoever has a turn already keeps it.
        }
    }

    /** Whether there is anything to propose. */
    public boolean hasReady() {
        return !ready.isEmpty();
    }

    /** The next requests to propose, one of each session in turn; they stay here until they are executed. */
    public List<Verified<Request>> nextBatch(int maxRequests, int maxBytes) {
        List<Verified<Request>> batch = new ArrayList<>();
        int bytes = 0;
        while (!ready.isEmpty() && batch.size() < maxRequests && bytes < maxBytes) {
            Key key = ready.iterator().next();
            ready.remove(key);
            Waiting waiting = sessions.get(key);
            Verified<Request> request = waiting.requests.get(waiting.nextToPropose);
            if (request == null) {
                continue;
            }
            waiting.nextToPropose++;
            batch.add(request);
            bytes += request.frame().length();
            enqueue(key, waiting);
        }
        return batch;
    }

    /**
     * A batch passed that held {@code request}, and its session has now been given to the service up to {@code
     * scheduled}. What is still waited for becomes ready again if it was passed over.
     */
    public void settle(RequestId request, long scheduled, long nowMillis) {
        Key key = new Key(request.client(), request.session());
        Waiting waiting = sessions.get(key);
        if (waiting == null) {
            return;
        }
        if (waiting.next <= scheduled) {
            waiting.next = scheduled + 1;
            waiting.since = tick;
        }
        Map<Long, Verified<Request>> done = waiting.requests.headMap(scheduled, true);
        size -= done.size();
        done.clear();
        Map<Long, Long> arrived = waiting.arrivedMillis.headMap(scheduled, true);
        arrived.values().forEach(millis -> waits = waits.and(nowMillis - millis));
        arrived.clear();
        if (waiting.requests.isEmpty()) {
            remove(key);
        } else if (waiting.nextToPropose <= scheduled || request.number() > scheduled) {
            waiting.nextToPropose = scheduled + 1;
            enqueue(key, waiting);
        }
    }

    /** The session table is another one: what it has executed, or evicted, leaves. */
    public void settleAll(SessionTable table, long nowMillis) {
        for (Waiting waiting : List.copyOf(sessions.values())) {
            RequestId any = waiting.requests.firstEntry().getValue().message().id();
            if (table.isEvicted(any)) {
                drop(any);
            } else {
                settle(any, table.scheduled(any), nowMillis);
            }
        }
    }

    /** A status interval has passed. */
    public void tick() {
        tick++;
    }

    /**
     * For how many ticks the request has waited that has waited longest, of those that could have been ordered: each
     * session's next.
     */
    public long oldestWaiting() {
        long oldest = tick;
        for (Waiting waiting : sessions.values()) {
            if (waiting.requests.containsKey(waiting.next)) {
                oldest = Math.min(oldest, waiting.since);
            }
        }
        return tick - oldest;
    }

    /** The waits of what was ordered since the last call. */
    public Waits takeWaits() {
        Waits taken = waits;
        waits = Waits.NONE;
        return taken;
    }

    /** A new view: whatever was proposed may have been lost, and a new primary gets its time. */
    public void startOver(long nowMillis) {
        ready.clear();
        waits = Waits.NONE;
        sessions.forEach((key, waiting) -> {
            waiting.since = tick;
            waiting.arrivedMillis.replaceAll((number, before) -> nowMillis);
            waiting.nextToPropose = waiting.next;
            waiting.passedOn = 0;
            enqueue(key, waiting);
        });
    }

    /** Forgets what waits of a session that cannot execute any more. */
    public void drop(RequestId request) {
        Key key = new Key(request.client(), request.session());
        Waiting waiting = sessions.get(key);
        if (waiting != null) {
            size -= waiting.requests.size();
            remove(key);
        }
    }

    /**
     * A session of {@code client} was opened, which may have evicted another: what waits of those that cannot execute any
     * more leaves. No primary orders it, so none must be blamed for it.
     */
    public void dropEvicted(ClientId client, SessionTable table) {
        List<Waiting> ofClient =
                List.copyOf(sessions.subMap(new Key(client, 0), true, new Key(client, Long.MAX_VALUE), true)
                        .values());
        for (Waiting waiting : ofClient) {
            RequestId any = waiting.requests.firstEntry().getValue().message().id();
            if (table.isEvicted(any)) {
                drop(any);
            }
        }
    }

    private void remove(Key key) {
        sessions.remove(key);
        ready.remove(key);
        sessionsOfClient.merge(key.client, -1, (a, b) -> a + b == 0 ? null : a + b);
    }

    /**
     * What to pass on to the primary again: the first request of each session, since it has to execute before any other
     * of the session can. The same request is due again after one tick, two, four and so on, and at once in a new view.
     *
     * @param max how many at most
     * @param longestTicks the longest time between two turns of the same request
     */
    public List<Verified<Request>> toPassOn(int max, long longestTicks) {
        return sessions.values().stream()
                .filter(waiting -> waiting.takesTurn(tick, longestTicks))
                .limit(max)
                .map(waiting -> waiting.requests.firstEntry().getValue())
                .toList();
    }

    /** How many requests wait. */
    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }
}
