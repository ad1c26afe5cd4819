package dev.quorate.core.client;

import dev.quorate.core.ClientId;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Limit;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.message.Answer;
import dev.quorate.core.message.Read;
import dev.quorate.core.message.ReadReply;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.wire.Sealer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads that are not ordered (Castro and Liskov 1999, section 5.1; Berger, Reiser and Bessani 2021). A read counts when
 * {@code r} replicas sent the same result with the same stamp.
 */
final class PendingReads {
    /** A read that did not come to an end: it has to be ordered. */
    record Failed(long invocation, ClientEvent.Invoke invoke) {}

    private static final class Pending {
        private final long invocation;
        private final ClientEvent.Invoke invoke;
        private final Map<ReplicaId, ReadReply> replies = new TreeMap<>();

        private Pending(long invocation, ClientEvent.Invoke invoke) {
            this.invocation = invocation;
            this.invoke = invoke;
        }
    }

    private final ClientId self;
    private final long session;
    private final Sealer sealer;
    private final int n;
    private final int quorum;
    private final ClientParts parts;
    private final int most;
    private final Duration patience;
    private final Map<Long, Pending> pending = new TreeMap<>();
    private long lastNumber;

    PendingReads(ClusterConfig config, ClientId self, long session, Sealer sealer, ClientParts parts) {
        this.self = self;
        this.session = session;
        this.sealer = sealer;
        this.n = config.n();
        this.quorum = parts.readQuorum(QuorumSystem.of(config.protocol(), config.n()));
        this.parts = parts;
        this.most = config.limits().get(Limit.REQUESTS_PER_SESSION);
        this.patience = config.limits().period(Limit.CLIENT_RETRY);
    }

    /** Whether one more may be under way; more than that are ordered. */
    boolean mayStart() {
        return pending.size() < most;
    }

    void start(long invocation, ClientEvent.Invoke invoke, List<ClientEffect> effects) {
        long number = ++lastNumber;
        pending.put(number, new Pending(invocation, invoke));
        effects.add(new ClientEffect.SendToAll(
                sealer.seal(new Read(new RequestId(self, session, number), invoke.operation()))));
        effects.add(new ClientEffect.StartTimer(timer(number), patience));
    }

    /** What a completed read found. */
    record Completed(long invocation, long ticket, Result result) {}

    /** Counts a reply. Returns the read that it completes. */
    Optional<Completed> receive(ReadReply reply, List<ClientEffect> effects) {
        RequestId id = reply.read();
        Pending read = id.client().equals(self) && id.session() == session ? pending.get(id.number()) : null;
        if (read == null || read.replies.putIfAbsent(reply.replica(), reply) != null) {
            return Optional.empty();
        }
        List<Answer> matching = matching(read, reply);
        Optional<Result> result =
                matching.stream().flatMap(answer -> answer.whole().stream()).findFirst();
        if (matching.size() < quorum || result.isEmpty() || result.get().outcome() != Result.Outcome.OK) {
            return Optional.empty();
        }
        end(id.number(), effects);
        return Optional.of(new Completed(read.invocation, read.invoke.ticket(), result.get()));
    }

    /** Returns the read of that reply if it cannot come to an end any more, whatever the others may still say. */
    Optional<Failed> hopeless(ReadReply reply, List<ClientEffect> effects) {
        Pending read = pending.get(reply.read().number());
        if (read == null || !reply.read().client().equals(self) || reply.read().session() != session) {
            return Optional.empty();
        }
        boolean possible = read.replies.size() < n
                && (read.replies.values().stream().anyMatch(said -> couldCount(read, said))
                        || n - read.replies.size() >= quorum);
        return possible ? Optional.empty() : Optional.of(fail(reply.read().number(), read, effects));
    }

    /** Whether enough replicas may yet say the same as {@code said}. Whoever could not read has said nothing. */
    private boolean couldCount(Pending read, ReadReply said) {
        boolean isError = said.answer().whole().stream().anyMatch(result -> result.outcome() != Result.Outcome.OK);
        return !isError && matching(read, said).size() + n - read.replies.size() >= quorum;
    }

    private List<Answer> matching(Pending read, ReadReply said) {
        return read.replies.values().stream()
                .filter(other -> parts.agree(said, other))
                .map(ReadReply::answer)
                .toList();
    }

    /** Its time is over. Returns what has to be ordered. */
    Optional<Failed> expired(long number, List<ClientEffect> effects) {
        Pending read = pending.get(number);
        return read == null ? Optional.empty() : Optional.of(fail(number, read, effects));
    }

    /** The deadline of an invocation has passed. Returns the ticket of its read, which is still under way. */
    Optional<Long> abandoned(long invocation) {
        return pending.values().stream()
                .filter(read -> read.invocation == invocation)
                .map(read -> read.invoke.ticket())
                .findFirst();
    }

    private Failed fail(long number, Pending read, List<ClientEffect> effects) {
        end(number, effects);
        return new Failed(read.invocation, read.invoke);
    }

    private void end(long number, List<ClientEffect> effects) {
        pending.remove(number);
        effects.add(new ClientEffect.StopTimer(timer(number)));
    }

    private static ClientTimer timer(long number) {
        return new ClientTimer(ClientTimer.Kind.READ, number);
    }
}
