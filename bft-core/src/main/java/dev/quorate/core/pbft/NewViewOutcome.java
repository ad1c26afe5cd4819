package dev.quorate.core.pbft;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.PreparedCertificate;
import dev.quorate.core.message.Signed;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.ViewChange;
import dev.quorate.core.wire.Batches;
import dev.quorate.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What a new view begins with: a function of the VIEW-CHANGEs in its NEW-VIEW and of nothing else, so that everybody
 * computes the same (Castro and Liskov 1999, section 4.4).
 *
 * @param stable the highest stable checkpoint of any of them
 * @param digests what has to be proposed at the positions that follow it, without a gap
 */
public record NewViewOutcome(StableCertificate stable, List<Digest> digests) {
    /** Computes outcomes; a simulation puts in a wrong one, to see that its checkers notice. */
    @FunctionalInterface
    public interface Rule {
        NewViewOutcome of(List<ViewChange> viewChanges);
    }

    public NewViewOutcome {
        digests = List.copyOf(digests);
    }

    /** The position before the first that is proposed. */
    public SequenceNumber low() {
        return stable.sequenceNumber();
    }

    /** The last position that is proposed. */
    public SequenceNumber high() {
        return low().plus(digests.size());
    }

    static List<ViewChange> messages(List<Signed<ViewChange>> viewChanges) {
        return viewChanges.stream().map(Signed::message).toList();
    }

    /**
     * For each position above the highest stable checkpoint, up to the highest that prepared anywhere: what prepared in
     * the highest view, or the null batch where nothing did. (Two that prepared in one view are the same: their quorums
     * share a correct replica.)
     */
    public static NewViewOutcome of(List<ViewChange> viewChanges) {
        StableCertificate stable = StableCertificate.INITIAL;
        for (ViewChange viewChange : viewChanges) {
            if (viewChange.stable().sequenceNumber().isAfter(stable.sequenceNumber())) {
                stable = viewChange.stable();
            }
        }
        NavigableMap<SequenceNumber, PreparedCertificate> highest = new TreeMap<>();
        for (ViewChange viewChange : viewChanges) {
            for (PreparedCertificate prepared : viewChange.prepared()) {
                if (prepared.sequenceNumber().isAfter(stable.sequenceNumber())) {
                    highest.merge(prepared.sequenceNumber(), prepared, NewViewOutcome::ofHigherView);
                }
            }
        }
        List<Digest> digests = new ArrayList<>();
        if (!highest.isEmpty()) {
            for (SequenceNumber at = stable.sequenceNumber().next(); !at.isAfter(highest.lastKey()); at = at.next()) {
                PreparedCertificate prepared = highest.get(at);
                digests.add(prepared == null ? Batches.nullBatch().digest() : prepared.digest());
            }
        }
        return new NewViewOutcome(stable, digests);
    }

    private static PreparedCertificate ofHigherView(PreparedCertificate one, PreparedCertificate other) {
        return one.view().compareTo(other.view()) >= 0 ? one : other;
    }
}
