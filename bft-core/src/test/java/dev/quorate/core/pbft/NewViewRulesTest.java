package dev.quorate.core.pbft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.TestCluster;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.NewView;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.PreparedCertificate;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.Signed;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.ViewChange;
import dev.quorate.core.wire.Batches;
import dev.quorate.core.wire.MessageValidator;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Validation;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What makes a VIEW-CHANGE or a NEW-VIEW believable, with real signatures. K = 4, L = 8, four replicas. */
class NewViewRulesTest {
    private static final Digest A = Digest.sha256(new byte[] {1});
    private static final Digest B = Digest.sha256(new byte[] {2});
    private static final Digest NULL = Batches.nullBatch().digest();

    private final TestCluster cluster = TestCluster.of(
            Protocol.PBFT,
            4,
            1,
            Limits.defaults().with(Limit.CHECKPOINT_INTERVAL, 4).with(Limit.WINDOW, 8));
    private final MessageValidator validator = new MessageValidator(cluster.config(), new PbftRules(cluster.config()));

    // --- outcomes

    @Test
    @DisplayName("V3 of two certificates for one position that of the highest view wins")
    void v3TheHighestViewWins() {
        NewViewOutcome outcome = NewViewOutcome.of(List.of(
                viewChange(0, 3, StableCertificate.INITIAL, prepared(0, 1, A), prepared(1, 2, B)),
                viewChange(1, 3, StableCertificate.INITIAL, prepared(2, 1, B)),
                viewChange(2, 3, StableCertificate.INITIAL, prepared(0, 2, A))));
        assertThat(outcome.digests()).containsExactly(B, B);
    }

    @Test
    void positionsAtWhichNothingPreparedGetTheNullBatch() {
        NewViewOutcome outcome = NewViewOutcome.of(List.of(
                viewChange(0, 1, StableCertificate.INITIAL, prepared(0, 3, A)),
                viewChange(1, 1, StableCertificate.INITIAL),
                viewChange(2, 1, StableCertificate.INITIAL)));
        assertThat(outcome.digests()).containsExactly(NULL, NULL, A);
        assertThat(outcome.high()).isEqualTo(new SequenceNumber(3));
    }

    @Test
    @DisplayName("V7 the highest stable checkpoint counts, whoever holds it, and what is below it is settled")
    void v7TheHighestStableCheckpointCounts() {
        NewViewOutcome outcome = NewViewOutcome.of(List.of(
                viewChange(0, 1, StableCertificate.INITIAL, prepared(0, 3, A), prepared(0, 5, A)),
                viewChange(1, 1, stable(4)),
                viewChange(2, 1, StableCertificate.INITIAL)));
        assertThat(outcome.low()).isEqualTo(new SequenceNumber(4));
        assertThat(outcome.digests()).containsExactly(A);
    }

    // --- VIEW-CHANGE

    @Test
    void aViewChangeThatProvesWhatItSaysIsAccepted() {
        assertAccepted(viewChange(2, 1, stable(4), prepared(0, 5, A), prepared(0, 12, B)));
        assertAccepted(viewChange(2, 1, StableCertificate.INITIAL));
    }

    @Test
    @DisplayName("V4 forged certificates are rejected")
    void v4ForgedCertificatesAreRejected() {
        PreparedCertificate good = prepared(0, 5, A);
        List<Signed<Prepare>> prepares = good.prepares();
        assertBad("too few", certificate(good, prepares.subList(0, 1)));
        assertBad("one repeated", certificate(good, List.of(prepares.get(0), prepares.get(0))));
        assertBad("one of the primary", certificate(good, List.of(prepare(0, 0, 5, A), prepares.get(0))));
        assertBad("proposed by a backup", new PreparedCertificate(proposal(1, 0, 5, A), prepares));
        assertBad("of a view to come", prepared(1, 5, A));
        assertBad("below the checkpoint", prepared(0, 4, A));
        assertBad("beyond the window", prepared(0, 13, A));
    }

    @Test
    @DisplayName("B3 votes for something else make no certificate: a certificate has one payload, which all sign")
    void b3VotesForSomethingElseMakeNoCertificate() {
        PreparedCertificate good = prepared(0, 5, A);
        for (Signed<Prepare> other : List.of(prepare(2, 0, 5, B), prepare(2, 0, 6, A), prepare(2, 4, 5, A))) {
            PreparedCertificate mixed =
                    certificate(good, List.of(good.prepares().get(0), other));
            assertThat(reasonFor(viewChange(2, 1, stable(4), mixed))).contains(RejectionReason.BAD_SIGNATURE);
        }
    }

    @Test
    @DisplayName("P12 a certificate stuffed with extra signatures is rejected")
    void p12AStuffedCertificateIsRejected() {
        PreparedCertificate good = prepared(0, 5, A);
        List<Signed<Prepare>> stuffed = new ArrayList<>(good.prepares());
        stuffed.add(prepare(3, 0, 5, A));
        assertBad("one too many", certificate(good, stuffed));
    }

    @Test
    @DisplayName("V4 a certificate with somebody else's signature is rejected")
    void v4AForgedSignatureInACertificateIsRejected() {
        PreparedCertificate good = prepared(0, 5, A);
        Signed<Prepare> forged = new Signed<>(
                new Prepare(new ReplicaId(2), View.ZERO, new SequenceNumber(5), A),
                prepare(1, 0, 5, A).signature());
        assertThat(reasonFor(viewChange(
                        2,
                        1,
                        stable(4),
                        certificate(good, List.of(good.prepares().get(0), forged)))))
                .contains(RejectionReason.BAD_SIGNATURE);
    }

    @Test
    @DisplayName("G5 an invalid checkpoint certificate is rejected")
    void g5AnInvalidCheckpointCertificateIsRejected() {
        List<Signed<Checkpoint>> good = stable(4).checkpoints();
        assertBad(viewChange(2, 1, new StableCertificate(good.subList(0, 2))));
        assertBad(viewChange(2, 1, new StableCertificate(List.of(good.get(0), good.get(0), good.get(1)))));
        assertBad(viewChange(2, 1, stable(5)));
        List<Signed<Checkpoint>> forged = new ArrayList<>(good);
        forged.set(1, new Signed<>(good.get(1).message(), good.get(0).signature()));
        assertThat(reasonFor(viewChange(2, 1, new StableCertificate(forged)))).contains(RejectionReason.BAD_SIGNATURE);
    }

    @Test
    void positionsHaveToStandInOrderAndOnce() {
        assertBad(viewChange(2, 1, stable(4), prepared(0, 6, A), prepared(0, 5, A)));
        assertBad(viewChange(2, 1, stable(4), prepared(0, 5, A), prepared(0, 5, A)));
    }

    // --- NEW-VIEW

    @Test
    void aNewViewThatFollowsFromItsViewChangesIsAccepted() {
        assertAccepted(newView(1, changes(), A, NULL, B));
    }

    @Test
    @DisplayName("V5 a NEW-VIEW that leaves out, alters or adds something is rejected")
    void v5ANewViewThatDoesNotFollowIsRejected() {
        assertThat(reasonFor(newView(1, changes(), A, NULL))).contains(RejectionReason.WRONG_OUTCOME);
        assertThat(reasonFor(newView(1, changes()))).contains(RejectionReason.WRONG_OUTCOME);
        assertThat(reasonFor(newView(1, changes(), A, NULL, A))).contains(RejectionReason.WRONG_OUTCOME);
        assertThat(reasonFor(newView(1, changes(), A, NULL, B, B))).contains(RejectionReason.WRONG_OUTCOME);
    }

    @Test
    @DisplayName("V10 VIEW-CHANGEs are bound to their view")
    void v10ViewChangesOfAnotherViewAreRejected() {
        List<Signed<ViewChange>> stale = new ArrayList<>(changes());
        stale.set(2, signed(viewChange(2, 5, StableCertificate.INITIAL)));
        assertThat(reasonFor(newView(1, stale, A, NULL, B))).contains(RejectionReason.BAD_CERTIFICATE);
    }

    @Test
    void aNewViewNeedsAQuorumWithItsOwnPrimary() {
        List<Signed<ViewChange>> changes = changes();
        assertThat(reasonFor(newView(1, changes.subList(0, 2), A, NULL, B))).contains(RejectionReason.BAD_CERTIFICATE);
        List<Signed<ViewChange>> others = List.of(
                signed(viewChange(0, 1, StableCertificate.INITIAL, prepared(0, 1, A))),
                signed(viewChange(2, 1, StableCertificate.INITIAL, prepared(0, 3, B))),
                signed(viewChange(3, 1, StableCertificate.INITIAL)));
        assertThat(reasonFor(newView(1, others, A, NULL, B))).contains(RejectionReason.BAD_CERTIFICATE);
    }

    @Test
    @DisplayName("P11 only the view's primary begins it")
    void p11OnlyThePrimaryBeginsAView() {
        NewView posed = new NewView(new ReplicaId(3), new View(1), changes(), List.of());
        assertThat(reasonFor(posed)).contains(RejectionReason.NOT_PRIMARY);
    }

    @Test
    @DisplayName("K2 a VIEW-CHANGE that its replica did not sign is rejected inside a NEW-VIEW")
    void k2AForgedViewChangeIsRejected() {
        List<Signed<ViewChange>> forged = new ArrayList<>(changes());
        forged.set(2, new Signed<>(forged.get(2).message(), forged.get(0).signature()));
        assertThat(reasonFor(newView(1, forged, A, NULL, B))).contains(RejectionReason.BAD_SIGNATURE);
    }

    // --- making them

    private List<Signed<ViewChange>> changes() {
        return List.of(
                signed(viewChange(0, 1, StableCertificate.INITIAL, prepared(0, 1, A))),
                signed(viewChange(1, 1, StableCertificate.INITIAL, prepared(0, 3, B))),
                signed(viewChange(2, 1, StableCertificate.INITIAL)));
    }

    private NewView newView(long view, List<Signed<ViewChange>> changes, Digest... digests) {
        ReplicaId primary = new View(view).primary(4);
        List<Signed<PrePrepare>> proposals = new ArrayList<>();
        for (Digest digest : digests) {
            proposals.add(proposal(primary.value(), view, proposals.size() + 1, digest));
        }
        return new NewView(primary, new View(view), changes, proposals);
    }

    private ViewChange viewChange(int replica, long view, StableCertificate stable, PreparedCertificate... prepared) {
        return new ViewChange(new ReplicaId(replica), new View(view), stable, List.of(prepared));
    }

    private StableCertificate stable(long at) {
        List<Signed<Checkpoint>> checkpoints = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            checkpoints.add(signed(new Checkpoint(new ReplicaId(i), new SequenceNumber(at), A)));
        }
        return new StableCertificate(checkpoints);
    }

    private PreparedCertificate prepared(long view, long at, Digest digest) {
        int primary = new View(view).primary(4).value();
        List<Signed<Prepare>> prepares = new ArrayList<>();
        for (int i = 0; prepares.size() < 2; i++) {
            if (i != primary) {
                prepares.add(prepare(i, view, at, digest));
            }
        }
        return new PreparedCertificate(proposal(primary, view, at, digest), prepares);
    }

    private static PreparedCertificate certificate(PreparedCertificate good, List<Signed<Prepare>> prepares) {
        return new PreparedCertificate(good.proposal(), prepares);
    }

    private Signed<PrePrepare> proposal(int replica, long view, long at, Digest digest) {
        return signed(new PrePrepare(
                new ReplicaId(replica), new View(view), new SequenceNumber(at), digest, Optional.empty()));
    }

    private Signed<Prepare> prepare(int replica, long view, long at, Digest digest) {
        return signed(new Prepare(new ReplicaId(replica), new View(view), new SequenceNumber(at), digest));
    }

    private <M extends ReplicaMessage> Signed<M> signed(M message) {
        return cluster.replicaSealer(message.replica().value()).seal(message).signed();
    }

    private void assertBad(String why, PreparedCertificate certificate) {
        assertThat(reasonFor(viewChange(2, 1, stable(4), certificate)))
                .as(why)
                .contains(RejectionReason.BAD_CERTIFICATE);
    }

    private void assertBad(ViewChange viewChange) {
        assertThat(reasonFor(viewChange)).contains(RejectionReason.BAD_CERTIFICATE);
    }

    private void assertAccepted(ReplicaMessage message) {
        assertThat(reasonFor(message)).isEmpty();
    }

    private Optional<RejectionReason> reasonFor(ReplicaMessage message) {
        Bytes frame =
                cluster.replicaSealer(message.replica().value()).seal(message).frame();
        Validation validation = validator.validate(frame, new Peer.OfReplica(message.replica()));
        if (validation instanceof Validation.Accepted accepted) {
            Message received = accepted.message().message();
            assertThat(received).isEqualTo(message);
            return Optional.empty();
        }
        return Optional.of(((Validation.Rejected) validation).reason());
    }
}
