package dev.quorate.core.minbft;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.TestCluster;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinNewView;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.StreamPosition;
import dev.quorate.core.minbft.MinMessages.Name;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Verified;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * The streams of replicas that say whatever their USIGs let them say: in any view, in any order, again and again. In the
 * first half, which a checkpoint covers, nobody says anything of a position above {@link #STABLE}.
 */
final class RandomStreams {
    static final int STABLE = MinSteps.INTERVAL;
    static final int HIGHEST = STABLE + MinSteps.INTERVAL;
    static final int VIEWS = 7;
    private static final int MESSAGES = 100;
    private static final List<Batch> BATCHES = List.of(MinSteps.batch(1), MinSteps.batch(2), MinSteps.batch(3));

    private final int n;
    private final int quorum;
    private final Random random;
    private int highestView;
    private final List<Sealer> sealers = new ArrayList<>();
    private final List<List<Verified<? extends ReplicaMessage>>> said = new ArrayList<>();
    private final List<Verified<MinPrepare>> prepares = new ArrayList<>();
    private final List<Verified<MinViewChange>> viewChanges = new ArrayList<>();
    private final List<Verified<MinNewView>> newViews = new ArrayList<>();

    RandomStreams(TestCluster cluster, Random random) {
        this.n = cluster.config().n();
        this.quorum = QuorumSystem.of(cluster.config().protocol(), n).certificate();
        this.random = random;
        for (int i = 0; i < n; i++) {
            sealers.add(cluster.replicaSealer(i));
            said.add(new ArrayList<>());
        }
        for (int i = 0; i < MESSAGES; i++) {
            highestView += highestView < VIEWS - 1 && random.nextInt(MESSAGES / VIEWS) == 0 ? 1 : 0;
            saySomething(i < MESSAGES / 2 ? STABLE : HIGHEST);
        }
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private <M extends ReplicaMessage> Verified<M> say(M message) {
        int replica = message.replica().value();
        Verified<M> sealed = sealers.get(replica).seal(message);
        said.get(replica).add(sealed);
        return sealed;
    }

    private void saySomething(int highest) {
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> prepare(highest);
            case 3, 4, 5 -> commit(anybody(), highest);
            case 6, 7 -> viewChanges.add(say(new MinViewChange(anybody(), view(1))));
            default -> newView(view(1));
        }
    }

    private ReplicaId anybody() {
        return new ReplicaId(random.nextInt(n));
    }

    /** Mostly the highest one that anybody speaks of so far. */
    private View view(int lowest) {
        return new View(Math.max(lowest, random.nextInt(3) == 0 ? random.nextInt(highestView + 1) : highestView));
    }

    private void prepare(int highest) {
        View view = view(0);
        List<Long> begun = newViews.stream()
                .filter(newView -> newView.message().view().equals(view))
                .map(newView -> newView.ui().counter())
                .toList();
        long named = view.equals(View.ZERO)
                ? 0
                : begun.isEmpty() || random.nextInt(10) == 0 ? 1 + random.nextInt(20) : pick(begun);
        Batch batch = pick(BATCHES);
        SequenceNumber at = new SequenceNumber(1 + random.nextInt(highest));
        prepares.add(say(new MinPrepare(view.primary(n), view, at, batch.digest(), named, Optional.of(batch))));
    }

    private void commit(ReplicaId self, int highest) {
        List<Verified<MinPrepare>> ofOthers = prepares.stream()
                .filter(prepare -> !prepare.message().replica().equals(self)
                        && prepare.message().sequenceNumber().value() <= highest)
                .toList();
        if (!ofOthers.isEmpty()) {
            Verified<MinPrepare> prepare = pick(ofOthers);
            say(new MinCommit(self, prepare.message().header(), prepare.ui()));
        }
    }

    /** Names VIEW-CHANGEs of as many replicas as it takes: for its view, as far as there are any. */
    private void newView(View view) {
        ReplicaId self = view.primary(n);
        List<ReplicaId> others = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            others.add(new ReplicaId(i));
        }
        others.remove(self);
        Collections.shuffle(others, random);
        List<MinNewView.Reference> named = new ArrayList<>();
        reference(self, view).ifPresent(named::add);
        for (ReplicaId other : others) {
            if (named.size() < quorum) {
                reference(other, view).ifPresent(named::add);
            }
        }
        if (named.size() == quorum) {
            named.sort(Comparator.comparing(MinNewView.Reference::replica));
            SequenceNumber low = new SequenceNumber(random.nextInt(4) == 0 ? STABLE : 0);
            newViews.add(say(new MinNewView(self, view, low, named)));
        }
    }

    private Optional<MinNewView.Reference> reference(ReplicaId of, View view) {
        boolean lies = random.nextInt(30) == 0;
        List<MinNewView.Reference> fitting = viewChanges.stream()
                .filter(said -> said.message().replica().equals(of)
                        && (lies || said.message().view().equals(view)))
                .map(said -> new MinNewView.Reference(of, said.ui().counter()))
                .toList();
        return fitting.isEmpty() ? Optional.empty() : Optional.of(pick(fitting));
    }

    // --- what there is

    List<Verified<MinNewView>> newViews() {
        return newViews;
    }

    /** All that was said, in some order. */
    List<Verified<? extends ReplicaMessage>> shuffled() {
        List<Verified<? extends ReplicaMessage>> all = new ArrayList<>();
        said.forEach(all::addAll);
        Collections.shuffle(all, random);
        return all;
    }

    Optional<Verified<? extends ReplicaMessage>> find(Name name) {
        List<Verified<? extends ReplicaMessage>> stream =
                said.get(name.replica().value());
        return name.counter() > stream.size() ? Optional.empty() : Optional.of(stream.get((int) name.counter() - 1));
    }

    /**
     * Where each stream may begin for one who has the state at {@link #STABLE}: for some at the beginning, for some further
     * on.
     *
     * @param tooFar how many messages too far, if it does not begin at the beginning
     */
    List<StreamPosition> starts(int tooFar) {
        List<StreamPosition> starts = new ArrayList<>();
        for (List<Verified<? extends ReplicaMessage>> stream : said) {
            int before = 0;
            while (before < stream.size() && !concernsWhatIsAbove(stream.get(before))) {
                before++;
            }
            int counter = 1 + (random.nextBoolean() ? before + tooFar : random.nextInt(before + 1));
            starts.add(new StreamPosition(counter, Optional.empty()));
        }
        return starts;
    }

    private static boolean concernsWhatIsAbove(Verified<? extends ReplicaMessage> message) {
        return Stream.sequenceNumberOf(message.message())
                .filter(at -> at.value() > STABLE)
                .isPresent();
    }
}
