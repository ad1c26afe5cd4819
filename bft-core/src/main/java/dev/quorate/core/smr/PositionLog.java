package dev.quorate.core.smr;

import dev.quorate.core.SequenceNumber;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The message log, position by position (Castro and Liskov 1999, section 4.2).
 *
 * <p>Bound: a window's length of positions above the stable checkpoint {@code h}; and below it, down to a window's
 * length, those that this replica has not executed: the others being a little faster must not cost it what it holds.
 *
 * @param <S> what a protocol holds for one position
 */
public final class PositionLog<S> {
    private final Window window;
    private final Execution execution;
    private final Function<SequenceNumber, S> slot;
    private final NavigableMap<SequenceNumber, S> slots = new TreeMap<>();

    /** @param slot makes one that holds nothing yet */
    public PositionLog(Window window, Execution execution, Function<SequenceNumber, S> slot) {
        this.window = window;
        this.execution = execution;
        this.slot = slot;
    }

    /** The last position that is not kept any more. */
    private SequenceNumber floor() {
        long unexecuted = Math.min(window.low().value(), execution.scheduled().value());
        return new SequenceNumber(Math.max(unexecuted, window.low().value() - window.length()));
    }

    public boolean accepts(SequenceNumber at) {
        return at.isAfter(floor()) && !at.isAfter(window.high());
    }

    /** The slot at a position that is {@linkplain #accepts accepted}; a new one if there is none. */
    public S slot(SequenceNumber at) {
        return slots.computeIfAbsent(at, slot);
    }

    public Optional<S> find(SequenceNumber at) {
        return Optional.ofNullable(slots.get(at));
    }

    /** All slots, in order; a copy. */
    public List<S> all() {
        return new ArrayList<>(slots.values());
    }

    /** The slots after {@code at}, in order; a view. */
    public Collection<S> after(SequenceNumber at) {
        return Collections.unmodifiableCollection(slots.tailMap(at, false).values());
    }

    /** The highest position that something is held for, or the last one executed where nothing is under way. */
    public SequenceNumber highest() {
        return slots.isEmpty() ? execution.executed() : slots.lastKey();
    }

    /** The highest position with such a slot, or the last one executed. */
    public SequenceNumber highest(Predicate<S> such) {
        for (Map.Entry<SequenceNumber, S> entry : slots.descendingMap().entrySet()) {
            if (such.test(entry.getValue())) {
                return entry.getKey();
            }
        }
        return execution.executed();
    }

    /** Whether anything is held beyond {@code at}. */
    public boolean reachesBeyond(SequenceNumber at) {
        return !slots.isEmpty() && slots.lastKey().isAfter(at);
    }

    /** Lets go of what is not kept any more. */
    public void discard() {
        SequenceNumber floor = floor();
        // Asked after every event; there is something to discard after few of them.
        while (!slots.isEmpty() && !slots.firstKey().isAfter(floor)) {
            slots.pollFirstEntry();
        }
    }

    /** How many positions something is held for. */
    public int size() {
        return slots.size();
    }
}
