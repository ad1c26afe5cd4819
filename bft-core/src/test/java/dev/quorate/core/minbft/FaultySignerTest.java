package dev.quorate.core.minbft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.TestCluster;
import dev.quorate.core.TestUsigs;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.StreamPosition;
import dev.quorate.core.pbft.LoopbackCluster;
import dev.quorate.core.wire.MessageValidator;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Validation;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.usig.UniqueIdentifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A faulty replica, 0, that has a CHECKPOINT of replica 2 before replica 1 has, and shows that and its own to everybody, before
 * the correct ones hear each other's. n = 3, K = 4, L = 8.
 */
final class FaultySignerTest {
    private static final int FAULTY = 0;
    private static final View VIEW = new View(1);

    private final TestCluster members = TestCluster.of(
            Protocol.MINBFT,
            3,
            1,
            Limits.defaults().with(Limit.CHECKPOINT_INTERVAL, 4).with(Limit.WINDOW, 8));
    private final LoopbackCluster cluster = new LoopbackCluster(members);
    /** What the correct replicas have said of checkpoints, and the network has not delivered yet. */
    private final List<Checkpoint> underWay = new ArrayList<>();

    private int requests;

    @BeforeEach
    void holdBack() {
        cluster.lose((from, to, message) -> {
            if (message instanceof Checkpoint checkpoint && from != FAULTY && !underWay.contains(checkpoint)) {
                underWay.add(checkpoint);
            }
            return message instanceof Checkpoint;
        });
    }

    /** From now on the faulty one takes no part in anything else. Replica 1 begins view 1. */
    private void leaveFaulty() {
        cluster.disconnect(FAULTY);
        cluster.tick(5);
        assertThat(cluster.status(1).view()).isEqualTo(VIEW);
    }

    private void execute(int times) {
        for (int i = 0; i < times; i++) {
            cluster.request(0, "op" + requests++, 0, 1, 2);
            cluster.run();
        }
    }

    /** All streams begin at the beginning. */
    private static List<StreamPosition> pinned() {
        return Collections.nCopies(3, StreamPosition.FIRST);
    }

    /** That of replica 1 is said to have gone on with a USIG that nobody has, and another VIEW-CHANGE. */
    private static List<StreamPosition> invented(Checkpoint right) {
        UniqueIdentifier ui =
                new UniqueIdentifier(7, 1, Digest.sha256(Bytes.EMPTY).toBytes());
        List<StreamPosition> positions = new ArrayList<>(right.streams());
        positions.set(1, new StreamPosition(ui.place() + 1, Optional.of(new StreamPosition.Left(VIEW, ui))));
        return positions;
    }

    private void show(Checkpoint right, List<StreamPosition> byFaulty) {
        Sealer faulty = members.replicaSealer(FAULTY);
        Checkpoint wrong = new Checkpoint(new ReplicaId(FAULTY), right.sequenceNumber(), right.root(), byFaulty);
        Verified<Stable> shown = faulty.seal(new Stable(
                new ReplicaId(FAULTY),
                new StableCertificate(List.of(
                        faulty.seal(wrong).signed(),
                        members.replicaSealer(2).seal(right).signed()))));
        MessageValidator validator = new MessageValidator(
                members.config(),
                new MinBftRules(members.config()),
                (of, message, ui) -> ui.epoch() == 0 && TestUsigs.VERIFIER.verify(of, message, ui));
        Verified<?> validated = ((Validation.Accepted)
                        validator.validate(shown.frame(), new Peer.OfReplica(new ReplicaId(FAULTY))))
                .message();
        for (int to = 0; to <= 2; to++) {
            cluster.deliver(to, validated);
        }
    }

    /** The faulty replica shows its certificates, all streams beginning at the beginning. */
    private void pin() {
        underWay.stream().filter(right -> right.replica().value() == 2).forEach(right -> show(right, pinned()));
        cluster.run();
    }

    /** The network delivers what was under way. */
    private void deliver() {
        for (Checkpoint right : underWay) {
            int from = right.replica().value();
            cluster.deliver(from == 1 ? 2 : 1, members.replicaSealer(from).seal(right));
        }
        underWay.clear();
        cluster.run();
    }

    private void goOnWithoutLoss() {
        cluster.lose((from, to, message) -> false);
        cluster.tick(10);
    }

    private void assertAllExecuted() {
        assertThat(cluster.executed(1)).hasSize(requests);
        assertThat(cluster.executed(2)).hasSize(requests);
        assertThat(cluster.status(1).view()).isEqualTo(VIEW);
        assertThat(cluster.status(2).view()).isEqualTo(VIEW);
    }

    @Test
    @DisplayName(
            "B11 a signer that wants everything kept is outvoted, though its certificate is there before the others' words")
    void b11VotesThatComeLater() {
        execute(2);
        leaveFaulty();
        for (int i = 0; i < 80; i++) {
            execute(1);
            pin();
            deliver();
        }
        assertAllExecuted();
    }

    @Test
    @DisplayName("B11 nor does it help that the others' words for what is stable were lost at first")
    void b11VotesThatWereLost() {
        execute(2);
        leaveFaulty();
        executePinned(80);
        // The streams are full.
        assertThat(cluster.executed(1)).hasSizeLessThan(requests);

        goOnWithoutLoss();
        assertAllExecuted();
    }

    @Test
    @DisplayName(
            "C2 of streams that have not moved on nothing is gone after a restart of all, however far the window has")
    void c2RestartOfAllWithStreamsFromTheBeginning() {
        // As the primary it takes part.
        executePinned(17);
        restartCorrect();
        executePinned(13);
        assertThat(cluster.executed(1)).hasSize(requests);
        assertThat(cluster.stable(1).value()).isEqualTo(28);

        // Its stream can be had from nobody else any more.
        cluster.cutOff(FAULTY);
        restartCorrect();
        cluster.disconnect(FAULTY);
        goOnWithoutLoss();
        execute(1);
        assertAllExecuted();
    }

    private void executePinned(int times) {
        for (int i = 0; i < times; i++) {
            execute(1);
            pin();
            underWay.clear();
        }
    }

    private void restartCorrect() {
        cluster.restart(1);
        cluster.restart(2);
        cluster.run();
    }

    @Test
    @DisplayName("B8, C2 after a restart of all, streams begin where they did, though a signer made up an epoch")
    void b8RestartOfAllWithAnInventedEpoch() {
        execute(2);
        leaveFaulty();
        for (int i = 0; i < 29; i++) {
            execute(1);
            underWay.stream()
                    .filter(right -> right.replica().value() == 2)
                    .forEach(right -> show(right, invented(right)));
            deliver();
        }
        assertAllExecuted();

        restartCorrect();
        goOnWithoutLoss();
        execute(1);
        assertAllExecuted();
    }
}
