package dev.quorate.transport.channel;

import java.util.concurrent.Future;

/** For futures whose outcome is learned otherwise: a channel that fails is closed, and its close is noticed. */
final class Futures {
    private Futures() {}

    static void ignore(Future<?> future) {
        // Nothing depends on it.
    }
}
