package dev.quorate.simulator.byzantine;

import dev.quorate.core.Limit;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinNewView;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.wire.Batches;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.kernel.Randomness;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a replica of MinBFT can still do wrong with a USIG that it cannot cheat: say what it should not, in whatever order,
 * and show it to some only. Whatever it says besides takes a counter, so that its own state machine has to fetch it.
 */
final class UsigLies {
    private static final int REMEMBERED = 40;

    private UsigLies() {}

    private static boolean isOwn(ReplicaMessage message, Adversary adversary) {
        return message.replica().equals(adversary.self());
    }

    /** To everybody, to some, or to one. */
    static List<Outgoing> toSome(Verified<? extends Message> message, Adversary adversary) {
        Randomness random = adversary.random();
        List<Peer> to = random.chance(0.5) ? adversary.others() : random.some(adversary.others(), 0.5);
        List<Outgoing> all = new ArrayList<>();
        for (Peer peer : to.isEmpty() ? List.of(random.pick(adversary.others())) : to) {
            all.add(Outgoing.of(peer, message));
        }
        return all;
    }

    private static <T> void remember(List<T> list, T element) {
        list.add(element);
        if (list.size() > REMEMBERED) {
            list.remove(0);
        }
    }

    /**
     * As a primary, proposes other batches too: at the same position, at others, again, and in the name of other
     * NEW-VIEWs; before or after what it should propose.
     */
    static final class BreakOrder implements Behaviour {
        private final double share;
        private Verified<? extends Message> last;

        /** At this share of the positions. */
        BreakOrder(double share) {
            this.share = share;
        }

        @Override
        public List<Outgoing> send(Outgoing original, Adversary adversary) {
            Optional<MinPrepare> proposal = original.as(MinPrepare.class).filter(p -> isOwn(p, adversary));
            Verified<? extends Message> message = original.message().orElse(null);
            if (proposal.isEmpty()
                    || message.equals(last)
                    || !adversary.random().chance(share)) {
                return List.of(original);
            }
            last = message;
            Randomness random = adversary.random();
            List<Outgoing> all = new ArrayList<>();
            for (int i = random.between(1, 3); i > 0; i--) {
                all.addAll(toSome(adversary.sealer().seal(vary(proposal.get(), random)), adversary));
            }
            if (random.chance(0.7)) {
                all.add(random.below(all.size() + 1), original);
            }
            return all;
        }

        private static MinPrepare vary(MinPrepare p, Randomness random) {
            Batch own = p.batch().orElse(Batches.nullBatch());
            Batch other = random.chance(0.5)
                    ? Batches.nullBatch()
                    : Batches.of(List.of(), own.values().timeMillis(), Bytes.EMPTY, Bytes.EMPTY);
            Batch batch = random.chance(0.3) ? own : other;
            long shift = random.chance(0.5) ? 0 : random.between(-2, 2);
            SequenceNumber at =
                    new SequenceNumber(Math.max(1, p.sequenceNumber().value() + shift));
            long newView = p.newView() == 0 || random.chance(0.7)
                    ? p.newView()
                    : Math.max(1, p.newView() + random.between(-3, 3));
            return new MinPrepare(p.replica(), p.view(), at, batch.digest(), newView, Optional.of(batch));
        }
    }

    /** Votes for whatever it sees or has seen: several times at a position, in views that it has left, for old ones. */
    static final class VoteOutOfTurn implements Behaviour {
        private final List<MinCommit> seen = new ArrayList<>();

        @Override
        public List<Outgoing> received(Verified<? extends Message> message, Adversary adversary) {
            Optional<MinCommit> vote = Optional.empty();
            if (message.message() instanceof MinPrepare p && !isOwn(p, adversary)) {
                vote = Optional.of(new MinCommit(adversary.self(), p.header(), message.ui()));
            } else if (message.message() instanceof MinCommit c && !isOwn(c.prepare(), adversary)) {
                vote = Optional.of(new MinCommit(adversary.self(), c.prepare(), c.prepareUi()));
            }
            vote.ifPresent(v -> remember(seen, v));
            return vote.isPresent() && adversary.random().chance(0.3)
                    ? toSome(adversary.sealer().seal(vote.get()), adversary)
                    : List.of();
        }

        @Override
        public List<Outgoing> idle(Adversary adversary) {
            return seen.isEmpty() || adversary.random().chance(0.7)
                    ? List.of()
                    : toSome(adversary.sealer().seal(adversary.random().pick(seen)), adversary);
        }
    }

    /**
     * Leaves views to which it goes back, and begins views several times: with other quorums, with VIEW-CHANGEs that do
     * not exist, are of other views, or are still to come.
     */
    static final class ConfuseViews implements Behaviour {
        private final Map<Long, Map<ReplicaId, Long>> viewChanges = new TreeMap<>();
        private Verified<? extends Message> last;
        private View highest = View.ZERO;

        @Override
        public List<Outgoing> received(Verified<? extends Message> message, Adversary adversary) {
            if (message.message() instanceof MinViewChange v) {
                see(v.view(), v.replica(), message.ui().place());
            }
            return List.of();
        }

        private void see(View view, ReplicaId replica, long counter) {
            viewChanges
                    .computeIfAbsent(view.number(), number -> new TreeMap<>())
                    .put(replica, counter);
            if (viewChanges.size() > REMEMBERED) {
                viewChanges.remove(viewChanges.keySet().iterator().next());
            }
        }

        @Override
        public List<Outgoing> send(Outgoing original, Adversary adversary) {
            Verified<? extends Message> message = original.message().orElse(null);
            if (message == null || message.equals(last)) {
                return List.of(original);
            }
            Randomness random = adversary.random();
            List<Outgoing> all = new ArrayList<>(List.of(original));
            if (message.message() instanceof MinViewChange v && isOwn(v, adversary)) {
                last = message;
                highest = v.view();
                see(v.view(), v.replica(), message.ui().place());
                if (random.chance(0.5)) {
                    View other = new View(Math.max(1, v.view().number() + random.between(-3, 1)));
                    all.addAll(toSome(sayLeft(other, adversary), adversary));
                }
            } else if (message.message() instanceof MinNewView v && isOwn(v, adversary)) {
                last = message;
                for (int i = random.between(0, 2); i > 0; i--) {
                    all.addAll(random.below(all.size() + 1), toSome(begin(v, adversary), adversary));
                }
            }
            return all;
        }

        private Verified<MinViewChange> sayLeft(View view, Adversary adversary) {
            Verified<MinViewChange> said = adversary.sealer().seal(new MinViewChange(adversary.self(), view));
            see(view, adversary.self(), said.ui().place());
            return said;
        }

        private Verified<MinNewView> begin(MinNewView truth, Adversary adversary) {
            Randomness random = adversary.random();
            Map<ReplicaId, Long> seen =
                    new TreeMap<>(viewChanges.getOrDefault(truth.view().number(), Map.of()));
            truth.viewChanges().forEach(named -> seen.putIfAbsent(named.replica(), named.counter()));
            int needed =
                    QuorumSystem.of(Protocol.MINBFT, adversary.config().n()).certificate();
            List<ReplicaId> chosen = new ArrayList<>(random.shuffled(List.copyOf(seen.keySet())));
            chosen.remove(adversary.self());
            chosen.add(0, adversary.self());
            List<MinNewView.Reference> named = chosen.stream()
                    .limit(needed)
                    .sorted(Comparator.naturalOrder())
                    .map(id -> new MinNewView.Reference(
                            id,
                            Math.max(1, seen.getOrDefault(id, 1L) + (random.chance(0.3) ? random.between(-3, 3) : 0))))
                    .toList();
            long interval = adversary.config().limits().get(Limit.CHECKPOINT_INTERVAL);
            long low = Math.max(0, truth.low().value() + (random.chance(0.3) ? interval * random.between(-1, 1) : 0));
            return adversary
                    .sealer()
                    .seal(new MinNewView(truth.replica(), truth.view(), new SequenceNumber(low), named));
        }

        /** Goes back to a lower view, or says again that it left. */
        @Override
        public List<Outgoing> idle(Adversary adversary) {
            if (highest.equals(View.ZERO) || adversary.random().chance(0.95)) {
                return List.of();
            }
            long number = adversary.random().between(1L, highest.number());
            return toSome(sayLeft(new View(number), adversary), adversary);
        }
    }

    /** Uses counters up for messages that nobody sees, or that one replica alone sees; later others may see them, too. */
    static final class BurnCounters implements Behaviour {
        private final double share;
        private final double kept;
        private final List<Verified<? extends Message>> hidden = new ArrayList<>();

        /**
         * @param share of what it says is shown to some only
         * @param kept how likely nobody ever sees it
         */
        BurnCounters(double share, double kept) {
            this.share = share;
            this.kept = kept;
        }

        @Override
        public List<Outgoing> send(Outgoing original, Adversary adversary) {
            boolean carriesUi = original.as(MinCommit.class).isPresent()
                    || original.as(MinPrepare.class).isPresent()
                    || original.as(MinViewChange.class).isPresent()
                    || original.as(MinNewView.class).isPresent();
            if (!carriesUi || !adversary.random().chance(share)) {
                return List.of(original);
            }
            if (!adversary.random().chance(kept)) {
                remember(hidden, original.message().orElseThrow());
            }
            return List.of();
        }

        @Override
        public List<Outgoing> idle(Adversary adversary) {
            if (hidden.isEmpty() || adversary.random().chance(0.8)) {
                return List.of();
            }
            return toSome(adversary.random().pick(hidden), adversary);
        }
    }
}
