package dev.quorate.core.minbft;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.Batch;
import dev.quorate.core.smr.Execution;
import dev.quorate.core.smr.Window;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is under way, position by position.
 *
 * <p>Bound: a window's length of positions above the stable checkpoint {@code h}; and below it, down to a window's
 * length, those that this replica has not executed.
 */
final class MinLog {
    private final Window window;
    private final Execution execution;
    private final NavigableMap<SequenceNumber, MinSlot> slots = new TreeMap<>();

    MinLog(Window window, Execution execution) {
        this.window = window;
        this.execution = execution;
    }

    private SequenceNumber floor() {
        long unexecuted = Math.min(window.low().value(), execution.scheduled().value());
        return new SequenceNumber(Math.max(unexecuted, window.low().value() - window.length()));
    }

    boolean accepts(SequenceNumber at) {
        return at.isAfter(floor()) && !at.isAfter(window.high());
    }

    /** The slot at a position that is {@linkplain #accepts accepted}; a new one if there is none. */
    MinSlot slot(SequenceNumber at) {
        return slots.computeIfAbsent(at, MinSlot::new);
    }

    Optional<MinSlot> find(SequenceNumber at) {
        return Optional.ofNullable(slots.get(at));
    }

    Optional<Batch> committed(SequenceNumber at) {
        return find(at).flatMap(MinSlot::committedBatch);
    }

    /** Whether anything is held beyond {@code at}. */
    boolean reachesBeyond(SequenceNumber at) {
        return !slots.isEmpty() && slots.lastKey().isAfter(at);
    }

    /** The highest position that something is held for, or the last one executed. */
    SequenceNumber highest() {
        return slots.isEmpty() ? execution.executed() : slots.lastKey();
    }

    void discard() {
        if (!slots.isEmpty()) {
            slots.headMap(floor(), true).clear();
        }
    }

    int size() {
        return slots.size();
    }
}
