package dev.quorate.simulator.journal;

import dev.quorate.crypto.Digest;
import dev.quorate.simulator.kernel.RunDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Takes down what happens: all of it into the digest, the last of it to read, and everything to listeners. */
public final class Journal {
    private final int kept;
    private final Deque<SimEvent> last = new ArrayDeque<>();
    private final RunDigest digest = new RunDigest();
    private final List<Consumer<SimEvent>> listeners = new ArrayList<>();
    private long events;

    /** A journal that keeps the last {@code kept} events. */
    public Journal(int kept) {
        this.kept = kept;
    }

    public void add(SimEvent event) {
        events++;
        event.addTo(digest);
        if (last.size() == kept) {
            last.removeFirst();
        }
        last.addLast(event);
        for (Consumer<SimEvent> listener : listeners) {
            listener.accept(event);
        }
    }

    /** From now on {@code listener} gets every event, in order. */
    public void listen(Consumer<SimEvent> listener) {
        listeners.add(listener);
    }

    public long events() {
        return events;
    }

    public Digest digest() {
        return digest.value();
    }

    /** The last events, each with its time, oldest first. */
    public List<String> lastInWords() {
        List<String> words = new ArrayList<>(last.size());
        for (SimEvent event : last) {
            words.add(String.format(Locale.ROOT, "%12.6f s  %s", event.atNanos() / 1e9, event.words()));
        }
        return words;
    }
}
