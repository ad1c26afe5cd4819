package dev.quorate.core.minbft;

import static dev.quorate.core.minbft.MinSteps.position;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.TestCluster;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.FetchLog;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.Signed;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.StreamPosition;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Unproven;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.usig.UniqueIdentifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A faulty replica that names USIGs which nobody has in what it says of checkpoints. n = 3, K = 4; of the two signers of a
 * certificate one is faulty, 1.
 */
final class InventedUsigsTest extends History {
    private static final int N = 3;
    private static final int SELF = 2;
    private static final int FAULTY = 1;
    private static final Bytes NOTHING = Digest.sha256(Bytes.EMPTY).toBytes();
    private static final View FAR = new View(1000);

    /** Executes four batches with the primary's votes and its own. */
    private MinSteps executed() {
        MinSteps steps = steps(N, SELF);
        for (long at = 1; at <= MinSteps.INTERVAL; at++) {
            steps.on(steps.prepare(at, A));
        }
        assertThat(steps.committed(MinSteps.INTERVAL)).hasSize(1);
        return steps;
    }

    /** The replica goes on in its view, with the primary's votes and its own, and hears the faulty one as before. */
    private static void goesOn(MinSteps steps) {
        Verified<MinPrepare> prepare = steps.prepare(MinSteps.INTERVAL + 1, A);
        steps.on(prepare);
        assertThat(steps.committed(MinSteps.INTERVAL + 1)).containsExactly(A.digest());
        assertThat(steps.view()).isEqualTo(View.ZERO);
        Verified<?> vote = steps.commit(FAULTY, prepare);
        steps.on(vote);
        assertThat(steps.handled()).startsWith(prepare.ui().place(), vote.ui().place());
    }

    @Test
    @DisplayName("B8 no stream begins in an epoch that one signer made up")
    void b8PositionsOfAnInventedEpoch() {
        MinSteps steps = executed();
        StreamPosition nowhere = position(UniqueIdentifier.firstPlace(7) + 3);
        steps.on(steps.checkpoint(FAULTY, MinSteps.INTERVAL, nowhere, nowhere, nowhere));
        assertThat(steps.stable().value()).isEqualTo(MinSteps.INTERVAL);

        goesOn(steps);
    }

    /** Says that the primary has left for a far view, with a UI of that epoch, before the place at which its stream goes on. */
    private static StreamPosition left(long epoch, long place) {
        UniqueIdentifier ui = new UniqueIdentifier(epoch, epoch == 0 ? place - 1 : 1, NOTHING);
        return new StreamPosition(epoch == 0 ? place : ui.place() + 1, Optional.of(new StreamPosition.Left(FAR, ui)));
    }

    /** The correct primary has moved on, and so would the start of its stream; the faulty one adds to that what it likes. */
    private static void show(MinSteps steps, StreamPosition byFaulty) {
        long place = MinSteps.INTERVAL + 1;
        List<Signed<Checkpoint>> signers = List.of(
                steps.checkpoint(0, MinSteps.INTERVAL, position(place), position(1), position(1))
                        .signed(),
                steps.checkpoint(FAULTY, MinSteps.INTERVAL, byFaulty, position(1), position(1))
                        .signed());
        Verified<Stable> unproven = steps.validatedIgnorantly(
                steps.seal(new Stable(new ReplicaId(FAULTY), new StableCertificate(signers))));
        assertThat(unproven.unproven()).hasSize(1);
        steps.on(unproven);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, UniqueIdentifier.MAX_EPOCH})
    @DisplayName("B8 a VIEW-CHANGE of an epoch that one signer made up binds nobody, and holds up nothing")
    void b8ViewChangeOfAnInventedEpoch(long epoch) {
        MinSteps steps = executed();
        steps.on(steps.checkpoint(FAULTY, MinSteps.INTERVAL, position(1), position(1), position(1)));
        show(steps, left(epoch, MinSteps.INTERVAL + 1));
        steps.validateAgain();

        goesOn(steps);
    }

    @Test
    @DisplayName("B8 of many certificates that name invented epochs two are looked at again, and few are kept")
    void b8ManyInventedEpochs() {
        MinSteps steps = executed();
        steps.on(steps.checkpoint(FAULTY, MinSteps.INTERVAL, position(1), position(1), position(1)));
        for (long epoch = 0; epoch < 100; epoch++) {
            show(steps, left(epoch, MinSteps.INTERVAL + 1));
        }
        steps.validateAgain(); // The first one,
        steps.validateAgain(); // and then the last one.
        show(steps, left(100, MinSteps.INTERVAL + 1)); // This moves nothing any more.
        assertThat(steps.waitsForValidation()).isFalse();

        steps.on(steps.seal(new FetchLog(new ReplicaId(FAULTY), new ReplicaId(0), 1)));
        assertThat(steps.sent(Stable.class)).hasSizeBetween(1, N + 1);
        goesOn(steps);
    }

    /**
     * At the checkpoint {@code at} its stream goes on, says the primary, and adds the faulty one that it has left for a far view,
     * in {@code epoch}; and its next proposal.
     */
    private static List<Verified<? extends Message>> records(MinSteps steps, long at, long epoch) {
        for (long before = 1; before <= MinSteps.INTERVAL; before++) {
            steps.prepare(before, A);
        }
        Verified<MinPrepare> next = steps.prepare(at + 1, A);
        long place = next.ui().place();
        List<Signed<Checkpoint>> signers = List.of(
                steps.checkpoint(0, at, position(place), position(1), position(1))
                        .signed(),
                steps.checkpoint(FAULTY, at, left(epoch, place), position(1), position(1))
                        .signed());
        Verified<Stable> unproven =
                steps.validatedIgnorantly(steps.seal(new Stable(new ReplicaId(SELF), new StableCertificate(signers))));
        assertThat(unproven.unproven()).hasSize(1);
        return List.of(unproven, next);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, UniqueIdentifier.MAX_EPOCH})
    @DisplayName("B8, C5 after a restart the streams begin at once where they did, whatever epoch one signer made up")
    void b8RestartWithAnInventedEpoch(long epoch) {
        MinSteps steps = steps(N, SELF);

        steps.restart(MinSteps.INTERVAL, records(steps, MinSteps.INTERVAL, epoch));

        assertThat(steps.waitsForValidation()).isFalse();
        assertThat(steps.handled()).startsWith(MinSteps.INTERVAL + 1L);
    }

    @Test
    @DisplayName("B8, C5 but not if the state knows that epoch: perhaps the USIG was not accepted before the crash")
    void b8RestartWithAnEpochThatTheStateKnows() {
        MinSteps steps = steps(N, SELF);

        steps.restartAfterRejoin(MinSteps.INTERVAL, 0, 1, records(steps, MinSteps.INTERVAL, 1));

        assertThat(steps.waitsForValidation()).isTrue();
        assertThat(steps.handled()).startsWith(0L);
        steps.validateAgain();
        assertThat(steps.handled()).startsWith(MinSteps.INTERVAL + 1L);
    }

    @Test
    @DisplayName("B8, C5 nor if the state is so old that it may not know of the epoch")
    void b8RestartWithAnOldState() {
        MinSteps steps = steps(N, SELF);

        steps.restart(0, records(steps, 2 * 2 * MinSteps.INTERVAL + MinSteps.INTERVAL, 1));

        assertThat(steps.handled()).startsWith(0L);
    }

    /** Certificates of a correct signer and of a faulty one, who says anything. */
    private static final class Certificates {
        private final List<Sealer> sealers;
        private final Random random;
        /** How far the correct one is in each stream. */
        private final long[] places = {1, 1, 1};

        private Certificates(Random random) {
            TestCluster cluster = TestCluster.of(Protocol.MINBFT, N, 1, Limits.defaults());
            this.sealers = List.of(cluster.replicaSealer(0), cluster.replicaSealer(FAULTY));
            this.random = random;
        }

        private StableCertificate next(long at) {
            List<StreamPosition> right = new ArrayList<>();
            List<StreamPosition> wrong = new ArrayList<>();
            for (int i = 0; i < N; i++) {
                places[i] += random.nextInt(3);
                right.add(position(places[i]));
                long epoch = random.nextInt(4);
                wrong.add(
                        epoch == 0
                                ? position(1 + random.nextInt(2 * (int) places[i]))
                                : left(epoch, 1 + random.nextInt(100)));
            }
            return new StableCertificate(List.of(sign(0, at, right), sign(1, at, wrong)));
        }

        private Signed<Checkpoint> sign(int signer, long at, List<StreamPosition> positions) {
            return sealers.get(signer)
                    .seal(new Checkpoint(
                            new ReplicaId(signer), new SequenceNumber(at), Digest.sha256(Bytes.EMPTY), positions))
                    .signed();
        }

        /** Everything that the faulty one says of VIEW-CHANGEs is made up. */
        private static List<Unproven> unproven(StableCertificate certificate) {
            List<StreamPosition> wrong =
                    certificate.checkpoints().get(1).message().streams();
            List<Unproven> unproven = new ArrayList<>();
            for (int i = 0; i < N; i++) {
                ReplicaId of = new ReplicaId(i);
                wrong.get(i).left().ifPresent(left -> unproven.add(new Unproven(of, left)));
            }
            return unproven;
        }
    }

    private static void check(StreamStarts starts, long... places) {
        assertThat(starts.proofs()).hasSizeLessThanOrEqualTo(N + 1);
        for (int i = 0; i < N; i++) {
            assertThat(starts.starts().get(i).counter()).isBetween(1L, places[i]);
            assertThat(starts.starts().get(i).left()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    @DisplayName(
            "B8 whatever one signer makes up, and when, starts go no further than a correct one, and little is kept")
    void b8WhateverIsInvented(long seed) {
        Random random = new Random(seed);
        Certificates certificates = new Certificates(random);
        StreamStarts starts = new StreamStarts(rules, N, 2);
        Optional<StableCertificate> underWay = Optional.empty();
        long stable = 0;
        for (int i = 0; i < 200; i++) {
            boolean moves = stable == 0 || random.nextInt(4) == 0;
            stable += moves ? MinSteps.INTERVAL : 0;
            StableCertificate next = certificates.next(stable);
            if (moves) {
                starts.stabilised(next, Certificates.unproven(next));
            } else {
                starts.add(next, Certificates.unproven(next));
            }
            if (underWay.isEmpty()) {
                underWay = starts.nextToJudge();
            } else if (random.nextBoolean()) {
                starts.judged(underWay.get(), Certificates.unproven(underWay.get()));
                underWay = Optional.empty();
            }
            check(starts, certificates.places);
        }

        int judged = 0;
        Optional<StableCertificate> next = underWay.or(starts::nextToJudge);
        while (next.isPresent()) {
            starts.judged(next.get(), Certificates.unproven(next.get()));
            judged++;
            next = starts.nextToJudge();
        }
        assertThat(judged).isLessThanOrEqualTo(N + 2);
        assertThat(starts.areJudged()).isTrue();
        check(starts, certificates.places);
    }
}
