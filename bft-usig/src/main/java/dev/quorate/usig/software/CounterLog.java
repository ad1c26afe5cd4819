package dev.quorate.usig.software;

import dev.quorate.crypto.Digest;
import java.io.IOException;

/** Where a counter is kept. After an exception its state is unknown. */
interface CounterLog {
    /** Called before the identifier with {@code counter} exists. */
    void creating(long counter, long confirmed, Digest message) throws IOException;

    /** Called once, before the state is given up in good order. */
    void closing(long confirmed) throws IOException;
}
