package dev.quorate.usig.testkit;

import dev.quorate.crypto.Digest;
import dev.quorate.usig.IssuedUi;
import dev.quorate.usig.KnownCounter;
import dev.quorate.usig.UniqueIdentifier;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigContext;
import dev.quorate.usig.UsigDurability;
import dev.quorate.usig.UsigIdentity;
import dev.quorate.usig.UsigProvider;
import dev.quorate.usig.UsigVerifier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes, opens, crashes and tidies up the USIGs of one test. */
public final class Workbench {
    private final UsigContract contract;
    private final Path folder;
    private final List<UsigContext> contexts = new ArrayList<>();
    private final List<Usig> opened = new ArrayList<>();
    private int directories;

    Workbench(UsigContract contract, Path folder) {
        this.contract = contract;
        this.folder = folder;
    }

    UsigProvider provider() {
        return contract.provider();
    }

    /** A context whose directory does not exist. */
    UsigContext nowhere() {
        return new UsigContext(folder.resolve("usig-" + directories++), contract.settings());
    }

    /** The USIGs of a cluster of so many replicas, ready to be opened. */
    List<UsigContext> cluster(int replicas) throws Exception {
        List<UsigContext> cluster =
                Stream.generate(this::nowhere).limit(replicas).toList();
        provider().initAll(cluster);
        for (UsigContext context : cluster) {
            start(context);
        }
        return cluster;
    }

    UsigContext usig() throws Exception {
        return cluster(1).get(0);
    }

    void start(UsigContext context) throws Exception {
        contexts.add(context);
        contract.start(context);
    }

    void stop(UsigContext context) throws Exception {
        contract.stop(context);
    }

    Usig open(UsigContext context) throws IOException {
        return open(context, Optional.empty());
    }

    Usig open(UsigContext context, Optional<KnownCounter> known) throws IOException {
        Usig usig = provider().open(context, known);
        opened.add(usig);
        return usig;
    }

    /** Closes a USIG and opens it again, with the knowledge of a log that has everything. */
    Usig reopen(UsigContext context, Usig usig) throws IOException {
        Optional<KnownCounter> known = known(usig);
        usig.close();
        return open(context, known);
    }

    /** Crashes a USIG; returns where it is to be opened. */
    UsigContext crash(UsigContext context) throws Exception {
        UsigContext after = contract.crash(context);
        contexts.add(after);
        return after;
    }

    /** What a log knows that has everything. */
    static Optional<KnownCounter> known(Usig usig) {
        return Optional.of(new KnownCounter(usig.identity().epoch(), usig.lastCounter()));
    }

    UsigVerifier verifier(UsigContext context, UsigIdentity identity) throws IOException {
        return provider().verifier(context, identity);
    }

    /** That of the USIG that was opened last. */
    UsigDurability durability() {
        return opened.get(opened.size() - 1).durability();
    }

    int damagedPlaces() {
        return contract.damagedPlaces();
    }

    /** A message that differs from all others. */
    static Digest message(long number) {
        return Digest.sha256(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }

    /** Creates identifiers for messages that are numbered like the counters, and confirms none. */
    static List<IssuedUi> create(Usig usig, int count) throws IOException {
        List<IssuedUi> created = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Digest message = message(usig.lastCounter() + 1);
            UniqueIdentifier ui = usig.createUi(message);
            created.add(new IssuedUi(message, ui));
        }
        return created;
    }

    /** A copy of a directory with all that is in it, as it is now. */
    Path copyOf(Path directory) throws IOException {
        Path copy = nowhere().directory();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.toList()) {
                Path to = copy.resolve(directory.relativize(path));
                if (Files.isDirectory(path)) {
                    Files.createDirectories(to);
                } else if (Files.isRegularFile(path)) {
                    Files.copy(path, to, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
        return copy;
    }

    /** Closes and stops everything, also after a failure in between. */
    void close() throws Exception {
        for (Usig usig : opened) {
            try {
                usig.close();
            } catch (IOException e) {
                // It was crashed: there is nothing left to close.
            }
        }
        for (UsigContext context : contexts) {
            contract.stop(context);
        }
    }
}
