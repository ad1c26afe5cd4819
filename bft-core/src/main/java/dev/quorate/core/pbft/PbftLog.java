package dev.quorate.core.pbft;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.Batch;
import dev.quorate.core.quorum.VoteCollector;
import dev.quorate.core.smr.Execution;
import dev.quorate.core.smr.Window;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The message log, position by position (Castro and Liskov 1999, section 4.2).
 *
 * <p>Bound: a window's length of positions above the stable checkpoint {@code h}; and below it, down to a window's
 * length, those that this replica has not executed: the others being a little faster must not cost it what it holds.
 */
final class PbftLog {
    private final Window window;
    private final Execution execution;
    private final VoteCollector.Factory votes;
    private final NavigableMap<SequenceNumber, Slot> slots = new TreeMap<>();

    PbftLog(Window window, Execution execution, VoteCollector.Factory votes) {
        this.window = window;
        this.execution = execution;
        this.votes = votes;
    }

    /** The last position that is not kept any more. */
    private SequenceNumber floor() {
        long unexecuted = Math.min(window.low().value(), execution.scheduled().value());
        return new SequenceNumber(Math.max(unexecuted, window.low().value() - window.length()));
    }

    boolean accepts(SequenceNumber at) {
        return at.isAfter(floor()) && !at.isAfter(window.high());
    }

    /** The slot at a position that is {@linkplain #accepts accepted}; a new one if there is none. */
    Slot slot(SequenceNumber at) {
        return slots.computeIfAbsent(at, position -> new Slot(position, votes));
    }

    Optional<Batch> committed(SequenceNumber at) {
        Slot slot = slots.get(at);
        return slot == null ? Optional.empty() : slot.committedBatch();
    }

    /** The slots after {@code at}, in order. */
    Iterable<Slot> after(SequenceNumber at) {
        return slots.tailMap(at, false).values();
    }

    /** The highest position with an accepted proposal, or the last one executed where nothing is under way. */
    SequenceNumber ordered() {
        for (Slot slot : slots.descendingMap().values()) {
            if (slot.prePrepare != null) {
                return slot.sequenceNumber;
            }
        }
        return execution.executed();
    }

    /** Whether anything is held beyond {@code at}. */
    boolean reachesBeyond(SequenceNumber at) {
        return !slots.isEmpty() && slots.lastKey().isAfter(at);
    }

    void discard() {
        slots.headMap(floor(), true).clear();
    }

    int size() {
        return slots.size();
    }
}
