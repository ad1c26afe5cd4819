package dev.quorate.core.minbft;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Limit;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.FetchLog;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinNewView;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinStatus;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.message.Rejoin;
import dev.quorate.core.message.Signed;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.StreamPosition;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.smr.CertificateRules;
import dev.quorate.core.wire.MessageRules;
import dev.quorate.usig.UniqueIdentifier;
import dev.quorate.usig.UsigIdentity;
import java.util.List;
import java.util.Optional;

/** What MinBFT demands of one message by itself. UIs and signatures are not its business. */
public final class MinBftRules implements MessageRules {
    private final int n;
    private final int quorum;
    private final long checkpointInterval;

    public MinBftRules(ClusterConfig config) {
        this(config, new MinParts());
    }

    /** Rules with some parts replaced, for simulations. */
    public MinBftRules(ClusterConfig config, MinParts parts) {
        QuorumSystem quorums = parts.quorums(config);
        this.n = config.n();
        this.quorum = quorums.certificate();
        this.checkpointInterval = config.limits().get(Limit.CHECKPOINT_INTERVAL);
    }

    @Override
    public Optional<RejectionReason> violation(Message message) {
        if (isOfPbft(message.type())) {
            return Optional.of(RejectionReason.NOT_PERMITTED);
        }
        if (message instanceof MinPrepare prepare) {
            return violation(prepare);
        } else if (message instanceof MinCommit commit) {
            return isPrimary(commit.replica(), commit.prepare().view())
                    ? Optional.of(RejectionReason.NOT_PRIMARY)
                    : violation(commit.prepare());
        } else if (message instanceof MinViewChange viewChange) {
            return unless(!viewChange.view().equals(View.ZERO), RejectionReason.MALFORMED);
        } else if (message instanceof MinNewView newView) {
            return violation(newView);
        } else if (message instanceof Checkpoint checkpoint) {
            return unless(isValid(checkpoint), RejectionReason.MALFORMED);
        } else if (message instanceof Stable stable) {
            return unless(isValid(stable), RejectionReason.BAD_CERTIFICATE);
        } else if (message instanceof MinStatus status) {
            return unless(status.handled().size() == n, RejectionReason.MALFORMED);
        } else if (message instanceof Rejoin rejoin) {
            return unless(isValid(rejoin), RejectionReason.MALFORMED);
        } else if (message instanceof FetchLog fetch) {
            return unless(fetch.of().value() < n && fetch.from() > 0, RejectionReason.MALFORMED);
        }
        return Optional.empty();
    }

    /** Its incarnation is the epoch of its USIG. */
    private static boolean isValid(Rejoin rejoin) {
        try {
            return UsigIdentity.decode(rejoin.usig()).epoch() == rejoin.incarnation()
                    && rejoin.incarnation() <= UniqueIdentifier.MAX_EPOCH;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isOfPbft(MessageType type) {
        return switch (type) {
            case PRE_PREPARE, PREPARE, COMMIT, STATUS, VIEW_CHANGE, NEW_VIEW -> true;
            default -> false;
        };
    }

    private static Optional<RejectionReason> unless(boolean valid, RejectionReason reason) {
        return valid ? Optional.empty() : Optional.of(reason);
    }

    private boolean isPrimary(ReplicaId replica, View view) {
        return view.primary(n).equals(replica);
    }

    private Optional<RejectionReason> violation(MinPrepare prepare) {
        if (!isPrimary(prepare.replica(), prepare.view())) {
            return Optional.of(RejectionReason.NOT_PRIMARY);
        }
        boolean namesNewView = prepare.newView() > 0;
        return unless(namesNewView != prepare.view().equals(View.ZERO), RejectionReason.MALFORMED);
    }

    private Optional<RejectionReason> violation(MinNewView newView) {
        if (newView.view().equals(View.ZERO) || !isPrimary(newView.replica(), newView.view())) {
            return Optional.of(RejectionReason.NOT_PRIMARY);
        }
        List<MinNewView.Reference> viewChanges = newView.viewChanges();
        boolean proven = viewChanges.size() == quorum
                && viewChanges.stream().anyMatch(named -> named.replica().equals(newView.replica()))
                && newView.low().value() % checkpointInterval == 0;
        for (int i = 0; i < viewChanges.size(); i++) {
            MinNewView.Reference named = viewChanges.get(i);
            proven &= named.replica().value() < n && named.counter() > 0;
            proven &= i == 0 || named.replica().compareTo(viewChanges.get(i - 1).replica()) > 0;
        }
        return unless(proven, RejectionReason.BAD_CERTIFICATE);
    }

    private boolean isValid(Checkpoint checkpoint) {
        return checkpoint.streams().size() == n
                && checkpoint.streams().stream().allMatch(MinBftRules::liesBehindItsViewChange);
    }

    private static boolean liesBehindItsViewChange(StreamPosition position) {
        return position.left()
                .map(left -> left.ui().place() < position.counter())
                .orElse(true);
    }

    private boolean isValid(Stable stable) {
        return CertificateRules.proves(stable.certificate(), quorum, checkpointInterval)
                && stable.certificate().checkpoints().stream()
                        .map(Signed::message)
                        .allMatch(this::isValid);
    }
}
