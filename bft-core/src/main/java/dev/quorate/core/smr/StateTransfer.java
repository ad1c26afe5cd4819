package dev.quorate.core.smr;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.FetchState;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.StatePart;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Gets the state at a stable checkpoint from the other replicas, part by part and from all of them at once (Castro and
 * Liskov 2002, section 5.3); {@link StateSource} gives it.
 *
 * <p>Every part is checked when it arrives: the manifest against the checkpoint's root, a chunk against the manifest. All are
 * asked for the manifest, so that one who is silent holds nothing up, and everybody keeps a state that somebody fetches; the
 * chunks are shared out among them. A peer that sends a wrong part is not asked any more during this transfer; one that
 * answers nothing for a status interval has its parts given to others. One that answers now and then, but far less than it
 * was asked for, must not hold the others up, who keep the state only while they are asked for parts of it: once every
 * missing chunk is asked for, those that have not come in time are asked of others, too. If the others move on, so that
 * nobody has the target any more, the transfer goes on with the next stable checkpoint and keeps the chunks that are the
 * same there; so it does after {@value HeldStates#LONGEST_WAIT_TICKS} ticks if only as many still have it as may be faulty,
 * which could give one part after the other for ever. If nobody answers, they get more time.
 *
 * <p>Bound: {@value #PARTS_FOR_EACH_PEER} parts are asked of each peer at a time, and the same part of one more peer at most
 * in the time that a peer may be silent, so that slow links do not carry everything many times.
 */
public final class StateTransfer {
    static final int PARTS_FOR_EACH_PEER = 16;
    /** Below the time for which peers keep a state that somebody is fetching. */
    private static final long LONGEST_PATIENCE_TICKS = 16;
    /** The part that is not a chunk; chunk {@code i} is part {@code i+1}. */
    static final int MANIFEST = 0;

    private final ReplicaId self;
    private final int n;
    private final int weakQuorum;
    private final Sealer sealer;
    private final Checkpoints checkpoints;
    private final Execution execution;
    private final Effects effects;

    /** Who was asked for a part and has not answered, and when the last of them was asked. */
    private static final class Inquiry {
        private final Set<ReplicaId> of = new TreeSet<>();
        private long since;
    }

    private StableCertificate target;
    /** The tick at which it became the target. */
    private long targetSince;

    private Bytes manifest;
    private List<Digest> digests = List.of();
    /** Who is asked for the manifest, as long as it is not there. */
    private final Set<ReplicaId> askedForManifest = new TreeSet<>();
    /** The chunks that nobody is asked for yet, as parts; of equal chunks the first. */
    private final NavigableSet<Integer> missing = new TreeSet<>();
    /** Chunks of this transfer, and of those before it that did not come to an end. */
    private final Map<Digest, Bytes> chunks = new TreeMap<>();
    /** The parts that were asked for and are not there. */
    private final NavigableMap<Integer, Inquiry> asked = new TreeMap<>();
    /** Since when each of them has not answered anything, in ticks. */
    private final Map<ReplicaId, Long> silentSince = new TreeMap<>();

    private long tick;
    private long patienceTicks;

    private final Set<ReplicaId> liars = new TreeSet<>();
    /** Who does not have the target, or did not answer; all of them get a new chance when nobody else is left. */
    private final Set<ReplicaId> useless = new TreeSet<>();

    /** The state that the service is getting; null if it is not. Kept here: the others may move on meanwhile. */
    private StateImage installing;

    private SequenceNumber installingAt;

    /** @param weakQuorum {@code f+1} */
    public StateTransfer(
            ReplicaId self,
            int n,
            int weakQuorum,
            Sealer sealer,
            Checkpoints checkpoints,
            Execution execution,
            Effects effects) {
        this.self = self;
        this.n = n;
        this.weakQuorum = weakQuorum;
        this.sealer = sealer;
        this.checkpoints = checkpoints;
        this.execution = execution;
        this.effects = effects;
    }

    /** Whether a state is being fetched or installed. */
    public boolean isRunning() {
        return target != null || installing != null;
    }

    /** After a restart: gives the service the newest of the states that are left, and others those that they ask for. */
    void recover(NavigableMap<SequenceNumber, StateImage> states) {
        if (!states.isEmpty()) {
            checkpoints.recover(states);
            install(states.lastKey(), states.lastEntry().getValue());
        }
    }

    /** Fetches the state at {@code stable}, instead of what was being fetched, unless that is being installed already. */
    public void start(StableCertificate stable) {
        if (installing != null || (target != null && target.sequenceNumber().equals(stable.sequenceNumber()))) {
            return;
        }
        if (target == null) {
            liars.clear();
            patienceTicks = 1;
            effects.report(new Notice.StateTransferStarted(stable.sequenceNumber()));
        }
        target = stable;
        targetSince = tick;
        manifest = null;
        digests = List.of();
        asked.clear();
        useless.clear();
        missing.clear();
        askedForManifest.clear();
        ask();
    }

    /** Asks for what is missing, of those who may have it. */
    private void ask() {
        List<ReplicaId> peers = new ArrayList<>();
        for (int i = 1; i < n; i++) {
            ReplicaId peer = new ReplicaId((self.value() + i) % n);
            if (!liars.contains(peer) && !useless.contains(peer)) {
                peers.add(peer);
            }
        }
        if (manifest == null) {
            peers.stream().filter(askedForManifest::add).forEach(peer -> ask(peer, MANIFEST, true));
        } else {
            shareOut(peers);
        }
    }

    /** A chunk for each in turn, of those who are not busy. */
    private void shareOut(List<ReplicaId> peers) {
        Map<ReplicaId, Integer> busy = new TreeMap<>();
        asked.values().forEach(inquiry -> inquiry.of.forEach(peer -> busy.merge(peer, 1, Integer::sum)));
        Deque<ReplicaId> turns = new ArrayDeque<>(peers);
        while (!missing.isEmpty() && !turns.isEmpty()) {
            ReplicaId peer = turns.remove();
            if (busy.getOrDefault(peer, 0) < PARTS_FOR_EACH_PEER) {
                ask(peer, missing.pollFirst(), busy);
                turns.add(peer);
            }
        }
        if (missing.isEmpty()) {
            asked.forEach((part, inquiry) -> askAnother(part, inquiry, peers, busy));
        }
    }

    /** Asks the least busy one who was not asked for this part, if it is due. */
    private void askAnother(int part, Inquiry inquiry, List<ReplicaId> peers, Map<ReplicaId, Integer> busy) {
        if (tick - inquiry.since > patienceTicks) {
            peers.stream()
                    .filter(peer -> !inquiry.of.contains(peer) && busy.getOrDefault(peer, 0) < PARTS_FOR_EACH_PEER)
                    .min(Comparator.comparing(peer -> busy.getOrDefault(peer, 0)))
                    .ifPresent(peer -> ask(peer, part, busy));
        }
    }

    private void ask(ReplicaId peer, int part, Map<ReplicaId, Integer> busy) {
        Inquiry inquiry = asked.computeIfAbsent(part, missingPart -> new Inquiry());
        inquiry.of.add(peer);
        inquiry.since = tick;
        ask(peer, part, busy.merge(peer, 1, Integer::sum) == 1);
    }

    private void ask(ReplicaId peer, int part, boolean first) {
        if (first) {
            silentSince.put(peer, tick);
        }
        effects.add(new Effect.Send(peer, sealer.seal(new FetchState(self, target.sequenceNumber(), part))));
    }

    /** What {@code peer} was asked for is to be asked of others. */
    private void takeBack(ReplicaId peer) {
        asked.entrySet().removeIf(entry -> {
            Set<ReplicaId> of = entry.getValue().of;
            return of.remove(peer) && of.isEmpty() && missing.add(entry.getKey());
        });
    }

    public void onPart(Verified<StatePart> received) {
        StatePart part = received.message();
        ReplicaId peer = part.replica();
        boolean late = part.part() == MANIFEST && manifest != null;
        // Not only from the one who was asked last: an answer that comes late is as good. Who lies does so once.
        boolean expected = target != null
                && installing == null
                && part.sequenceNumber().equals(target.sequenceNumber())
                && !liars.contains(peer)
                && (late ? askedForManifest.contains(peer) : isWanted(part.part()));
        if (!expected) {
            effects.reject(RejectionReason.UNEXPECTED, received);
            return;
        }
        silentSince.put(peer, tick);
        if (part.part() == MANIFEST) {
            askedForManifest.remove(peer);
        }
        if (part.content().isEmpty()) {
            useless.add(peer);
            takeBack(peer);
        } else if (late) {
            return; // Somebody else was faster.
        } else if (accept(part)) {
            asked.remove(part.part());
            missing.remove(part.part());
        } else {
            effects.reject(RejectionReason.WRONG_DIGEST, received);
            liars.add(peer);
            useless.remove(peer);
            takeBack(peer);
        }
        if (endIfNotNeeded()) {
            return;
        }
        if (isComplete()) {
            install();
            return;
        }
        giveUpIfHopeless();
        ask();
    }

    private boolean isWanted(int part) {
        return part == MANIFEST || asked.containsKey(part) || missing.contains(part);
    }

    private boolean accept(StatePart part) {
        if (part.part() != MANIFEST) {
            Digest digest = Digest.sha256(part.content());
            if (!digest.equals(digests.get(part.part() - 1))) {
                return false;
            }
            chunks.put(digest, part.content());
            return true;
        }
        Optional<List<Digest>> named = StateImage.chunkDigests(part.content());
        if (!StateImage.root(target.sequenceNumber(), part.content()).equals(target.root()) || named.isEmpty()) {
            return false;
        }
        manifest = part.content();
        digests = named.get();
        Set<Digest> wanted = new TreeSet<>(digests);
        chunks.keySet().retainAll(wanted);
        checkpoints.states().keepOwnChunks(wanted, chunks);
        wanted.removeAll(chunks.keySet());
        for (int i = 0; i < digests.size(); i++) {
            if (wanted.remove(digests.get(i))) {
                missing.add(i + 1);
            }
        }
        return true;
    }

    private boolean isComplete() {
        return manifest != null && missing.isEmpty() && asked.isEmpty();
    }

    private void install() {
        StateImage image =
                StateImage.of(manifest, digests.stream().map(chunks::get).toList());
        chunks.clear();
        checkpoints.adopt(target, image);
        install(target.sequenceNumber(), image);
    }

    private void install(SequenceNumber at, StateImage image) {
        installing = image;
        installingAt = at;
        execution.beginInstall();
        effects.add(new Effect.InstallState(at, image));
    }

    /** Ends the transfer if the replica has got there without it: its state never goes back, unless it is wrong. */
    private boolean endIfNotNeeded() {
        boolean needed = execution.scheduled().compareTo(target.sequenceNumber()) < 0 || checkpoints.hasDiverged();
        if (!needed) {
            effects.report(new Notice.StateTransferFinished(target.sequenceNumber()));
            end();
        }
        return !needed;
    }

    private void end() {
        installing = null;
        target = null;
        manifest = null;
        digests = List.of();
        missing.clear();
        askedForManifest.clear();
        asked.clear();
        chunks.clear();
    }

    /** The service has the state: the replica goes on from there. Returns whether it had diverged, and has not any more. */
    public boolean onInstalled() {
        execution.install(installingAt, installing.bookkeeping());
        if (target != null) {
            effects.report(new Notice.StateTransferFinished(installingAt));
        }
        end();
        return checkpoints.adopted();
    }

    /** A status interval has passed: what was not answered is asked of others. */
    public void onTick() {
        tick++;
        if (target == null || installing != null || endIfNotNeeded()) {
            return;
        }
        // Those of the intervals before stay useless: or else two silent ones would be asked in turn, for ever.
        Set<ReplicaId> waitedFor = new TreeSet<>();
        asked.values().forEach(inquiry -> waitedFor.addAll(inquiry.of));
        if (manifest == null) {
            waitedFor.addAll(askedForManifest);
        }
        for (ReplicaId peer : waitedFor) {
            if (tick - silentSince.get(peer) > patienceTicks) {
                useless.add(peer);
                askedForManifest.remove(peer);
                takeBack(peer);
            }
        }
        giveUpIfHopeless();
        ask();
    }

    /** Goes on with the newest stable checkpoint, or gives those a new chance that were silent; with more time for all. */
    private void giveUpIfHopeless() {
        int left = n - 1 - useless.size() - liars.size();
        boolean tooLong = tick - targetSince >= HeldStates.LONGEST_WAIT_TICKS;
        StableCertificate newest = checkpoints.certificate();
        boolean isNewer = newest.sequenceNumber().isAfter(target.sequenceNumber());
        if (left == 0 || (left < weakQuorum && tooLong && isNewer)) {
            useless.clear();
            askedForManifest.clear();
            patienceTicks = Math.min(2 * patienceTicks, LONGEST_PATIENCE_TICKS);
            if (isNewer) {
                start(newest);
            }
        }
    }
}
