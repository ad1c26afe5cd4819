package dev.quorate.simulator.byzantine;

import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.FetchLog;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinStatus;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.Signed;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.StreamPosition;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.kernel.Randomness;
import dev.quorate.usig.UniqueIdentifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Lies about how far the streams of MinBFT matter, and about how far they were handled. */
final class StreamLies {
    private StreamLies() {}

    /** What positions a CHECKPOINT names that lies. */
    enum Positions {
        ANY,
        /** Nobody is to forget anything. */
        FIRST,
        /** VIEW-CHANGEs of USIGs that there are not, in certificates only: a CHECKPOINT by itself has to be proven. */
        OF_INVENTED_EPOCHS
    }

    /**
     * CHECKPOINTs of the true state with wrong positions: the beginning, too far, with another VIEW-CHANGE or none, another
     * one for each receiver; and certificates made of these and those of others.
     */
    static final class InCheckpoints implements Behaviour {
        private static final int REMEMBERED = 12;

        private final Positions wrong;
        /** The last CHECKPOINTs of the others. */
        private final List<Verified<Checkpoint>> seen = new ArrayList<>();

        private final Map<ReplicaId, Long> highest = new TreeMap<>();
        private final Map<ReplicaId, List<StreamPosition.Left>> left = new TreeMap<>();

        InCheckpoints(Positions wrong) {
            this.wrong = wrong;
        }

        @Override
        public List<Outgoing> received(Verified<? extends Message> message, Adversary adversary) {
            boolean carriesUi = message.message() instanceof MinCommit
                    || message.message() instanceof MinPrepare
                    || message.message() instanceof MinViewChange;
            if (carriesUi) {
                ReplicaId from = ((ReplicaMessage) message.message()).replica();
                highest.merge(from, message.ui().place(), Math::max);
                if (message.message() instanceof MinViewChange v) {
                    left.computeIfAbsent(from, id -> new ArrayList<>())
                            .add(new StreamPosition.Left(v.view(), message.ui()));
                }
            } else if (message.message() instanceof Checkpoint c && !c.replica().equals(adversary.self())) {
                seen.add(message.as(Checkpoint.class));
                if (seen.size() > REMEMBERED) {
                    seen.remove(0);
                }
            }
            return List.of();
        }

        @Override
        public List<Outgoing> send(Outgoing original, Adversary adversary) {
            Optional<Checkpoint> own =
                    original.as(Checkpoint.class).filter(c -> c.replica().equals(adversary.self()));
            boolean tellsTheTruth = own.isEmpty()
                    || switch (wrong) {
                        case ANY -> adversary.random().chance(0.3);
                        case FIRST -> false;
                        case OF_INVENTED_EPOCHS -> true;
                    };
            return tellsTheTruth ? List.of(original) : List.of(original.saying(lie(own.get(), adversary)));
        }

        private Verified<Checkpoint> lie(Checkpoint truth, Adversary adversary) {
            List<StreamPosition> positions = new ArrayList<>();
            int kind =
                    switch (wrong) {
                        case ANY -> adversary.random().below(4);
                        case FIRST -> 0;
                        case OF_INVENTED_EPOCHS -> 4;
                    };
            for (int i = 0; i < truth.streams().size(); i++) {
                positions.add(lie(kind, new ReplicaId(i), truth.streams().get(i), adversary.random()));
            }
            return adversary
                    .sealer()
                    .seal(new Checkpoint(adversary.self(), truth.sequenceNumber(), truth.root(), positions));
        }

        private StreamPosition lie(int kind, ReplicaId of, StreamPosition truth, Randomness random) {
            return switch (kind) {
                case 0 -> StreamPosition.FIRST;
                case 1 -> new StreamPosition(truth.counter(), Optional.empty());
                case 4 -> ofInventedEpoch(truth.counter(), random);
                case 2 -> position(Math.max(1, truth.counter() + random.between(-5, 5)), of, random);
                default -> position(highest.getOrDefault(of, truth.counter()) + random.between(1, 20), of, random);
            };
        }

        private static StreamPosition ofInventedEpoch(long counter, Randomness random) {
            long epoch = random.chance(0.5) ? random.between(1, 3) : random.skewed(1, UniqueIdentifier.MAX_EPOCH);
            Bytes certificate = Bytes.wrap(new byte[] {(byte) random.below(256)});
            UniqueIdentifier ui = new UniqueIdentifier(epoch, random.between(1, 100), certificate);
            View view = new View(random.skewed(1, 1000));
            return new StreamPosition(
                    Math.max(counter, ui.place() + 1), Optional.of(new StreamPosition.Left(view, ui)));
        }

        private StreamPosition position(long counter, ReplicaId of, Randomness random) {
            List<StreamPosition.Left> before = left.getOrDefault(of, List.of()).stream()
                    .filter(named -> named.ui().place() < counter)
                    .toList();
            return new StreamPosition(counter, before.isEmpty() ? Optional.empty() : Optional.of(random.pick(before)));
        }

        /** A certificate of what somebody else says, and whatever it likes to say itself. */
        @Override
        public List<Outgoing> idle(Adversary adversary) {
            Randomness random = adversary.random();
            if (seen.isEmpty() || random.chance(0.5)) {
                return List.of();
            }
            Checkpoint base = random.pick(seen).message();
            Map<ReplicaId, Signed<Checkpoint>> matching = new TreeMap<>();
            for (Verified<Checkpoint> other : seen) {
                if (other.message().sequenceNumber().equals(base.sequenceNumber())
                        && other.message().root().equals(base.root())) {
                    matching.put(other.message().replica(), other.signed());
                }
            }
            matching.put(adversary.self(), lie(base, adversary).signed());
            int needed =
                    QuorumSystem.of(Protocol.MINBFT, adversary.config().n()).certificate();
            if (matching.size() < needed) {
                return List.of();
            }
            List<Signed<Checkpoint>> others = new ArrayList<>(matching.values());
            List<Signed<Checkpoint>> chosen =
                    new ArrayList<>(random.shuffled(others).subList(0, needed));
            chosen.sort(Comparator.comparing(signed -> signed.message().replica()));
            Verified<Stable> stable =
                    adversary.sealer().seal(new Stable(adversary.self(), new StableCertificate(chosen)));
            return List.of(Outgoing.of(random.pick(adversary.others()), stable));
        }
    }

    /** Claims to have handled anything, asks for everything all the time. */
    static final class InStatus implements Behaviour {
        private SequenceNumber known = SequenceNumber.ZERO;

        @Override
        public List<Outgoing> send(Outgoing original, Adversary adversary) {
            Optional<MinStatus> own = original.as(MinStatus.class);
            if (own.isEmpty()) {
                return List.of(original);
            }
            known = own.get().executed();
            return List.of(original.saying(lie(own.get().view(), adversary)));
        }

        private Verified<MinStatus> lie(View view, Adversary adversary) {
            Randomness random = adversary.random();
            List<Long> handled = new ArrayList<>();
            for (int i = 0; i < adversary.config().n(); i++) {
                handled.add(random.chance(0.3) ? 0 : random.skewed(1, random.chance(0.5) ? 1_000 : Long.MAX_VALUE / 2));
            }
            SequenceNumber executed = new SequenceNumber(Math.max(0, known.value() + random.between(-20, 20)));
            return adversary
                    .sealer()
                    .seal(new MinStatus(
                            adversary.self(), view, random.chance(0.5), SequenceNumber.ZERO, executed, handled));
        }

        @Override
        public List<Outgoing> idle(Adversary adversary) {
            List<Outgoing> all = new ArrayList<>();
            Randomness random = adversary.random();
            for (Peer other : adversary.others()) {
                all.add(Outgoing.of(other, lie(View.ZERO, adversary)));
                for (int i = 0; i < 3; i++) {
                    ReplicaId of = new ReplicaId(random.below(adversary.config().n()));
                    long from = random.chance(0.5) ? 1 : random.skewed(1, 500);
                    all.add(Outgoing.of(other, adversary.sealer().seal(new FetchLog(adversary.self(), of, from))));
                }
            }
            return all;
        }
    }
}
