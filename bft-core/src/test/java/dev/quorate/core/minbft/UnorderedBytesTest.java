package dev.quorate.core.minbft;

import static dev.quorate.core.minbft.MinSteps.named;
import static dev.quorate.core.minbft.MinSteps.position;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinNewView;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is not in order may not be the same for two correct replicas, so one may have room for more of a stream than the
 * other. Replica 0 is faulty, 1 correct, 2 under test. K = 4.
 */
class UnorderedBytesTest {
    private static final Batch X = MinSteps.batch(77);
    private final Batch large = MinSteps.batch(1, Bytes.wrap(new byte[17 << 20]));

    /**
     * Replica 1 begins the faulty one's stream later than replica 2, which has handled {@code before} large proposals out of
     * order by then; {@code after} follow. Then the faulty one begins view 3, in which replica 1 votes, and replica 1 view 4.
     */
    private MinSteps startsThatDiffer(int before, int after) {
        MinSteps steps = new MinSteps(3, 2).snapshotsLater();
        for (int at = 1; at <= 4; at++) {
            steps.on(steps.prepare(at, MinSteps.batch(at)));
        }
        for (int i = 0; i < before; i++) {
            steps.on(steps.prepare(4, large));
        }
        long next = 5L + before;
        steps.snapshotDone().on(steps.checkpoint(0, 4, position(1), position(1), position(1)));
        assertThat(steps.stable().value()).isEqualTo(4);
        steps.on(steps.checkpoint(1, 4, position(next), position(1), position(5)));
        for (int i = 0; i < after; i++) {
            steps.on(steps.prepare(4, large));
        }
        viewThree(steps, List.of(5L), X);
        viewFour(steps, X);
        for (int i = 0; i < 50; i++) {
            steps.tick().on(steps.checkpoint(1, 4, position(next + after), position(1), position(5)));
        }
        return steps;
    }

    /** Begun by the faulty replica with replica 1, which votes. */
    private static void viewThree(MinSteps steps, List<Long> positions, Batch batch) {
        steps.demand(3, 0, 1);
        Verified<MinViewChange> faulty = steps.viewChange(0, 3);
        Verified<MinViewChange> correct = steps.viewChange(1, 3);
        Verified<MinNewView> newView = steps.newView(
                3, 4, named(0, faulty.ui().counter()), named(1, correct.ui().counter()));
        steps.on(List.of(faulty, correct, newView));
        for (long at : positions) {
            Verified<MinPrepare> prepare =
                    steps.prepare(3, at, batch, newView.ui().counter());
            steps.on(List.of(prepare, steps.commit(1, prepare)));
        }
    }

    /** Begun by replica 1 with replica 2. */
    private static void viewFour(MinSteps steps, Batch batch) {
        steps.demand(4, 0, 1);
        Verified<MinViewChange> correct = steps.viewChange(1, 4);
        Verified<MinViewChange> own = steps.sent(MinViewChange.class).stream()
                .filter(left -> left.message().replica().value() == 2
                        && left.message().view().equals(new View(4)))
                .findFirst()
                .orElseThrow();
        Verified<MinNewView> newView = steps.newView(
                4, 4, named(1, correct.ui().counter()), named(2, own.ui().counter()));
        steps.on(List.of(
                correct, newView, steps.prepare(4, 5, batch, newView.ui().counter())));
    }

    private static void assertVotesInViewFour(MinSteps steps) {
        assertThat(steps.said(MinCommit.class))
                .filteredOn(vote -> vote.prepare().view().equals(new View(4)))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    @DisplayName("X4 who has more of a stream than another one follows it into its view all the same")
    void x4StartsThatDiffer(int after) {
        assertVotesInViewFour(startsThatDiffer(3, after));
    }

    @Test
    @DisplayName("X4 and begins its own")
    void x4OwnView() {
        MinSteps steps = startsThatDiffer(3, 1);
        steps.demand(5, 0, 1).on(steps.viewChange(1, 5));
        for (int i = 0; i < 50; i++) {
            steps.tick();
        }
        assertThat(steps.said(MinNewView.class)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 22})
    @DisplayName("X4 who sees an order broken that is in order for another one follows it into its view all the same")
    void x4BrokenForOne(int mib) {
        Batch big = MinSteps.batch(1, Bytes.wrap(new byte[mib << 20]));
        MinSteps steps = new MinSteps(3, 2);
        for (int at = 1; at <= 4; at++) {
            steps.on(steps.prepare(at, MinSteps.batch(at)));
        }
        steps.on(steps.checkpoint(0, 4, position(5), position(1), position(5)));
        steps.on(steps.prepare(4, MinSteps.batch(5))); // The break. Replica 1 begins behind it.
        List<Verified<MinPrepare>> inOrder = new ArrayList<>();
        for (int at = 5; at <= 7; at++) {
            inOrder.add(steps.prepare(at, big));
        }
        steps.on(inOrder);
        for (Verified<MinPrepare> prepare : inOrder) {
            steps.on(steps.commit(1, prepare));
        }
        viewThree(steps, List.of(5L, 6L, 7L), big);
        viewFour(steps, big);
        for (int i = 0; i < 50; i++) {
            steps.tick();
        }
        assertVotesInViewFour(steps);
    }
}
