package dev.quorate.transport.channel;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Bounds how many handshakes with one replica are under way at a time in one process. Hundreds of clients that start
 * together would otherwise all shake hands at once, each so slowly that none is done in time. Thread-safe.
 */
public final class DialLimit {
    private final int most;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int underWay;

    public DialLimit(int most) {
        this.most = most;
    }

    /** Runs {@code dial}, which must not block, as soon as there is room; afterwards {@link #release()} is due. */
    void acquire(Runnable dial) {
        synchronized (this) {
            if (underWay >= most) {
                waiting.add(dial);
                return;
            }
            underWay++;
        }
        dial.run();
    }

    /** A handshake has ended, well or badly: the next one's turn. */
    void release() {
        Runnable next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                underWay--;
                return;
            }
        }
        next.run();
    }
}
