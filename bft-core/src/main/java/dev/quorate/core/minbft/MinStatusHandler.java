package dev.quorate.core.minbft;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.FetchLog;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MinStatus;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.minbft.MinMessages.Name;
import dev.quorate.core.smr.BackOff;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.PositionLog;
import dev.quorate.core.smr.ReplicaParts;
import dev.quorate.core.smr.Retransmission;
import dev.quorate.core.wire.Verified;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is fetched again: a replica says in its status how far it has handled each stream; whoever is behind asks for what
 * it lacks, of those who have it. Messages with UIs are believed from anybody. {@link Retransmission} has the rest.
 *
 * <p>Budget: to each peer in a status interval at most {@value #MESSAGES} messages, and about one frame's worth.
 */
final class MinStatusHandler implements Retransmission.Progress {
    private static final int MESSAGES = 512;
    private static final int WANTED = 64;

    /** What one peer got in this interval. */
    private static final class Given {
        private int messages;
        private long bytes;
    }

    /**
     * What is missing.
     *
     * @param named messages that somebody named
     * @param gaps the first missing message of each stream of which later ones are here
     */
    private record Lack(long handled, List<Name> named, List<Name> gaps) {}

    private final ReplicaParts parts;
    private final PositionLog<MinSlot> log;
    private final Streams streams;
    private final Retransmission retransmission;
    private final long answerBytes;

    private final Map<ReplicaId, Given> given = new TreeMap<>();
    /** What was asked of whom in this interval because of a STATUS. */
    private final Map<Name, Set<ReplicaId>> asked = new TreeMap<>();

    private final BackOff fetching;
    private Lack lack;
    private int turn;

    MinStatusHandler(ReplicaParts parts, PositionLog<MinSlot> log, Streams streams) {
        this.parts = parts;
        this.log = log;
        this.streams = streams;
        this.retransmission = new Retransmission(parts, this);
        this.fetching = new BackOff(Retransmission.idleTicks(parts));
        this.answerBytes = parts.limits.maxBatchMessageBytes();
    }

    Retransmission retransmission() {
        return retransmission;
    }

    /** A status interval has passed. */
    void onTick() {
        given.clear();
        asked.clear();
        Lack before = lack;
        lack = lack();
        if (fetching.isDue(!lack.equals(before))) {
            fetch();
        }
    }

    @Override
    public long position() {
        return streams.handled();
    }

    @Override
    public boolean reachesBeyond(SequenceNumber executed) {
        return log.reachesBeyond(executed);
    }

    @Override
    public Verified<MinStatus> status() {
        List<Long> handled = streams.all().stream().map(s -> s.next() - 1).toList();
        return parts.sealer.seal(new MinStatus(
                parts.self,
                parts.view(),
                !parts.synchronizer.isActive(),
                parts.window.low(),
                parts.execution.executed(),
                handled));
    }

    void onStatus(Verified<MinStatus> received) {
        MinStatus status = received.message();
        ReplicaId peer = status.replica();
        retransmission.onPeerExecuted(status.executed());
        parts.stranded.onStatus(peer, status.executed());
        retransmission.sendCheckpoints(peer, status.stable());
        parts.backlog.help(peer, status.executed());
        for (Stream stream : streams.all()) {
            long theirs = status.handled().get(stream.of.value());
            if (theirs >= stream.next()) {
                ask(peer, new Name(stream.of, stream.next()));
            }
        }
    }

    // --- fetching

    /** What is missing now. */
    private Lack lack() {
        List<Name> gaps = streams.all().stream()
                .filter(Stream::hasGap)
                .map(stream -> new Name(stream.of, stream.next()))
                .toList();
        return new Lack(streams.handled(), List.copyOf(streams.wanted()), gaps);
    }

    /** Messages wait for one that is missing, or somebody named one: asks other peers each time. */
    private void fetch() {
        turn++;
        List<Name> missing = new ArrayList<>(lack.named);
        if (missing.size() > WANTED) {
            // Faulty replicas may have named many that do not exist: the others get their turn, too.
            Collections.rotate(missing, -turn * WANTED);
            missing.subList(WANTED, missing.size()).clear();
        }
        missing.addAll(lack.gaps);
        int n = parts.quorums.n();
        for (Name name : missing) {
            for (int i = 0; i < Math.min(parts.quorums.weak(), n - 1); i++) {
                ReplicaId peer = new ReplicaId((parts.self.value() + 1 + (turn + i) % (n - 1)) % n);
                send(peer, parts.sealer.seal(new FetchLog(parts.self, name.replica(), name.counter())));
            }
        }
    }

    /** Asks {@code f+1} of those who say that they have it: a single one may lie. */
    private void ask(ReplicaId peer, Name from) {
        Set<ReplicaId> already = asked.computeIfAbsent(from, name -> new TreeSet<>());
        if (already.size() < parts.quorums.weak() && already.add(peer)) {
            send(peer, parts.sealer.seal(new FetchLog(parts.self, from.replica(), from.counter())));
        }
    }

    void onFetch(Verified<FetchLog> received) {
        FetchLog fetch = received.message();
        ReplicaId peer = fetch.replica();
        Stream stream = streams.of(fetch.of());
        if (fetch.from() < stream.start()) {
            Verified<? extends ReplicaMessage> landmark = stream.landmarks.get(fetch.from());
            if (landmark != null) {
                give(peer, landmark);
            }
            retransmission.prove(peer);
            return;
        }
        for (Verified<? extends ReplicaMessage> message :
                stream.log.tailMap(fetch.from(), true).values()) {
            if (!give(peer, message)) {
                parts.effects.reject(RejectionReason.QUOTA_EXCEEDED, received);
                return;
            }
        }
    }

    private boolean give(ReplicaId peer, Verified<? extends ReplicaMessage> message) {
        Given already = given.computeIfAbsent(peer, id -> new Given());
        if (already.messages >= MESSAGES || already.bytes >= answerBytes) {
            return false;
        }
        already.messages++;
        already.bytes += message.frame().length();
        send(peer, message);
        return true;
    }

    private void send(ReplicaId peer, Verified<? extends Message> message) {
        parts.effects.add(new Effect.Send(peer, message));
    }
}
