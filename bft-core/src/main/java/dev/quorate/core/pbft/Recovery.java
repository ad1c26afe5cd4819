package dev.quorate.core.pbft;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.NewView;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.PreparedCertificate;
import dev.quorate.core.message.Signed;
import dev.quorate.core.message.ViewChange;
import dev.quorate.core.wire.Verified;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Brings a replica back to where it was, from its records: the view, what prepared in any view, and what was accepted in
 * the current one. That is all that binds it. What others said beyond that, they say again.
 *
 * <p>A record is the frame of a message: a PRE-PREPARE that this replica voted for or proposed, with its batch; the
 * PREPAREs with which it prepared; its own VIEW-CHANGE; the NEW-VIEW of a view that it entered.
 */
final class Recovery {
    /** What was accepted in one view at one position. */
    private static final class Accepted {
        private Verified<PrePrepare> proposal;
        private final Map<ReplicaId, Verified<Prepare>> prepares = new TreeMap<>();

        /** A crash may have left some of the PREPAREs: then the COMMIT was not said. */
        private boolean isPrepared(int needed) {
            return proposal != null && prepares.size() >= needed;
        }
    }

    private final PbftState state;
    private final NormalCase normalCase;
    private final ViewChangeHandler viewChanges;
    /** How many PREPAREs make a certificate. */
    private final int needed;

    private final Map<View, Map<SequenceNumber, Accepted>> accepted = new TreeMap<>();
    private Verified<ViewChange> viewChange;
    private Verified<NewView> newView;

    Recovery(PbftState state, NormalCase normalCase, ViewChangeHandler viewChanges) {
        this.state = state;
        this.normalCase = normalCase;
        this.viewChanges = viewChanges;
        this.needed = state.quorums.certificate() - 1;
    }

    void replay(List<Verified<? extends Message>> records) {
        records.forEach(this::sort);
        View left = viewChange == null ? View.ZERO : viewChange.message().view();
        View begun = newView == null ? View.ZERO : newView.message().view();
        boolean active = begun.compareTo(left) >= 0;
        View view = active ? begun : left;
        state.synchronizer.resume(view, active);
        viewChanges.resume(viewChange, active ? newView : null);
        accepted.forEach((in, positions) -> positions.forEach((at, what) -> restore(at, what)));
        if (active) {
            resume(view);
        }
    }

    private void sort(Verified<? extends Message> record) {
        if (record.message() instanceof PrePrepare proposal) {
            at(proposal.view(), proposal.sequenceNumber()).proposal = record.as(PrePrepare.class);
        } else if (record.message() instanceof Prepare prepare) {
            at(prepare.view(), prepare.sequenceNumber()).prepares.put(prepare.replica(), record.as(Prepare.class));
        } else if (record.message() instanceof ViewChange left) {
            if (viewChange == null || left.view().compareTo(viewChange.message().view()) > 0) {
                viewChange = record.as(ViewChange.class);
            }
        } else if (record.message() instanceof NewView began) {
            if (newView == null || began.view().compareTo(newView.message().view()) > 0) {
                newView = record.as(NewView.class);
            }
        }
    }

    private Accepted at(View view, SequenceNumber at) {
        return accepted.computeIfAbsent(view, v -> new TreeMap<>()).computeIfAbsent(at, s -> new Accepted());
    }

    /**
     * Keeps what was voted for; and what prepared goes into {@code P}: views come in their order, so that of the highest
     * one stays.
     */
    private void restore(SequenceNumber at, Accepted what) {
        if (what.proposal == null || !state.log.accepts(at)) {
            return;
        }
        Slot slot = state.log.slot(at);
        slot.voteFor(what.proposal.message().digest());
        what.proposal.message().batch().ifPresent(slot::offer);
        if (what.isPrepared(needed)) {
            List<Signed<Prepare>> prepares = what.prepares.values().stream()
                    .limit(needed)
                    .map(Verified::signed)
                    .toList();
            slot.certificate = new PreparedCertificate(what.proposal.signed(), prepares);
        }
    }

    /**
     * Goes on in the view in which this replica took part. PREPAREs that do not make a certificate are left out: others will
     * say them again, and whatever prepares then goes to the store before the COMMIT leaves.
     */
    private void resume(View view) {
        accepted.getOrDefault(view, new TreeMap<>()).forEach((at, what) -> {
            if (state.log.accepts(at) && what.proposal != null) {
                Slot slot = state.log.slot(at);
                slot.stored = true;
                slot.judgement.voted();
                // Otherwise the NEW-VIEW has proposed it.
                if (slot.proposal == null) {
                    normalCase.onPrePrepare(what.proposal);
                }
                if (what.isPrepared(needed)) {
                    slot.storedPrepared = true;
                    what.prepares.values().forEach(normalCase::onPrepare);
                }
            }
        });
    }
}
