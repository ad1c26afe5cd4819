package dev.quorate.core.minbft;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Signed;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.StreamPosition;
import dev.quorate.core.wire.Unproven;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * From where on the streams matter to one who has the state at the stable checkpoint, and what proves it.
 *
 * <p>A certificate that names a VIEW-CHANGE which is unproven here says nothing of the streams until it has been looked at
 * again with the state at its checkpoint: then all epochs are known that a correct signer may have named, because a
 * stream goes on in a new epoch two windows after its REJOIN, so that what is unproven still was made up, and is as good as
 * left out. Until then its signer may know a VIEW-CHANGE that binds what comes next.
 *
 * <p>Bound: a certificate for each stream, that of the stable checkpoint, and one more to be looked at.
 */
final class StreamStarts {
    /**
     * @param unproven the VIEW-CHANGEs that do not count
     * @param judged whether all others do
     */
    private record Proof(StableCertificate certificate, List<Unproven> unproven, boolean judged) {}

    private final MinParts rules;
    private final int n;
    private final int weakQuorum;

    private List<StreamPosition> starts;
    /** What proves these: the stable checkpoint, and for each stream a certificate that has it begin there. */
    private List<Proof> proofs = List.of();
    /** One that would move a start, if it were judged. */
    private Optional<StableCertificate> toJudge = Optional.empty();

    private boolean isBeingJudged;

    /** @param weakQuorum {@code f+1} */
    StreamStarts(MinParts rules, int n, int weakQuorum) {
        this.rules = rules;
        this.n = n;
        this.weakQuorum = weakQuorum;
        this.starts = Collections.nCopies(n, StreamPosition.FIRST);
    }

    List<StreamPosition> starts() {
        return starts;
    }

    /** The certificate of the stable checkpoint, and those, at most one for each stream, from which the starts follow. */
    List<StableCertificate> proofs() {
        return proofs.stream().map(Proof::certificate).toList();
    }

    /** There is a new stable checkpoint. What an earlier certificate proved stays proven. */
    void stabilised(StableCertificate proof, List<Unproven> unproven) {
        List<Proof> all = new ArrayList<>(proofs);
        all.add(0, proof(proof, unproven));
        take(all);
    }

    /** Other signers may have been further: nothing before either start matters. Returns whether a start moves by it. */
    boolean add(StableCertificate another, List<Unproven> unproven) {
        if (further(positions(new Proof(another, unproven, true))).equals(starts)) {
            return false;
        }
        Proof proof = proof(another, unproven);
        if (proof.judged) {
            List<Proof> all = new ArrayList<>(proofs);
            all.add(proof);
            take(all);
        } else {
            toJudge = Optional.of(another);
        }
        return proof.judged;
    }

    private Proof proof(StableCertificate certificate, List<Unproven> unproven) {
        return new Proof(certificate, unproven, rules.isJudged(unproven.isEmpty()));
    }

    /** Whether all that is shown says where the streams start. */
    boolean areJudged() {
        return proofs.stream().allMatch(Proof::judged);
    }

    /** With the state at the stable checkpoint: a certificate that is to be validated again; one after the other. */
    Optional<StableCertificate> nextToJudge() {
        if (isBeingJudged) {
            return Optional.empty();
        }
        Optional<StableCertificate> next = proofs.stream()
                .filter(proof -> !proof.judged)
                .map(Proof::certificate)
                .findFirst()
                .or(() -> toJudge);
        isBeingJudged = next.isPresent();
        return next;
    }

    /** That has been done. */
    void judged(StableCertificate certificate, List<Unproven> unproven) {
        isBeingJudged = false;
        toJudge = toJudge.filter(other -> !other.equals(certificate));
        List<Proof> all = new ArrayList<>(proofs);
        Proof judged = new Proof(certificate, unproven, true);
        if (!all.isEmpty() && all.get(0).certificate.equals(certificate)) {
            all.set(0, judged);
        } else {
            all.add(judged);
        }
        take(all);
    }

    private void take(List<Proof> all) {
        for (Proof proof : all) {
            starts = further(positions(proof));
        }
        proofs = needed(all);
    }

    private List<StreamPosition> further(List<StreamPosition> others) {
        List<StreamPosition> merged = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            boolean further = others.get(i).counter() > starts.get(i).counter();
            merged.add(further ? others.get(i) : starts.get(i));
        }
        return merged;
    }

    /** Of these, the one of the stable checkpoint, which is the first, and those from which a start follows. */
    private List<Proof> needed(List<Proof> all) {
        Set<Integer> needed = new TreeSet<>();
        needed.add(0);
        for (int i = 0; i < n; i++) {
            int first = 0;
            while (!positions(all.get(first)).get(i).equals(starts.get(i))) {
                first++;
            }
            needed.add(first);
        }
        return needed.stream().map(all::get).toList();
    }

    private List<StreamPosition> positions(Proof proof) {
        if (!proof.judged) {
            return Collections.nCopies(n, StreamPosition.FIRST);
        }
        List<Checkpoint> signers = proof.certificate.checkpoints().stream()
                .map(Signed::message)
                .map(signer -> withoutUnproven(signer, proof.unproven))
                .toList();
        List<StreamPosition> positions = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            positions.add(rules.start(new ReplicaId(i), signers, weakQuorum));
        }
        return positions;
    }

    private Checkpoint withoutUnproven(Checkpoint signer, List<Unproven> unproven) {
        List<StreamPosition> streams = new ArrayList<>();
        for (StreamPosition position : signer.streams()) {
            ReplicaId of = new ReplicaId(streams.size());
            streams.add(new StreamPosition(
                    position.counter(),
                    position.left().filter(left -> rules.isBelieved(!unproven.contains(new Unproven(of, left))))));
        }
        return new Checkpoint(signer.replica(), signer.sequenceNumber(), signer.root(), streams);
    }
}
