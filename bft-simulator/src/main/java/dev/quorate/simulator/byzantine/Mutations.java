package dev.quorate.simulator.byzantine;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Answer;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.BatchBody;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.Committed;
import dev.quorate.core.message.FetchBatch;
import dev.quorate.core.message.FetchLog;
import dev.quorate.core.message.FetchState;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinNewView;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinStatus;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.message.NewView;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.ReadReply;
import dev.quorate.core.message.Rejoin;
import dev.quorate.core.message.Reply;
import dev.quorate.core.message.ReqViewChange;
import dev.quorate.core.message.Result;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.StatePart;
import dev.quorate.core.message.Status;
import dev.quorate.core.message.ViewChange;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.simulator.kernel.Randomness;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Changes one field of a message to something that might do harm. */
final class Mutations {
    private Mutations() {}

    /** The same kind of message in the name of {@code sender}, with one field changed if it has one to change. */
    static Message mutate(Message message, ReplicaId sender, Randomness random) {
        if (message instanceof PrePrepare p) {
            return random.chance(0.5)
                    ? new PrePrepare(sender, p.view(), near(p.sequenceNumber(), random), p.digest(), p.batch())
                    : new PrePrepare(sender, near(p.view(), random), p.sequenceNumber(), p.digest(), p.batch());
        } else if (message instanceof Prepare p) {
            return switch (random.below(3)) {
                case 0 -> new Prepare(sender, near(p.view(), random), p.sequenceNumber(), p.digest());
                case 1 -> new Prepare(sender, p.view(), near(p.sequenceNumber(), random), p.digest());
                default -> new Prepare(sender, p.view(), p.sequenceNumber(), digest(random));
            };
        } else if (message instanceof Commit c) {
            return switch (random.below(3)) {
                case 0 -> new Commit(sender, near(c.view(), random), c.sequenceNumber(), c.digest());
                case 1 -> new Commit(sender, c.view(), near(c.sequenceNumber(), random), c.digest());
                default -> new Commit(sender, c.view(), c.sequenceNumber(), digest(random));
            };
        } else if (message instanceof Checkpoint c) {
            return random.chance(0.5)
                    ? new Checkpoint(sender, near(c.sequenceNumber(), random), c.root(), c.streams())
                    : new Checkpoint(sender, c.sequenceNumber(), digest(random), c.streams());
        } else if (message instanceof Status s) {
            return new Status(
                    sender,
                    near(s.view(), random),
                    random.chance(0.5),
                    near(s.stable(), random),
                    near(s.executed(), random));
        } else if (message instanceof Rejoin r) {
            // Another time, or once more with what was drawn before.
            return new Rejoin(sender, r.incarnation() + random.below(2), r.nonce(), r.usig());
        } else if (message instanceof ReqViewChange r) {
            return new ReqViewChange(sender, near(r.view(), random));
        } else if (message instanceof ViewChange v) {
            // Leaves out what prepared, or claims another view; the certificates themselves cannot be forged.
            return random.chance(0.7)
                    ? new ViewChange(sender, v.view(), v.stable(), some(v.prepared(), random))
                    : new ViewChange(sender, near(v.view(), random), v.stable(), v.prepared());
        } else if (message instanceof NewView v) {
            return random.chance(0.5)
                    ? new NewView(sender, v.view(), v.viewChanges(), some(v.proposals(), random))
                    : new NewView(sender, v.view(), some(v.viewChanges(), random), v.proposals());
        } else if (message instanceof Committed c) {
            return new Committed(
                    sender,
                    near(c.from(), random),
                    c.digests().stream()
                            .map(d -> random.chance(0.5) ? digest(random) : d)
                            .toList());
        } else if (message instanceof FetchBatch f) {
            return new FetchBatch(sender, near(f.sequenceNumber(), random), digest(random));
        } else if (message instanceof BatchBody b) {
            return new BatchBody(sender, near(b.sequenceNumber(), random), b.batch());
        } else if (message instanceof FetchState f) {
            return new FetchState(sender, near(f.sequenceNumber(), random), random.below(5));
        } else if (message instanceof StatePart p) {
            return random.chance(0.5)
                    ? new StatePart(
                            sender, p.sequenceNumber(), p.part(), digest(random).toBytes())
                    : new StatePart(sender, near(p.sequenceNumber(), random), p.part(), p.content());
        } else if (message instanceof Reply r) {
            return new Reply(sender, near(r.view(), random), r.request(), wrong(r.answer(), random));
        } else if (message instanceof ReadReply r) {
            return random.chance(0.5)
                    ? new ReadReply(sender, r.read(), near(r.stamp(), random), r.answer())
                    : new ReadReply(sender, r.read(), r.stamp(), Answer.whole(wrong(r.answer(), random)));
        } else if (message instanceof MinPrepare p) {
            return switch (random.below(3)) {
                case 0 ->
                    new MinPrepare(
                            sender, near(p.view(), random), p.sequenceNumber(), p.digest(), p.newView(), p.batch());
                case 1 ->
                    new MinPrepare(
                            sender, p.view(), near(p.sequenceNumber(), random), p.digest(), p.newView(), p.batch());
                default ->
                    new MinPrepare(
                            sender, p.view(), p.sequenceNumber(), p.digest(), p.newView() + random.below(3), p.batch());
            };
        } else if (message instanceof MinViewChange v) {
            return new MinViewChange(sender, near(v.view(), random));
        } else if (message instanceof MinNewView v) {
            return random.chance(0.5)
                    ? new MinNewView(sender, v.view(), near(v.low(), random), v.viewChanges())
                    : new MinNewView(sender, near(v.view(), random), v.low(), v.viewChanges());
        } else if (message instanceof MinStatus s) {
            return new MinStatus(
                    sender,
                    near(s.view(), random),
                    random.chance(0.5),
                    near(s.stable(), random),
                    near(s.executed(), random),
                    s.handled().stream()
                            .map(counter -> Math.max(0, counter + random.below(5) - 2))
                            .toList());
        } else if (message instanceof FetchLog f) {
            return new FetchLog(sender, f.of(), f.from() + random.below(3));
        }
        return rename(message, sender);
    }

    /** The time in a proposal, so that another batch does not give itself away by it. */
    static long timeOf(Optional<Batch> proposed) {
        return proposed.map(batch -> batch.values().timeMillis()).orElse(0L);
    }

    /** The same message in another replica's name. */
    static Message rename(Message message, ReplicaId sender) {
        if (message instanceof PrePrepare p) {
            return new PrePrepare(sender, p.view(), p.sequenceNumber(), p.digest(), p.batch());
        } else if (message instanceof Prepare p) {
            return new Prepare(sender, p.view(), p.sequenceNumber(), p.digest());
        } else if (message instanceof Commit c) {
            return new Commit(sender, c.view(), c.sequenceNumber(), c.digest());
        } else if (message instanceof Checkpoint c) {
            return new Checkpoint(sender, c.sequenceNumber(), c.root(), c.streams());
        } else if (message instanceof Status s) {
            return new Status(sender, s.view(), s.waiting(), s.stable(), s.executed());
        } else if (message instanceof Rejoin r) {
            return new Rejoin(sender, r.incarnation(), r.nonce(), r.usig());
        } else if (message instanceof ReqViewChange r) {
            return new ReqViewChange(sender, r.view());
        } else if (message instanceof ViewChange v) {
            return new ViewChange(sender, v.view(), v.stable(), v.prepared());
        } else if (message instanceof NewView v) {
            return new NewView(sender, v.view(), v.viewChanges(), v.proposals());
        } else if (message instanceof Committed c) {
            return new Committed(sender, c.from(), c.digests());
        } else if (message instanceof FetchBatch f) {
            return new FetchBatch(sender, f.sequenceNumber(), f.digest());
        } else if (message instanceof BatchBody b) {
            return new BatchBody(sender, b.sequenceNumber(), b.batch());
        } else if (message instanceof FetchState f) {
            return new FetchState(sender, f.sequenceNumber(), f.part());
        } else if (message instanceof StatePart p) {
            return new StatePart(sender, p.sequenceNumber(), p.part(), p.content());
        } else if (message instanceof Reply r) {
            return new Reply(sender, r.view(), r.request(), r.answer());
        } else if (message instanceof ReadReply r) {
            return new ReadReply(sender, r.read(), r.stamp(), r.answer());
        } else if (message instanceof Stable s) {
            return new Stable(sender, s.certificate());
        } else if (message instanceof MinPrepare p) {
            return new MinPrepare(sender, p.view(), p.sequenceNumber(), p.digest(), p.newView(), p.batch());
        } else if (message instanceof MinCommit c) {
            return new MinCommit(sender, c.prepare(), c.prepareUi());
        } else if (message instanceof MinViewChange v) {
            return new MinViewChange(sender, v.view());
        } else if (message instanceof MinNewView v) {
            return new MinNewView(sender, v.view(), v.low(), v.viewChanges());
        } else if (message instanceof MinStatus s) {
            return new MinStatus(sender, s.view(), s.waiting(), s.stable(), s.executed(), s.handled());
        } else if (message instanceof FetchLog f) {
            return new FetchLog(sender, f.of(), f.from());
        }
        throw new IllegalArgumentException("no rule for " + message.type());
    }

    private static <T> List<T> some(List<T> all, Randomness random) {
        return all.stream().filter(one -> random.chance(0.5)).toList();
    }

    static SequenceNumber near(SequenceNumber at, Randomness random) {
        return switch (random.below(6)) {
            case 0 -> new SequenceNumber(Long.MAX_VALUE - random.below(2));
            case 1 -> SequenceNumber.ZERO;
            case 2 -> new SequenceNumber(Math.max(0, at.value() - random.between(1, 20)));
            default ->
                new SequenceNumber(Math.addExact(Math.min(at.value(), Long.MAX_VALUE / 2), random.between(1, 20)));
        };
    }

    static View near(View view, Randomness random) {
        return switch (random.below(6)) {
            case 0 -> new View(Long.MAX_VALUE - random.below(2));
            case 1 -> View.ZERO;
            case 2 -> view;
            default -> new View(Math.min(view.number(), Long.MAX_VALUE / 2) + random.between(1, 8));
        };
    }

    static Digest digest(Randomness random) {
        byte[] bytes = new byte[Digest.LENGTH];
        random.nextBytes(bytes);
        return Digest.of(bytes);
    }

    /** A result that is not the right one, but might be. */
    static Result wrong(Answer right, Randomness random) {
        return wrong(right.whole().orElse(Result.ok(Bytes.EMPTY)), random);
    }

    /** A result that is not the right one, but might be. */
    static Result wrong(Result right, Randomness random) {
        if (random.chance(0.2)) {
            Result.Outcome[] outcomes = Result.Outcome.values();
            return Result.error(outcomes[random.between(1, outcomes.length - 1)]);
        }
        String[] plausible = {"0", "1", "2", "ok", "true", "false"};
        Result wrong =
                Result.ok(Bytes.wrap(plausible[random.below(plausible.length)].getBytes(StandardCharsets.US_ASCII)));
        return wrong.equals(right) ? Result.ok(Bytes.EMPTY) : wrong;
    }
}
