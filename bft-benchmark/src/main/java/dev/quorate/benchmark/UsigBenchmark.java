package dev.quorate.benchmark;

import dev.quorate.crypto.Digest;
import dev.quorate.usig.UniqueIdentifier;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigContext;
import dev.quorate.usig.UsigProvider;
import dev.quorate.usig.UsigVerifier;
import dev.quorate.usig.isolated.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a trusted counter costs: an identifier created and confirmed, and one verified. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class UsigBenchmark {
    private static final Digest MESSAGE = Digest.sha256(new byte[] {1});

    /** The provider, and for software where the counter is kept. */
    @Param({"hmac log", "hmac synced", "ed25519 log", "ed25519 synced", "isolated"})
    public String kind;

    private Path folder;
    private Process process;
    private Usig usig;
    private UsigVerifier verifier;
    private UniqueIdentifier ui;

    @Setup
    public void open() throws IOException {
        // Where the disk is, not in a temporary folder that may be in memory.
        folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "usig-benchmark");
        String[] words = kind.split(" ", 2);
        Map<String, String> settings = new TreeMap<>();
        if (words.length == 2) {
            settings.put("counter", words[1]);
        }
        UsigContext context = new UsigContext(folder.resolve("usig"), settings);
        UsigProvider provider = UsigProvider.named(words[0]);
        verifier = provider.verifier(context, provider.init(context, 0));
        if (kind.equals("isolated")) {
            serve(context.directory());
        }
        usig = provider.open(context, Optional.empty());
        ui = usig.createUi(MESSAGE);
    }

    private void serve(Path directory) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "serve",
                        directory.toString(),
                        "--until-end-of-input")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.inputReader().readLine();
    }

    @TearDown
    public void close() throws IOException, InterruptedException {
        usig.close();
        if (process != null) {
            process.destroy();
            process.waitFor();
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Benchmark
    public UniqueIdentifier createUi() throws IOException {
        UniqueIdentifier created = usig.createUi(MESSAGE);
        // As a replica does: not each by itself.
        if (created.counter() % 256 == 0) {
            usig.confirm(created.counter());
        }
        return created;
    }

    @Benchmark
    public boolean verify() {
        return verifier.verify(MESSAGE, ui);
    }
}
