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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Gets the state at a stable checkpoint from the other replicas, part by part and from all of them at once (Castro and
 * Liskov 2002, section 5.3), and gives it to those who need it.
 *
 * <p>Every part is checked when it arrives: the manifest against the checkpoint's root, a chunk against the manifest. A
 * peer that sends a wrong part is not asked any more during this transfer; one that does not answer within a status
 * interval has its parts given to others. If the others move on, so that nobody has the target any more, the transfer
 * goes on with the next stable checkpoint and keeps the chunks that are the same there.
 *
 * <p>Bounds: {@value #PARTS_FOR_EACH_PEER} parts are asked of each peer at a time, and given to each peer in a status
 * interval; of images there are the stable one, the one before it while somebody fetches it, and the own newer ones that
 * {@link Checkpoints} holds.
 */
public final class StateTransfer {
    private static final int PARTS_FOR_EACH_PEER = 16;

    private final ReplicaId self;
    private final int n;
    private final Sealer sealer;
    private final Checkpoints checkpoints;
    private final Execution execution;
    private final Effects effects;

    // --- fetching
    private StableCertificate target;
    private Bytes manifest;
    private List<Digest> digests = List.of();
    /** Chunks of this transfer, and of those before it that did not come to an end. */
    private final Map<Digest, Bytes> chunks = new TreeMap<>();
    /** Which part was asked of whom. */
    private final Map<Integer, ReplicaId> asked = new TreeMap<>();

    private final Set<ReplicaId> liars = new TreeSet<>();
    /** Who does not have the target, or did not answer; all of them get a new chance when nobody else is left. */
    private final Set<ReplicaId> useless = new TreeSet<>();

    /** The state that the service is getting; null if it is not. Kept here: the others may move on meanwhile. */
    private StateImage installing;

    private SequenceNumber installingAt;

    // --- giving
    private final Map<ReplicaId, Integer> given = new TreeMap<>();

    public StateTransfer(
            ReplicaId self, int n, Sealer sealer, Checkpoints checkpoints, Execution execution, Effects effects) {
        this.self = self;
        this.n = n;
        this.sealer = sealer;
        this.checkpoints = checkpoints;
        this.execution = execution;
        this.effects = effects;
    }

    /** Whether a state is being fetched or installed. */
    public boolean isRunning() {
        return target != null || installing != null;
    }

    /** After a restart: gives the service the state that it had. */
    void recover(SequenceNumber at, StateImage image) {
        checkpoints.recover(at, image);
        install(at, image);
    }

    /** Fetches the state at {@code stable}, instead of what was being fetched, unless that is being installed already. */
    public void start(StableCertificate stable) {
        if (installing != null || (target != null && target.sequenceNumber().equals(stable.sequenceNumber()))) {
            return;
        }
        if (target == null) {
            liars.clear();
            effects.report(new Notice.StateTransferStarted(stable.sequenceNumber()));
        }
        target = stable;
        manifest = null;
        digests = List.of();
        asked.clear();
        useless.clear();
        ask();
    }

    /** Asks for the parts that are missing, of those who are not busy. */
    private void ask() {
        List<Integer> missing = missing();
        int next = 0;
        for (int i = 1; i < n && next < missing.size(); i++) {
            ReplicaId peer = new ReplicaId((self.value() + i) % n);
            if (liars.contains(peer) || useless.contains(peer)) {
                continue;
            }
            long busy = asked.values().stream().filter(peer::equals).count();
            for (; busy < PARTS_FOR_EACH_PEER && next < missing.size(); busy++) {
                int part = missing.get(next++);
                asked.put(part, peer);
                effects.add(new Effect.Send(peer, sealer.seal(new FetchState(self, target.sequenceNumber(), part))));
            }
        }
    }

    private List<Integer> missing() {
        List<Integer> missing = new ArrayList<>();
        if (manifest == null) {
            if (!asked.containsKey(0)) {
                missing.add(0);
            }
            return missing;
        }
        for (int i = 0; i < digests.size() && missing.size() < n * PARTS_FOR_EACH_PEER; i++) {
            if (!chunks.containsKey(digests.get(i)) && !asked.containsKey(i + 1)) {
                missing.add(i + 1);
            }
        }
        return missing;
    }

    public void onPart(Verified<StatePart> received) {
        StatePart part = received.message();
        boolean expected = target != null
                && installing == null
                && part.sequenceNumber().equals(target.sequenceNumber())
                && part.replica().equals(asked.get(part.part()));
        if (!expected) {
            effects.reject(RejectionReason.UNEXPECTED, received);
            return;
        }
        asked.remove(part.part());
        if (part.content().isEmpty()) {
            useless.add(part.replica());
            asked.values().removeIf(part.replica()::equals);
        } else if (!accept(part)) {
            effects.reject(RejectionReason.WRONG_DIGEST, received);
            liars.add(part.replica());
            asked.values().removeIf(part.replica()::equals);
        }
        if (endIfNotNeeded()) {
            return;
        }
        if (isComplete()) {
            install();
            return;
        }
        if (useless.size() + liars.size() >= n - 1) {
            nobodyHasIt();
        }
        ask();
    }

    private boolean accept(StatePart part) {
        if (part.part() > 0) {
            Digest digest = Digest.sha256(part.content());
            return digest.equals(digests.get(part.part() - 1)) && chunks.put(digest, part.content()) == null;
        }
        Optional<List<Digest>> named = StateImage.chunkDigests(part.content());
        if (!StateImage.root(target.sequenceNumber(), part.content()).equals(target.root()) || named.isEmpty()) {
            return false;
        }
        manifest = part.content();
        digests = named.get();
        Set<Digest> wanted = new TreeSet<>(digests);
        chunks.keySet().retainAll(wanted);
        checkpoints.keepOwnChunks(wanted, chunks);
        return true;
    }

    private boolean isComplete() {
        return manifest != null && chunks.keySet().containsAll(digests);
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
        asked.clear();
        chunks.clear();
    }

    /** The service has the state: the replica goes on from there. */
    public void onInstalled() {
        execution.install(installingAt, installing.bookkeeping());
        if (target != null) {
            effects.report(new Notice.StateTransferFinished(installingAt));
        }
        checkpoints.adopted();
        end();
    }

    /** A status interval has passed: what was not answered is asked of others. */
    public void onTick() {
        given.clear();
        checkpoints.onTick();
        if (target == null || installing != null || endIfNotNeeded()) {
            return;
        }
        // Those of the intervals before stay useless: or else two silent ones would be asked in turn, for ever.
        useless.addAll(asked.values());
        asked.clear();
        if (useless.size() + liars.size() >= n - 1) {
            nobodyHasIt();
        }
        ask();
    }

    /** Goes on with the newest stable checkpoint, and gives those a new chance that were silent. */
    private void nobodyHasIt() {
        useless.clear();
        StableCertificate newest = checkpoints.certificate();
        if (newest.sequenceNumber().isAfter(target.sequenceNumber())) {
            start(newest);
        }
    }

    // --- giving

    public void onFetch(Verified<FetchState> received) {
        FetchState fetch = received.message();
        if (given.merge(fetch.replica(), 1, Integer::sum) > budget()) {
            effects.reject(RejectionReason.QUOTA_EXCEEDED, received);
            return;
        }
        Bytes content = checkpoints
                .lease(fetch.sequenceNumber())
                .map(image -> part(image, fetch.part()))
                .orElse(Bytes.EMPTY);
        effects.add(new Effect.Send(
                fetch.replica(), sealer.seal(new StatePart(self, fetch.sequenceNumber(), fetch.part(), content))));
    }

    private static Bytes part(StateImage image, int part) {
        if (part == 0) {
            return image.manifest();
        }
        return part <= image.chunks().size() ? image.chunks().get(part - 1) : Bytes.EMPTY;
    }

    /** Parts for one peer in an interval: a correct one asks for the next when it has got one. */
    private static int budget() {
        return 4 * PARTS_FOR_EACH_PEER;
    }
}
