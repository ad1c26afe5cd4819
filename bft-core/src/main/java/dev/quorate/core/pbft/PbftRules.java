package dev.quorate.core.pbft;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Limit;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.message.NewView;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.PreparedCertificate;
import dev.quorate.core.message.Rejoin;
import dev.quorate.core.message.Signed;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.ViewChange;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.smr.CertificateRules;
import dev.quorate.core.wire.MessageRules;
import java.util.List;
import java.util.Optional;

/**
 * What PBFT demands of one message by itself: only a view's primary proposes, only its backups prepare, certificates
 * prove what they are to prove, and a NEW-VIEW begins with what its VIEW-CHANGEs say. Signatures are not its business.
 */
public final class PbftRules implements MessageRules {
    private final int n;
    private final int quorum;
    private final long window;
    private final long checkpointInterval;
    private final NewViewOutcome.Rule outcomes;

    public PbftRules(ClusterConfig config) {
        this(config, new PbftParts());
    }

    /** Rules with some parts replaced, for simulations. */
    public PbftRules(ClusterConfig config, PbftParts parts) {
        QuorumSystem quorums = parts.quorums(config);
        this.n = quorums.n();
        this.quorum = quorums.certificate();
        this.window = config.limits().get(Limit.WINDOW);
        this.checkpointInterval = config.limits().get(Limit.CHECKPOINT_INTERVAL);
        this.outcomes = parts.outcomes();
    }

    @Override
    public Optional<RejectionReason> violation(Message message) {
        if (message instanceof PrePrepare p && !isPrimary(p.replica(), p.view())) {
            return Optional.of(RejectionReason.NOT_PRIMARY);
        }
        if (message instanceof Prepare p && isPrimary(p.replica(), p.view())) {
            return Optional.of(RejectionReason.NOT_PRIMARY);
        }
        if (message instanceof ViewChange v && !isValid(v)) {
            return Optional.of(RejectionReason.BAD_CERTIFICATE);
        }
        if (message instanceof NewView v) {
            return violation(v);
        }
        if (message instanceof Stable s && (s.certificate().checkpoints().isEmpty() || !isValid(s.certificate()))) {
            return Optional.of(RejectionReason.BAD_CERTIFICATE);
        }
        if (message instanceof Checkpoint c && !c.streams().isEmpty()) {
            return Optional.of(RejectionReason.NOT_PERMITTED);
        }
        if (message instanceof Rejoin r && !r.usig().isEmpty()) {
            return Optional.of(RejectionReason.NOT_PERMITTED);
        }
        if (isOfMinBft(message.type())) {
            return Optional.of(RejectionReason.NOT_PERMITTED);
        }
        return Optional.empty();
    }

    private static boolean isOfMinBft(MessageType type) {
        return switch (type) {
            case MIN_PREPARE, MIN_COMMIT, MIN_VIEW_CHANGE, MIN_NEW_VIEW, MIN_STATUS, FETCH_LOG -> true;
            default -> false;
        };
    }

    private boolean isPrimary(ReplicaId replica, View view) {
        return view.primary(n).equals(replica);
    }

    // --- VIEW-CHANGE

    private boolean isValid(ViewChange viewChange) {
        if (viewChange.view().equals(View.ZERO) || !isValid(viewChange.stable())) {
            return false;
        }
        SequenceNumber low = viewChange.stable().sequenceNumber();
        SequenceNumber previous = low;
        for (PreparedCertificate prepared : viewChange.prepared()) {
            SequenceNumber at = prepared.sequenceNumber();
            if (!at.isAfter(previous)
                    || at.isAfter(low.plus(window))
                    || prepared.view().compareTo(viewChange.view()) >= 0
                    || !isValid(prepared)) {
                return false;
            }
            previous = at;
        }
        return true;
    }

    private boolean isValid(StableCertificate stable) {
        if (stable.checkpoints().isEmpty()) {
            return true;
        }
        return CertificateRules.proves(stable, quorum, checkpointInterval)
                && stable.checkpoints().stream()
                        .allMatch(checkpoint -> checkpoint.message().streams().isEmpty());
    }

    private boolean isValid(PreparedCertificate prepared) {
        PrePrepare proposal = prepared.proposal().message();
        return isPrimary(proposal.replica(), proposal.view())
                && prepared.prepares().size() == quorum - 1
                && CertificateRules.haveDistinctSenders(prepared.prepares())
                && prepared.prepares().stream()
                        .map(Signed::message)
                        .allMatch(p -> p.view().equals(proposal.view())
                                && p.sequenceNumber().equals(proposal.sequenceNumber())
                                && p.digest().equals(proposal.digest())
                                && !isPrimary(p.replica(), p.view()));
    }

    // --- NEW-VIEW

    private Optional<RejectionReason> violation(NewView newView) {
        if (!isPrimary(newView.replica(), newView.view())) {
            return Optional.of(RejectionReason.NOT_PRIMARY);
        }
        List<ViewChange> viewChanges = NewViewOutcome.messages(newView.viewChanges());
        boolean proven = viewChanges.size() == quorum
                && CertificateRules.haveDistinctSenders(newView.viewChanges())
                && viewChanges.stream().anyMatch(v -> v.replica().equals(newView.replica()))
                && viewChanges.stream().allMatch(v -> v.view().equals(newView.view()) && isValid(v));
        if (!proven) {
            return Optional.of(RejectionReason.BAD_CERTIFICATE);
        }
        return follows(newView, outcomes.of(viewChanges))
                ? Optional.empty()
                : Optional.of(RejectionReason.WRONG_OUTCOME);
    }

    private static boolean follows(NewView newView, NewViewOutcome outcome) {
        if (newView.proposals().size() != outcome.digests().size()) {
            return false;
        }
        for (int i = 0; i < outcome.digests().size(); i++) {
            PrePrepare proposal = newView.proposals().get(i).message();
            boolean fits = proposal.replica().equals(newView.replica())
                    && proposal.view().equals(newView.view())
                    && proposal.sequenceNumber().equals(outcome.low().plus(i + 1))
                    && proposal.digest().equals(outcome.digests().get(i));
            if (!fits) {
                return false;
            }
        }
        return true;
    }
}
