package dev.quorate.simulator;

import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.kernel.Randomness;

/** Makes up the operations that simulated clients ask for. */
@FunctionalInterface
public interface OperationGenerator {
    /**
     * The next operation, drawn from {@code random} alone. Few keys and few values, which come back, find the most: a
     * wrong read of a value that was there before can happen only where values repeat.
     */
    Bytes next(Randomness random);
}
