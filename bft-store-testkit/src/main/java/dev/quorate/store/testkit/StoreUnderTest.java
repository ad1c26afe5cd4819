package dev.quorate.store.testkit;

import dev.quorate.core.storage.Condition;
import dev.quorate.core.storage.StoreProvider;

/** The place of one store, and what may happen to the process that uses it. */
public interface StoreUnderTest {
    /** What opens the store that is in this place; the same store every time. */
    StoreProvider provider();

    /**
     * Ends the process that has the store open, at this very instant, without any chance to write anything more. What was
     * opened before is not used any more.
     */
    void kill() throws Exception;

    /**
     * What such a store is after it was used and opened again: {@link Condition#INTACT} if it remembers,
     * {@link Condition#LOST} if it only remembers that it was used, {@link Condition#FRESH} if not even that.
     */
    Condition afterwards();
}
