package dev.quorate.core.minbft;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinNewView;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.StreamPosition;
import dev.quorate.core.minbft.MinMessages.Name;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Notice;
import dev.quorate.core.smr.ReplicaParts;
import dev.quorate.core.wire.Verified;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The streams of all replicas, this one's included. A message is handled when everything before it has been; what is
 * above the window or of a view that this replica has not reached waits, and its stream with it, but no other stream.
 *
 * <p>Bound: of each stream so many handled messages since the last stable checkpoint as two windows of votes and a few
 * others for each view since then, and a budget of bytes for what is not in order. A faulty replica that has used this
 * up waits for the next checkpoint.
 */
final class Streams {
    private static final int OTHERS_IN_A_VIEW = 16;
    /**
     * So far below the current view nothing is kept for what may still be said there: a faulty primary can go on in its
     * view for ever. What a vote names that is here is kept, however old it is.
     */
    static final int LOWER_VIEWS = 64;

    /** Handles the messages of all streams, each stream in the order of its counters. */
    @FunctionalInterface
    interface Handler {
        void handle(Stream stream, long counter, Verified<? extends ReplicaMessage> message);
    }

    private record Unsaid(Supplier<? extends ReplicaMessage> message, long restsOn) {}

    private final ReplicaParts parts;
    private final MinParts rules;
    private final Handler handler;
    private final List<Stream> streams = new ArrayList<>();
    /** Messages that are needed by themselves. */
    private final Set<Name> wanted = new TreeSet<>();

    private View viewAtStable = View.ZERO;
    /** The stable checkpoint from which on the streams are kept. */
    private SequenceNumber keptAfter = SequenceNumber.ZERO;

    /**
     * Up to which stable checkpoint the records are kept that were persisted in this life. Bound: what was handled in
     * about two windows, and what is kept anew.
     */
    private final Map<Name, SequenceNumber> keptUpTo = new TreeMap<>();

    /** How many messages of others this replica has persisted that its own may rest on, and how many are durable. */
    private long restsOn;

    private long kept;
    /** What it says once they are. */
    private final Deque<Unsaid> unsaid = new ArrayDeque<>();

    private boolean draining;
    private boolean recovering;
    private long handled;

    Streams(ReplicaParts parts, MinParts rules, Handler handler) {
        this.parts = parts;
        this.rules = rules;
        this.handler = handler;
        for (int i = 0; i < parts.quorums.n(); i++) {
            streams.add(new Stream(new ReplicaId(i), rules));
        }
    }

    Stream of(ReplicaId replica) {
        return streams.get(replica.value());
    }

    List<Stream> all() {
        return streams;
    }

    /** Counts up with every message that is handled. */
    long handled() {
        return handled;
    }

    /** A message with a UI, from whomever. */
    void accept(Verified<? extends ReplicaMessage> message) {
        Stream stream = of(message.message().replica());
        long counter = message.ui().place();
        if (wanted.remove(new Name(stream.of, counter)) && counter < stream.start()) {
            stream.remember(counter, message);
            handled++;
        } else if (stream.offer(counter, message)) {
            drain();
        } else {
            refuse(stream.at(counter), message);
        }
    }

    /** A message that was handled, or said, before a restart. */
    void recover(Verified<? extends ReplicaMessage> message) {
        Stream stream = of(message.message().replica());
        long counter = message.ui().place();
        stream.said(message);
        if (counter >= stream.start()) {
            recovering = true;
            accept(message);
            recovering = false;
        } else if (Stream.sequenceNumberOf(message.message()).isEmpty()) {
            stream.remember(counter, message);
        }
    }

    /**
     * All records were given to {@link #recover}. In which view this replica was when the streams began where they do is not
     * known any more: the lowest view of what is kept is as good.
     */
    void endRecovery() {
        viewAtStable = lowestView();
    }

    /** There is one with that counter already, or it was forgotten. */
    private void refuse(Optional<Verified<? extends ReplicaMessage>> first, Verified<? extends ReplicaMessage> second) {
        if (first.isEmpty() || first.get().message().equals(second.message())) {
            parts.effects.reject(RejectionReason.DUPLICATE, second);
            return;
        }
        // No faulty replica can do that, only a broken or copied USIG.
        parts.effects.reject(RejectionReason.CONFLICTING, second);
        parts.effects.report(
                new Notice.Equivocation(second.message().replica(), first.get().signed(), second.signed()));
    }

    /**
     * This replica says something: everybody has to handle it, this replica included, and it is on disk before it leaves.
     *
     * <p>Once it has a UI nobody can take it back, and where drafts are kept it outlives a crash. So what it rests on, a
     * proposal or a NEW-VIEW of another replica, is durable before: a vote for a batch that nobody has any more would be in
     * the way of every view change. Until then it waits, and whatever is said later behind it.
     */
    void say(ReplicaMessage message) {
        say(() -> message);
    }

    /** The same with a message that is made when it gets its UI, since it says where this replica is then. */
    void say(Supplier<? extends ReplicaMessage> message) {
        if (parts.rejoins.isLearning()) {
            parts.effects.add(
                    new Effect.Halt("it would say " + message.get() + ", and does not know what it said before"));
        } else if (unsaid.isEmpty() && kept >= restsOn) {
            sealAndSay(message.get());
        } else {
            unsaid.add(new Unsaid(message, restsOn));
            parts.effects.add(new Effect.ReportKept(restsOn));
        }
    }

    private void sealAndSay(ReplicaMessage message) {
        Verified<ReplicaMessage> sealed = parts.sealer.seal(message);
        persist(sealed);
        parts.effects.add(new Effect.Broadcast(sealed));
        accept(sealed);
    }

    /** Whether something that was to be said waits until what it rests on is durable. */
    boolean hasUnsaid() {
        return !unsaid.isEmpty();
    }

    /** What was to be persisted before is durable. */
    void onKept(long ticket) {
        kept = Math.max(kept, ticket);
        while (!unsaid.isEmpty() && kept >= unsaid.element().restsOn) {
            sealAndSay(unsaid.remove().message.get());
        }
    }

    /** Keeps a message for a restart: for two windows, and for as long as it is needed by {@link #persistAgain}. */
    private void persist(Verified<? extends ReplicaMessage> message) {
        SequenceNumber neededUpTo = parts.window.low().plus(2L * parts.window.length());
        parts.effects.add(new Effect.Persist(neededUpTo, message.frame()));
        if (!recovering) {
            keptUpTo.put(nameOf(message), neededUpTo);
        }
    }

    /**
     * Keeps anew what is still needed, and whose record is about to go, or is of an earlier life: the streams from their
     * starts on, what can be named before these, and the newest own message. The window may have moved on by a certificate
     * without the starts, and then perhaps nobody else has what lies between: this replica's own words, say, which the others
     * could not hear. Each message is written once more in two windows, as long as the start of its stream does not move.
     */
    void persistAgain() {
        keptUpTo.values().removeIf(upTo -> upTo.compareTo(parts.window.low()) < 0);
        for (Stream stream : streams) {
            stream.landmarks.headMap(stream.start(), false).values().forEach(this::persistIfGone);
            stream.log.values().forEach(this::persistIfGone);
        }
        // Where the counter of its USIG is may be known from nothing else.
        of(parts.self).newest().ifPresent(this::persistIfGone);
    }

    private void persistIfGone(Verified<? extends ReplicaMessage> message) {
        if (!keptUpTo.containsKey(nameOf(message))) {
            persist(message);
        }
    }

    private static Name nameOf(Verified<? extends ReplicaMessage> message) {
        return new Name(message.message().replica(), message.ui().place());
    }

    /** Handles whatever has its turn. Handling a message may lead to further ones, of this replica itself. */
    void drain() {
        if (draining) {
            return;
        }
        draining = true;
        boolean progress = true;
        while (progress) {
            progress = false;
            for (Stream stream : streams) {
                Optional<Verified<? extends ReplicaMessage>> message = stream.peek();
                progress |= message.isPresent() && leadsToAnotherView(stream.of, message.get());
                if (message.isPresent() && mayHandle(stream, message.get())) {
                    long counter = stream.advance();
                    handled++;
                    if (!stream.of.equals(parts.self)) {
                        persist(message.get());
                        if (parts.sealer.keepsDrafts() && !(message.get().message() instanceof MinCommit)) {
                            restsOn++;
                        }
                    }
                    handler.handle(stream, counter, message.get());
                    progress = true;
                }
            }
        }
        draining = false;
    }

    /**
     * In which view its sender is, a message shows as soon as it has its turn, handled or not: then everybody can get it. What
     * faulty replicas tell some only must not have these leave for views in which the others do not follow.
     */
    private boolean leadsToAnotherView(ReplicaId sender, Verified<? extends ReplicaMessage> message) {
        View itsView = MinMessages.viewOf(message.message());
        if (recovering) {
            parts.synchronizer.recall(sender, itsView);
            return false;
        }
        View before = parts.view();
        parts.synchronizer.onPeerView(sender, itsView);
        return !parts.view().equals(before);
    }

    private boolean mayHandle(Stream stream, Verified<? extends ReplicaMessage> message) {
        if (stream.of.equals(parts.self)) {
            return true;
        }
        Optional<SequenceNumber> at = Stream.sequenceNumberOf(message.message());
        boolean tooHigh = at.isPresent() && at.get().isAfter(highest());
        boolean tooEarly = MinMessages.viewOf(message.message()).compareTo(parts.view()) > 0;
        // What was handled before a restart fitted in then.
        boolean fits =
                recovering || (!stream.isFullOfUnordered(views()) && rules.mayKeepOneMore(stream.log.size(), bound()));
        return !tooHigh && !tooEarly && fits;
    }

    /**
     * The last position of which anything is handled: in the window, and not further than a window above what is executed.
     * Beyond that, this replica does not know who has rejoined, and so which views count there.
     */
    private SequenceNumber highest() {
        return rules.handledFrom(parts.execution.executed(), parts.window.low()).plus(parts.window.length());
    }

    private long bound() {
        return (2 * parts.window.length() + OTHERS_IN_A_VIEW) * views();
    }

    /** How many views there have been since the stable checkpoint. */
    private long views() {
        return 1 + parts.view().number() - viewAtStable.number();
    }

    /** A VIEW-CHANGE or a NEW-VIEW that somebody named; asked for if it is not here. */
    Optional<Verified<? extends ReplicaMessage>> landmark(Name name) {
        Stream stream = of(name.replica());
        Verified<? extends ReplicaMessage> found = stream.landmarks.get(name.counter());
        if (found == null && name.counter() < stream.start()) {
            wanted.add(name);
        }
        return Optional.ofNullable(found);
    }

    /** What is needed by itself, since it lies before the start of its stream. */
    Set<Name> wanted() {
        return wanted;
    }

    /** For each replica, from where on its stream matters to one who has the state at {@code stable}. */
    List<StreamPosition> positionsAfter(SequenceNumber stable) {
        if (!rules.mayVouch(keptAfter, stable)) {
            // What was forgotten may concern what is above that checkpoint: this replica can vouch for nothing.
            return Collections.nCopies(streams.size(), StreamPosition.FIRST);
        }
        return streams.stream().map(stream -> stream.positionAfter(stable)).toList();
    }

    /**
     * This replica has the state at the stable checkpoint, so nothing before the starts matters to it any more.
     *
     * @param starts for each replica
     */
    void startFrom(List<StreamPosition> starts) {
        boolean moved = false;
        for (int i = 0; i < streams.size(); i++) {
            long before = streams.get(i).start();
            streams.get(i).startFrom(starts.get(i), parts.window.low());
            moved |= streams.get(i).start() != before;
        }
        keptAfter = parts.window.low();
        if (moved) {
            viewAtStable = parts.view();
        }
        wanted.clear();
        forgetLandmarks();
        drain();
    }

    /**
     * Keeps, before the starts and from the lowest view on, each replica's first VIEW-CHANGE and NEW-VIEW of a view, and
     * what a vote, or a NEW-VIEW that is kept, names. Any others are of no use, however many a faulty replica sends.
     */
    private void forgetLandmarks() {
        View lowest = lowestView();
        Set<Name> named = new TreeSet<>();
        for (Stream stream : streams) {
            stream.log.values().forEach(vote -> newViewOf(vote.message()).ifPresent(named::add));
        }
        forget(MinNewView.class, lowest, named);
        for (Stream stream : streams) {
            for (Verified<? extends ReplicaMessage> landmark : stream.landmarks.values()) {
                if (landmark.message() instanceof MinNewView newView) {
                    newView.viewChanges().forEach(vc -> named.add(new Name(vc.replica(), vc.counter())));
                }
            }
        }
        forget(MinViewChange.class, lowest, named);
    }

    private void forget(Class<? extends ReplicaMessage> type, View lowest, Set<Name> named) {
        for (Stream stream : streams) {
            Set<View> seen = new TreeSet<>();
            stream.forgetLandmarks((counter, message) -> {
                View view = MinMessages.viewOf(message);
                boolean mayBeOfUse = view.compareTo(lowest) >= 0
                        && Stream.sequenceNumberOf(message).isEmpty();
                return mayBeOfUse
                        && (!type.isInstance(message)
                                || seen.add(view)
                                || named.contains(new Name(stream.of, counter)));
            });
        }
    }

    /** The NEW-VIEW that a vote names, by itself or by the PREPARE that it is for. */
    private Optional<Name> newViewOf(ReplicaMessage vote) {
        Optional<MinPrepare> prepare = vote instanceof MinPrepare own
                ? Optional.of(own)
                : vote instanceof MinCommit commit ? Optional.of(commit.prepare()) : Optional.empty();
        return prepare.map(p -> new Name(p.replica(), p.newView()));
    }

    /** The lowest view that is taken care of: see {@link #LOWER_VIEWS}. */
    View oldestView() {
        return new View(Math.max(0, parts.view().number() - LOWER_VIEWS));
    }

    /** The lowest view that a vote above the stable checkpoint is of; at most the current one, at least the oldest. */
    View lowestView() {
        View lowest = parts.view();
        for (Stream stream : streams) {
            for (Verified<? extends ReplicaMessage> message : stream.log.values()) {
                View view = MinMessages.viewOf(message.message());
                if (view.compareTo(lowest) < 0) {
                    lowest = view;
                }
            }
        }
        return lowest.compareTo(oldestView()) < 0 ? oldestView() : lowest;
    }
}
