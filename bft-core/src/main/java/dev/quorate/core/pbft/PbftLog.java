package dev.quorate.core.pbft;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.PreparedCertificate;
import dev.quorate.core.quorum.VoteCollector;
import dev.quorate.core.smr.Execution;
import dev.quorate.core.smr.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
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

    Optional<Slot> find(SequenceNumber at) {
        return Optional.ofNullable(slots.get(at));
    }

    Optional<Batch> committed(SequenceNumber at) {
        return find(at).flatMap(Slot::committedBatch);
    }

    /** All slots, in order; a copy. */
    List<Slot> all() {
        return new ArrayList<>(slots.values());
    }

    /** The slots after {@code at}, in order. */
    Iterable<Slot> after(SequenceNumber at) {
        return slots.tailMap(at, false).values();
    }

    /** {@code P} of a VIEW-CHANGE: what prepared above the stable checkpoint. */
    List<PreparedCertificate> prepared() {
        return slots.tailMap(window.low(), false).values().stream()
                .map(slot -> slot.certificate)
                .filter(Objects::nonNull)
                .toList();
    }

    /** The highest position with an accepted proposal, or the last one executed where nothing is under way. */
    SequenceNumber ordered() {
        for (Slot slot : slots.descendingMap().values()) {
            if (slot.proposal != null) {
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
        SequenceNumber floor = floor();
        // Asked after every event; there is something to discard after few of them.
        while (!slots.isEmpty() && !slots.firstKey().isAfter(floor)) {
            slots.pollFirstEntry();
        }
    }

    int size() {
        return slots.size();
    }
}
