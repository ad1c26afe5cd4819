package dev.quorate.usig.testkit;

import dev.quorate.usig.UsigContext;
import dev.quorate.usig.UsigProvider;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * All that a USIG has to do, as JUnit tests: extend this, implement {@link #provider}, and run it.
 *
 * <pre>{@code
 * class MyUsigTest extends UsigContract {
 *     @Override
 *     protected UsigProvider provider() {
 *         return new MyUsigProvider();
 *     }
 * }
 * }</pre>
 *
 * <p>A USIG that lives in the process of the tests, with its state in its directory, needs nothing else. One that has a
 * process or a device beside it overrides {@link #start}, {@link #stop} and {@link #crash}. What the tests expect after a
 * restart follows from what the USIG says of its durability.
 */
public abstract class UsigContract
        implements CertificateContract, CounterContract, RestartContract, StateContract, HasWorkbench {
    @TempDir
    private Path folder;

    private Workbench bench;

    /** What is tested. */
    protected abstract UsigProvider provider();

    /** The provider's settings. */
    protected Map<String, String> settings() {
        return Map.of();
    }

    /** Starts whatever has to run before the USIG in this context can be opened. It has been initialised. */
    protected void start(UsigContext context) throws Exception {
        // Nothing, for one in this process.
    }

    /** Stops that in good order. Called for every context at the end of a test too, and then perhaps again. */
    protected void stop(UsigContext context) throws Exception {
        // Nothing, for one in this process.
    }

    /**
     * Brings the USIG down at this very instant, without any chance to write or say anything more, and makes it ready to
     * be opened again. Returns where: here, a copy of the directory as it is at this instant. What was opened before is
     * not used any more.
     */
    protected UsigContext crash(UsigContext context) throws Exception {
        return new UsigContext(bench.copyOf(context.directory()), context.settings());
    }

    /** In how many places each file of the USIG's directory is damaged, one at a time. */
    protected int damagedPlaces() {
        return 64;
    }

    @BeforeEach
    final void setUp() {
        bench = new Workbench(this, folder);
    }

    @AfterEach
    final void tidyUp() throws Exception {
        bench.close();
    }

    @Override
    public final Workbench bench() {
        return bench;
    }
}
