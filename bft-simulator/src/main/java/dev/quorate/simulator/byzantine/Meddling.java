package dev.quorate.simulator.byzantine;

import dev.quorate.core.Limit;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.wire.Batches;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Behaviours that change, repeat, invent or suppress messages. */
final class Meddling {
    private Meddling() {}

    /** Says nothing to some, for good: {@code share} of the replicas; and nothing to clients, if so drawn. */
    static final class Withhold implements Behaviour {
        private final double share;
        private List<Peer> leftOut;

        Withhold(double share) {
            this.share = share;
        }

        @Override
        public List<Outgoing> send(Outgoing original, Adversary adversary) {
            if (leftOut == null) {
                leftOut = adversary.random().some(adversary.others(), share);
            }
            boolean omitted = original.to() instanceof Peer.OfClient
                    ? adversary.random().chance(share)
                    : leftOut.contains(original.to());
            return omitted ? List.of() : List.of(original);
        }
    }

    /** Says everything, but late. */
    static final class Delay implements Behaviour {
        private final long maxNanos;

        Delay(long maxNanos) {
            this.maxNanos = maxNanos;
        }

        @Override
        public List<Outgoing> send(Outgoing original, Adversary adversary) {
            return List.of(original.later(adversary.random().between(0, maxNanos)));
        }
    }

    /** P6: as a primary, proposes so late that its backups nearly lose patience. */
    static final class Dawdle implements Behaviour {
        private final double share;

        /** Proposes after this share of the time that a request may take. */
        Dawdle(double share) {
            this.share = share;
        }

        @Override
        public List<Outgoing> send(Outgoing original, Adversary adversary) {
            boolean isProposal = original.as(PrePrepare.class)
                            .filter(p -> p.replica().equals(adversary.self()))
                            .isPresent()
                    || original.as(MinPrepare.class)
                            .filter(p -> p.replica().equals(adversary.self()))
                            .isPresent();
            long patience =
                    adversary.config().limits().period(Limit.VIEW_TIMEOUT).toNanos();
            return List.of(isProposal ? original.later((long) (share * patience)) : original);
        }
    }

    /** Says everything several times. */
    static final class Repeat implements Behaviour {
        private final int times;

        Repeat(int times) {
            this.times = times;
        }

        @Override
        public List<Outgoing> send(Outgoing original, Adversary adversary) {
            List<Outgoing> copies = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                copies.add(original.later(i * adversary.random().between(0L, 1_000_000L)));
            }
            return copies;
        }
    }

    /** Passes on old messages, its own and those of others. */
    static final class Replay implements Behaviour {
        @Override
        public List<Outgoing> idle(Adversary adversary) {
            List<Outgoing> replayed = new ArrayList<>();
            for (Peer other : adversary.others()) {
                adversary
                        .loot()
                        .anyTransferable(adversary.random())
                        .ifPresent(old -> replayed.add(Outgoing.of(other, old)));
                adversary.loot().anyRequest(adversary.random()).ifPresent(old -> replayed.add(Outgoing.of(other, old)));
            }
            return replayed;
        }
    }

    /** Changes a field, and signs again. */
    static final class Mutate implements Behaviour {
        private final double share;

        Mutate(double share) {
            this.share = share;
        }

        @Override
        public List<Outgoing> send(Outgoing original, Adversary adversary) {
            if (original.message().isEmpty() || !adversary.random().chance(share)) {
                return List.of(original);
            }
            Message message = original.message().get().message();
            if (!(message instanceof ReplicaMessage)) {
                return List.of(original);
            }
            Message mutated = Mutations.mutate(message, adversary.self(), adversary.random());
            Outgoing changed = original.saying(adversary.sealer().seal(mutated));
            return adversary.random().chance(0.5) ? List.of(changed) : List.of(changed, original);
        }
    }

    /** Damages bytes. */
    static final class Corrupt implements Behaviour {
        private final double share;

        Corrupt(double share) {
            this.share = share;
        }

        @Override
        public List<Outgoing> send(Outgoing original, Adversary adversary) {
            if (!adversary.random().chance(share)) {
                return List.of(original);
            }
            byte[] bytes = original.frame().toArray();
            int at = adversary.random().below(bytes.length);
            if (adversary.random().chance(0.3)) {
                bytes = Arrays.copyOf(bytes, at);
            } else {
                bytes[at] ^= (byte) (1 << adversary.random().below(Byte.SIZE));
            }
            return List.of(Outgoing.raw(original.to(), Bytes.wrap(bytes)), original);
        }
    }

    /** Speaks in the name of others, with its own key; and poses as the primary. */
    static final class Forge implements Behaviour {
        @Override
        public List<Outgoing> send(Outgoing original, Adversary adversary) {
            Optional<Message> message = original.message().map(Verified::message);
            if (message.isEmpty()
                    || !(message.get() instanceof ReplicaMessage)
                    || adversary.random().chance(0.5)) {
                return List.of(original);
            }
            ReplicaId other =
                    new ReplicaId(adversary.random().below(adversary.config().n()));
            Message forged = adversary.random().chance(0.5)
                    ? Mutations.mutate(message.get(), other, adversary.random())
                    : Mutations.rename(message.get(), other);
            return List.of(
                    original, original.saying(adversary.sealerAs(other.value()).seal(forged)));
        }
    }

    /** Votes for positions and views that are far away. */
    static final class FloodFuture implements Behaviour {
        private static final int FRAMES = 20;

        @Override
        public List<Outgoing> idle(Adversary adversary) {
            List<Outgoing> flood = new ArrayList<>();
            boolean isMinBft = adversary.config().protocol() == Protocol.MINBFT;
            if (isMinBft && !adversary.random().chance(0.02)) {
                return flood; // Each vote takes a counter: from the first of them on nothing that it says is handled.
            }
            for (int i = 0; i < FRAMES; i++) {
                View view = Mutations.near(View.ZERO, adversary.random());
                SequenceNumber at = new SequenceNumber(adversary.random().skewed(1, Long.MAX_VALUE / 2));
                Message vote = isMinBft ? proposal(view, at, adversary) : vote(view, at, adversary);
                flood.add(Outgoing.of(
                        adversary.random().pick(adversary.others()),
                        adversary.sealer().seal(vote)));
            }
            return flood;
        }

        private static Message vote(View view, SequenceNumber at, Adversary adversary) {
            return adversary.random().chance(0.5)
                            && !view.primary(adversary.config().n()).equals(adversary.self())
                    ? new Prepare(adversary.self(), view, at, Mutations.digest(adversary.random()))
                    : new Commit(adversary.self(), view, at, Mutations.digest(adversary.random()));
        }

        /** A vote for somebody else's proposal would need that one's UI, so it is one of its own, in the next view for it. */
        private static Message proposal(View view, SequenceNumber at, Adversary adversary) {
            int n = adversary.config().n();
            long number = Math.min(view.number(), Long.MAX_VALUE / 2) / n * n
                    + adversary.self().value();
            Batch batch = Batches.nullBatch();
            return new MinPrepare(
                    adversary.self(), new View(number), at, batch.digest(), number == 0 ? 0 : 1, Optional.of(batch));
        }
    }
}
