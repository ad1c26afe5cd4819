package dev.quorate.usig.isolated;

import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigContext;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** The USIG of this process, which begins a new epoch when its replica has lost its memory. For one thread at a time. */
final class ServedUsig implements Closeable {
    private final IsolatedUsigProvider provider = new IsolatedUsigProvider();
    private final Path directory;
    private Usig usig;

    ServedUsig(Path directory) throws IOException {
        this.directory = directory;
        usig = provider.openInner(directory);
    }

    Usig get() {
        return usig;
    }

    /**
     * Throws away counter and key, and begins {@code epoch}. A compromised replica gains nothing by that: the others
     * believe the new key when they have executed its REJOIN, and the old one signs nothing any more.
     *
     * @throws IllegalArgumentException if that epoch has begun already
     */
    void renew(long epoch) throws IOException {
        long current = usig.identity().epoch();
        if (epoch <= current) {
            throw new IllegalArgumentException(
                    "the USIG is in epoch " + current + ": the new epoch has to be higher than that, not " + epoch);
        }
        usig.close();
        provider.renewHere(new UsigContext(directory), epoch);
        usig = provider.openInner(directory);
    }

    @Override
    public void close() throws IOException {
        usig.close();
    }
}
