package dev.quorate.simulator.byzantine;

import dev.quorate.core.Limit;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.Reply;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.message.StatePart;
import dev.quorate.core.message.Status;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.simulator.kernel.Randomness;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Behaviours that say, correctly signed, what is not true. */
final class Lies {
    private Lies() {}

    /** Results that nobody computed, sometimes before anything has been executed. */
    static final class InReplies implements Behaviour {
        @Override
        public List<Outgoing> send(Outgoing original, Adversary adversary) {
            Optional<Reply> reply = original.as(Reply.class);
            if (reply.isEmpty() || adversary.random().chance(0.3)) {
                return List.of(original);
            }
            Result wrong = Mutations.wrong(reply.get().answer(), adversary.random());
            View view = Mutations.near(reply.get().view(), adversary.random());
            return List.of(original.saying(adversary
                    .sealer()
                    .seal(new Reply(adversary.self(), view, reply.get().request(), wrong))));
        }

        @Override
        public List<Outgoing> received(Verified<? extends Message> message, Adversary adversary) {
            if (!(message.message() instanceof Request request)
                    || adversary.random().chance(0.7)) {
                return List.of();
            }
            RequestId id = request.id();
            Result made = Mutations.wrong(Result.error(Result.Outcome.SERVICE_FAILED), adversary.random());
            Reply reply = new Reply(adversary.self(), View.ZERO, id, made);
            return List.of(Outgoing.of(
                    new Peer.OfClient(id.client()), adversary.sealer().seal(reply)));
        }
    }

    /** Roots that nobody has; the same one to all, or another one to each. */
    static final class InCheckpoints implements Behaviour {
        private final boolean sameToAll;

        InCheckpoints(boolean sameToAll) {
            this.sameToAll = sameToAll;
        }

        @Override
        public List<Outgoing> send(Outgoing original, Adversary adversary) {
            Optional<Checkpoint> checkpoint = original.as(Checkpoint.class);
            if (checkpoint.isEmpty() || !checkpoint.get().replica().equals(adversary.self())) {
                return List.of(original);
            }
            Digest root =
                    sameToAll ? Digest.sha256(checkpoint.get().root().toArray()) : Mutations.digest(adversary.random());
            Checkpoint lie = new Checkpoint(
                    adversary.self(),
                    checkpoint.get().sequenceNumber(),
                    root,
                    checkpoint.get().streams());
            return List.of(original.saying(adversary.sealer().seal(lie)));
        }

        @Override
        public List<Outgoing> received(Verified<? extends Message> message, Adversary adversary) {
            if (!(message.message() instanceof Checkpoint checkpoint)
                    || adversary.random().chance(0.5)) {
                return List.of();
            }
            // Vouches for a checkpoint that is far ahead, as if there were one.
            long interval = adversary.config().limits().get(Limit.CHECKPOINT_INTERVAL);
            long base = Math.min(checkpoint.sequenceNumber().value(), Long.MAX_VALUE / 2);
            SequenceNumber ahead =
                    new SequenceNumber(base + interval * adversary.random().between(1, 4));
            Verified<Checkpoint> lie = adversary
                    .sealer()
                    .seal(new Checkpoint(adversary.self(), ahead, checkpoint.root(), checkpoint.streams()));
            List<Outgoing> toAll = new ArrayList<>();
            adversary.others().forEach(other -> toAll.add(Outgoing.of(other, lie)));
            return toAll;
        }
    }

    /**
     * T4: gives parts of states that nobody has, or nothing. All that lie like this say the same, so that they confirm
     * each other.
     */
    static final class InState implements Behaviour {
        private final boolean isSilent;
        private final boolean sparesManifest;

        /**
         * @param isSilent gives nothing at all
         * @param sparesManifest tells the truth about which chunks there are, and lies in these
         */
        InState(boolean isSilent, boolean sparesManifest) {
            this.isSilent = isSilent;
            this.sparesManifest = sparesManifest;
        }

        @Override
        public List<Outgoing> send(Outgoing original, Adversary adversary) {
            Optional<StatePart> part = original.as(StatePart.class);
            if (part.isEmpty() || (sparesManifest && part.get().part() == 0)) {
                return List.of(original);
            }
            return isSilent
                    ? List.of()
                    : List.of(original.saying(adversary.sealer().seal(forge(part.get(), adversary.self()))));
        }

        private static StatePart forge(StatePart part, ReplicaId self) {
            byte[] made = new byte[Math.max(Digest.LENGTH, part.content().length())];
            new Randomness(part.sequenceNumber().value() * 31 + part.part()).nextBytes(made);
            return new StatePart(self, part.sequenceNumber(), part.part(), Bytes.wrap(made));
        }
    }

    /** T5: gives one part of a state now and then. */
    static final class TrickleState implements Behaviour {
        private static final int REMEMBERED = 64;

        private final Deque<Outgoing> owed = new ArrayDeque<>();

        @Override
        public List<Outgoing> send(Outgoing original, Adversary adversary) {
            Optional<StatePart> part = original.as(StatePart.class);
            if (part.isEmpty() || part.get().part() == 0) {
                return List.of(original);
            }
            owed.add(original);
            if (owed.size() > REMEMBERED) {
                owed.remove();
            }
            return List.of();
        }

        @Override
        public List<Outgoing> idle(Adversary adversary) {
            return owed.isEmpty() ? List.of() : List.of(owed.remove());
        }
    }

    /** Claims to be far ahead or behind, and asks all the time. */
    static final class InStatus implements Behaviour {
        @Override
        public List<Outgoing> send(Outgoing original, Adversary adversary) {
            return original.as(Status.class)
                    .map(status -> List.of(original.saying(lie(status, adversary))))
                    .orElse(List.of(original));
        }

        @Override
        public List<Outgoing> idle(Adversary adversary) {
            Status zero = new Status(adversary.self(), View.ZERO, false, SequenceNumber.ZERO, SequenceNumber.ZERO);
            List<Outgoing> toAll = new ArrayList<>();
            for (Peer other : adversary.others()) {
                for (int i = 0; i < 3; i++) {
                    toAll.add(Outgoing.of(other, i == 0 ? adversary.sealer().seal(zero) : lie(zero, adversary)));
                }
            }
            return toAll;
        }

        private static Verified<Status> lie(Status truth, Adversary adversary) {
            return adversary.sealer().seal((Status) Mutations.mutate(truth, adversary.self(), adversary.random()));
        }
    }
}
