package dev.quorate.transport;

import dev.quorate.core.Operation;
import dev.quorate.core.ReplicatedService;
import dev.quorate.core.SnapshotReader;
import dev.quorate.core.SnapshotWriter;
import dev.quorate.core.StateView;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A service without any state to speak of, which is written only once a test says so. */
public final class SlowlyWritten implements ReplicatedService {
    /** What is written at last. */
    public static byte[] state() {
        return new byte[] {1, 2, 3};
    }

    private final CountDownLatch mayWrite = new CountDownLatch(1);
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger mostOpen = new AtomicInteger();
    private final AtomicInteger restored = new AtomicInteger();
    private volatile boolean failing;

    /** From now on views are written. */
    public void writeOn() {
        mayWrite.countDown();
    }

    public void failWriting() {
        failing = true;
    }

    public int openViews() {
        return open.get();
    }

    public int mostOpenViews() {
        return mostOpen.get();
    }

    public int restored() {
        return restored.get();
    }

    @Override
    public byte[] execute(Operation operation) {
        return operation.toByteArray();
    }

    @Override
    public Optional<StateView> freeze() {
        mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
        return Optional.of(new StateView() {
            @Override
            public void write(SnapshotWriter out) throws IOException {
                try {
                    mayWrite.await();
                } catch (InterruptedException e) {
                    throw new InterruptedIOException("the replica stops");
                }
                if (failing) {
                    throw new IOException("a test says so");
                }
                out.write(state());
            }

            @Override
            public void close() {
                open.decrementAndGet();
            }
        });
    }

    @Override
    public void snapshot(SnapshotWriter out) {
        throw new AssertionError("it hands out views");
    }

    @Override
    public void restore(SnapshotReader in) throws IOException {
        in.readAllBytes();
        restored.incrementAndGet();
    }
}
