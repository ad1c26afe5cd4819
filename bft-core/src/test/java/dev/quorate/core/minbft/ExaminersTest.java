package dev.quorate.core.minbft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.TestCluster;
import dev.quorate.core.View;
import dev.quorate.core.message.MinNewView;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.StreamPosition;
import dev.quorate.core.minbft.MinMessages.Name;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.smr.Checkpoints;
import dev.quorate.core.smr.ReplicaParts;
import dev.quorate.core.smr.SessionTable;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Digest;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * (F) of docs/minbft-argument.md: two replicas that both find an outcome of one NEW-VIEW agree on it above the higher of
 * their stable checkpoints, in whatever order they handle the streams, and wherever they begin.
 */
final class ExaminersTest {
    private static final int HISTORIES = 400;
    private static final Limits LIMITS = Limits.defaults()
            .with(Limit.CHECKPOINT_INTERVAL, MinSteps.INTERVAL)
            .with(Limit.WINDOW, 2 * MinSteps.INTERVAL);

    /** As much of a replica as it takes to find outcomes. */
    private static final class Examiner {
        private final ReplicaParts parts;
        private final Streams streams;
        private final NewViews newViews;

        Examiner(TestCluster cluster, int self) {
            QuorumSystem quorums = QuorumSystem.of(
                    cluster.config().protocol(), cluster.config().n());
            MinParts rules = new MinParts();
            parts = new ReplicaParts(
                    cluster.config(),
                    new ReplicaId(self),
                    cluster.replicaSealer(self),
                    quorums,
                    new SessionTable(LIMITS),
                    Checkpoints::new,
                    view -> {});
            parts.synchronizer.resume(new View(RandomStreams.VIEWS), true);
            streams = new Streams(parts, rules, (stream, counter, message) -> {});
            newViews = new NewViews(parts, streams, rules);
        }

        /**
         * Handles everything, in an order of its own; somewhere on the way it gets the stable checkpoint, and the
         * NEW-VIEWs are examined now and then.
         */
        void handle(RandomStreams history, List<StreamPosition> starts, Random random) {
            List<Verified<? extends ReplicaMessage>> messages = history.shuffled();
            int stableAt = random.nextInt(messages.size() + 1);
            for (int i = 0; i <= messages.size(); i++) {
                if (i == stableAt) {
                    parts.window.moveTo(new SequenceNumber(RandomStreams.STABLE));
                    streams.startFrom(starts);
                    newViews.forgetBelow(streams.lowestView());
                }
                if (i < messages.size()) {
                    streams.accept(messages.get(i));
                }
                if (random.nextInt(8) == 0) {
                    examine(history);
                }
            }
            for (int round = 0; round < RandomStreams.VIEWS; round++) {
                examine(history);
                for (Name wanted : List.copyOf(streams.wanted())) {
                    history.find(wanted).ifPresent(streams::accept);
                }
            }
            parts.effects.take();
        }

        private void examine(RandomStreams history) {
            history.newViews().forEach(this::outcome);
        }

        Optional<Outcome> outcome(Verified<MinNewView> newView) {
            return newViews.outcome(newView.message().view(), newView.ui().counter());
        }

        boolean isInvalid(Verified<MinNewView> newView) {
            return newViews.isInvalid(newView.message().view(), newView.ui().counter());
        }
    }

    /** What was compared. */
    private static final class Comparison {
        private int agreedOnNothing;
        private int agreedOnBatches;
        private int bothInvalid;
        private int disagreed;
    }

    private static Comparison compare(int histories, int tooFar) {
        Comparison comparison = new Comparison();
        for (long seed = 0; seed < histories; seed++) {
            Random random = new Random(seed);
            TestCluster cluster = TestCluster.of(Protocol.MINBFT, random.nextBoolean() ? 3 : 5, 1, LIMITS);
            RandomStreams history = new RandomStreams(cluster, random);
            Examiner one = new Examiner(cluster, 0);
            one.handle(history, history.starts(0), random);
            Examiner other = new Examiner(cluster, 1);
            other.handle(history, history.starts(tooFar), random);
            history.newViews().forEach(newView -> compare(one, other, newView, comparison));
        }
        return comparison;
    }

    private static void compare(Examiner one, Examiner other, Verified<MinNewView> newView, Comparison comparison) {
        Optional<Outcome> first = one.outcome(newView);
        Optional<Outcome> second = other.outcome(newView);
        if (one.isInvalid(newView) || other.isInvalid(newView)) {
            comparison.bothInvalid += one.isInvalid(newView) && other.isInvalid(newView) ? 1 : 0;
            comparison.disagreed += first.isPresent() || second.isPresent() ? 1 : 0;
        } else if (first.isPresent() && second.isPresent()) {
            SequenceNumber above = first.get().floor().isAfter(second.get().floor())
                    ? first.get().floor()
                    : second.get().floor();
            NavigableMap<SequenceNumber, Digest> demanded =
                    first.get().digests().tailMap(above, false);
            boolean agree = demanded.equals(second.get().digests().tailMap(above, false));
            comparison.disagreed += agree ? 0 : 1;
            comparison.agreedOnNothing += agree && demanded.isEmpty() ? 1 : 0;
            comparison.agreedOnBatches += agree && !demanded.isEmpty() ? 1 : 0;
        }
    }

    @Test
    @DisplayName("A13 an outcome does not depend on the examiner")
    void outcomeDoesNotDependOnTheExaminer() {
        Comparison comparison = compare(HISTORIES, 0);

        assertThat(comparison.disagreed).isZero();
        assertThat(comparison.agreedOnBatches).isGreaterThan(HISTORIES / 4);
        assertThat(comparison.agreedOnNothing).isPositive();
        assertThat(comparison.bothInvalid).isPositive();
    }

    @Test
    @DisplayName("A13 an outcome does depend on the examiner, if a stream begins one message too far on")
    void startsThatAreTooFar() {
        assertThat(compare(HISTORIES / 4, 1).disagreed).isPositive();
    }
}
