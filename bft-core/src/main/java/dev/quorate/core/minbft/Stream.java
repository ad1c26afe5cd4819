package dev.quorate.core.minbft;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.StreamPosition;
import dev.quorate.core.wire.Verified;
import dev.quorate.usig.UniqueIdentifier;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/**
 * What one replica said with its USIG, in the order of the counters (Veronese et al. 2013, section 4.2: messages are
 * handled strictly in that order, so that a faulty replica cannot leave one out for some).
 *
 * <p>Bounds: {@link #WAITING} messages that came too early, or {@link #WAITING_BYTES}, dropped from the far end and
 * fetched again; of handled ones those from {@link #start} on, see {@link Streams}, among them {@link #UNORDERED_BYTES}
 * of PREPAREs for each view, and one, that are not in order; and beyond that the VIEW-CHANGEs and NEW-VIEWs that later
 * ones may name.
 */
final class Stream {
    private static final int WAITING = 1024;
    private static final long WAITING_BYTES = 64 << 20;
    /**
     * A faulty primary may propose again and again what is not in order, or for a view that it has left. Others may
     * need that to handle this stream, so it is kept, but not much of it: a correct primary says nothing like that.
     * What it says while others cannot judge it yet does not have to wait for what comes behind it.
     */
    private static final long UNORDERED_BYTES = 64 << 20;

    final ReplicaId of;
    private final MinParts rules;
    /** Handled messages, from the start on without a gap. */
    final NavigableMap<Long, Verified<? extends ReplicaMessage>> log = new TreeMap<>();
    /** VIEW-CHANGEs and NEW-VIEWs, also from before the start. */
    final NavigableMap<Long, Verified<? extends ReplicaMessage>> landmarks = new TreeMap<>();

    private final NavigableMap<Long, Verified<? extends ReplicaMessage>> waiting = new TreeMap<>();
    private long waitingBytes;
    /** The lengths of the handled PREPAREs that are not known to be in order. */
    private final NavigableMap<Long, Integer> unordered = new TreeMap<>();

    private long unorderedBytes;
    /** The message that was handled last; kept even if it does not matter any more. */
    private Optional<Verified<? extends ReplicaMessage>> newest = Optional.empty();

    private long start = 1;
    private long next = 1;
    /** The highest view for which a VIEW-CHANGE was handled: votes of lower views that follow it count for nobody. */
    private View left = View.ZERO;
    /** The VIEW-CHANGE of the highest view before the start: who begins to follow the stream there has to know it. */
    private Optional<StreamPosition.Left> leftBeforeStart = Optional.empty();
    /** The stable checkpoint at which this replica began to follow the stream in the middle; 0 if it never did. */
    private SequenceNumber joinedAt = SequenceNumber.ZERO;

    Stream(ReplicaId of, MinParts rules) {
        this.of = of;
        this.rules = rules;
    }

    /** The first counter that is kept. */
    long start() {
        return start;
    }

    /** The counter of the message that is to be handled next. */
    long next() {
        return next;
    }

    Optional<Verified<? extends ReplicaMessage>> newest() {
        return newest;
    }

    /** Before a restart this was handled, too. */
    void said(Verified<? extends ReplicaMessage> message) {
        if (newest.isEmpty() || newest.get().ui().place() < message.ui().place()) {
            newest = Optional.of(message);
        }
    }

    View left() {
        return left;
    }

    SequenceNumber joinedAt() {
        return joinedAt;
    }

    /** Keeps a message until its turn; false if it has been handled, or is here already. */
    boolean offer(long counter, Verified<? extends ReplicaMessage> message) {
        if (counter < next || waiting.putIfAbsent(counter, message) != null) {
            return false;
        }
        waitingBytes += message.frame().length();
        // The one whose turn it is has to fit, however large it is.
        while (waiting.size() > WAITING || (waitingBytes > WAITING_BYTES && waiting.size() > 1)) {
            forget(waiting.pollLastEntry());
        }
        return true;
    }

    /** Does not count any more what waited. */
    private void forget(Map.Entry<Long, Verified<? extends ReplicaMessage>> waited) {
        waitingBytes -= waited.getValue().frame().length();
    }

    /** The message with that counter, if it is held. */
    Optional<Verified<? extends ReplicaMessage>> at(long counter) {
        Verified<? extends ReplicaMessage> handled = log.get(counter);
        return Optional.ofNullable(handled != null ? handled : waiting.get(counter));
    }

    /** The message whose turn it is, if it is here. */
    Optional<Verified<? extends ReplicaMessage>> peek() {
        Map.Entry<Long, Verified<? extends ReplicaMessage>> first = waiting.firstEntry();
        return first != null && rules.hasItsTurn(first.getKey(), next)
                ? Optional.of(first.getValue())
                : Optional.empty();
    }

    /** Whether messages wait for one that is missing. */
    boolean hasGap() {
        return !waiting.isEmpty() && peek().isEmpty();
    }

    /** The message whose turn it is is being handled. Returns its counter. */
    long advance() {
        Map.Entry<Long, Verified<? extends ReplicaMessage>> first = waiting.pollFirstEntry();
        forget(first);
        long counter = first.getKey();
        Verified<? extends ReplicaMessage> message = first.getValue();
        log.put(counter, message);
        newest = Optional.of(message);
        if (sequenceNumberOf(message.message()).isEmpty()) {
            landmarks.put(counter, message);
        }
        if (message.message() instanceof MinViewChange viewChange) {
            leave(viewChange.view());
        } else if (message.message() instanceof MinPrepare) {
            unordered.put(counter, message.frame().length());
            unorderedBytes += message.frame().length();
        }
        next = counter + 1;
        return counter;
    }

    /** The PREPARE with that counter is in order. */
    void foundInOrder(long counter) {
        Integer length = unordered.remove(counter);
        unorderedBytes -= length == null ? 0 : length;
    }

    /**
     * Whether so much was handled that is not in order that no more of this stream is kept.
     *
     * @param views how many there have been since the stable checkpoint: what is in order differs between replicas, and
     *     with each view that brings nothing those that have less must be able to catch up with those that have more
     */
    boolean isFullOfUnordered(long views) {
        return unorderedBytes > UNORDERED_BYTES * views;
    }

    private void leave(View view) {
        if (view.compareTo(left) > 0) {
            left = view;
        }
    }

    /** A VIEW-CHANGE or a NEW-VIEW that somebody named, and that was fetched by itself. */
    void remember(long counter, Verified<? extends ReplicaMessage> landmark) {
        landmarks.putIfAbsent(counter, landmark);
    }

    /**
     * Nothing before {@code position} concerns what is above the stable checkpoint {@code stable}: forgets it, and goes on
     * from there if this replica is not so far. What waited before it can still be named: perhaps nobody else has it.
     */
    void startFrom(StreamPosition position, SequenceNumber stable) {
        if (UniqueIdentifier.epochOf(position.counter()) > UniqueIdentifier.epochOf(start)) {
            // What was said with an earlier USIG binds nobody: its sender has forgotten it.
            left = View.ZERO;
            leftBeforeStart = Optional.empty();
            landmarks.headMap(position.counter(), false).clear();
        }
        start = Math.max(start, position.counter());
        leftBeforeStart = higher(leftBefore(start), position.left());
        leftBeforeStart.ifPresent(vouched -> leave(vouched.view()));
        log.headMap(start, false).clear();
        while (!unordered.isEmpty() && unordered.firstKey() < start) {
            unorderedBytes -= unordered.pollFirstEntry().getValue();
        }
        if (next < start) {
            next = start;
            joinedAt = stable;
        }
        while (!waiting.isEmpty() && waiting.firstKey() < next) {
            Map.Entry<Long, Verified<? extends ReplicaMessage>> skipped = waiting.pollFirstEntry();
            forget(skipped);
            boolean counts = UniqueIdentifier.epochOf(skipped.getKey()) == UniqueIdentifier.epochOf(start);
            if (counts && sequenceNumberOf(skipped.getValue().message()).isEmpty()) {
                remember(skipped.getKey(), skipped.getValue());
            }
        }
    }

    /** Forgets, of the landmarks before the start, those that are not to be kept. */
    void forgetLandmarks(BiPredicate<Long, ReplicaMessage> kept) {
        landmarks
                .headMap(start, false)
                .entrySet()
                .removeIf(entry -> !kept.test(entry.getKey(), entry.getValue().message()));
    }

    /** From where on this stream matters to one who has the state at {@code stable}. */
    StreamPosition positionAfter(SequenceNumber stable) {
        long counter = next;
        for (Map.Entry<Long, Verified<? extends ReplicaMessage>> entry : log.entrySet()) {
            Optional<SequenceNumber> at = sequenceNumberOf(entry.getValue().message());
            if (at.isPresent() && rules.concerns(at.get(), stable)) {
                counter = entry.getKey();
                break;
            }
        }
        return new StreamPosition(counter, leftBefore(counter));
    }

    /** The VIEW-CHANGE of the highest view before {@code counter}, which is not before the start: not the newest one. */
    private Optional<StreamPosition.Left> leftBefore(long counter) {
        Optional<StreamPosition.Left> highest = leftBeforeStart;
        for (Verified<? extends ReplicaMessage> landmark :
                landmarks.headMap(counter, false).values()) {
            boolean binds = rules.binds(landmark.ui().epoch(), UniqueIdentifier.epochOf(counter));
            if (binds && landmark.message() instanceof MinViewChange viewChange) {
                highest = higher(highest, Optional.of(new StreamPosition.Left(viewChange.view(), landmark.ui())));
            }
        }
        return highest;
    }

    private Optional<StreamPosition.Left> higher(
            Optional<StreamPosition.Left> one, Optional<StreamPosition.Left> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isPresent() ? one : other;
        }
        return Optional.of(rules.toBeKnown(one.get(), other.get()));
    }

    /** The position that a vote is for; empty for other messages. */
    static Optional<SequenceNumber> sequenceNumberOf(ReplicaMessage message) {
        if (message instanceof MinPrepare prepare) {
            return Optional.of(prepare.sequenceNumber());
        }
        if (message instanceof MinCommit commit) {
            return Optional.of(commit.prepare().sequenceNumber());
        }
        return Optional.empty();
    }
}
