package dev.quorate.sample.kv.cli;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ClusterConfig.ReplicaInfo;
import dev.quorate.core.Identity;
import dev.quorate.core.Protocol;
import dev.quorate.core.Replica;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.storage.Durability;
import dev.quorate.core.storage.FileStore;
import dev.quorate.core.storage.StoreException;
import dev.quorate.sample.kv.KeyValueStore;
import dev.quorate.usig.UsigStateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kv replica}: one replica, in the foreground. */
@Command(
        name = "replica",
        description = {
            "Run one replica in the foreground, until Ctrl-C or SIGTERM.",
            "Logs go to standard error; the environment variable KV_LOG sets their level (default: INFO)."
        })
final class ReplicaCommand implements Callable<Integer> {
    private static final long CHECK_MILLIS = 200;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ReplicaChoice choice;

    @Option(
            names = "--durability",
            paramLabel = "MODE",
            defaultValue = "sync",
            converter = DurabilityName.class,
            description = DurabilityName.DESCRIPTION)
    private Durability durability;

    @Option(
            names = "--bootstrap",
            description = "This replica never ran before, although replica-ID.new, which says so, is not there.")
    private boolean bootstrap;

    /** A process that is killed cannot end its children; they notice by this that it is gone. */
    @Option(names = "--until-end-of-input", hidden = true)
    private boolean untilEndOfInput;

    @Override
    public Integer call() throws Exception {
        if (System.getenv("KV_LOG") == null) {
            System.setProperty("KV_LOG", "INFO");
        }
        ClusterFolder folder = choice.folder();
        int id = choice.id();
        ClusterConfig config = folder.config();
        Identity identity = folder.replicaIdentity(config, id);
        ReplicaInfo self = config.replica(new ReplicaId(id));
        String address = self.host() + ":" + self.port();
        Path firstStart = folder.firstStart(id);
        Replica.Builder builder = Replica.builder()
                .cluster(config)
                .identity(identity)
                .service(new KeyValueStore(folder.storeBytes()))
                .storage(FileStore.in(folder.storeDirectory(id), durability))
                .bootstrap(bootstrap || Files.exists(firstStart));
        if (config.protocol() == Protocol.MINBFT) {
            builder.usig(folder.usigDirectory(id));
        }
        Replica replica = start(builder);
        Files.deleteIfExists(firstStart);
        return serve(replica, address);
    }

    private static Replica start(Replica.Builder builder) {
        try {
            return builder.start();
        } catch (UsigStateException e) {
            throw CliException.mistake(e.getMessage(), e);
        } catch (StoreException e) {
            throw e.reason() == StoreException.Reason.FAILED
                    ? CliException.failure(e.getMessage(), e)
                    : CliException.mistake(e.getMessage(), e);
        } catch (IOException e) {
            throw CliException.mistake(e.getMessage() + " (does it run already?)", e);
        }
    }

    private int serve(Replica replica, String address) throws InterruptedException {
        Thread stop = new Thread(() -> {
            replica.close();
            // The exit code of a signal would say that something went wrong.
            Runtime.getRuntime().halt(0);
        });
        Runtime.getRuntime().addShutdownHook(stop);
        if (untilEndOfInput) {
            exitAtEndOfInput();
        }
        spec.commandLine().getOut().println("replica " + choice.id() + " listens on " + address);
        while (replica.isRunning()) {
            Thread.sleep(CHECK_MILLIS);
        }
        try {
            Runtime.getRuntime().removeShutdownHook(stop);
        } catch (IllegalStateException e) {
            // It does not run because the process is ending already, as it should.
            stop.join();
        }
        replica.close();
        throw CliException.failure("replica " + choice.id() + " has stopped by itself; its log says why");
    }

    private static void exitAtEndOfInput() {
        Thread watch = new Thread(
                () -> {
                    try {
                        System.in.transferTo(java.io.OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        // Whoever started this process is gone all the same.
                    }
                    System.exit(0);
                },
                "end-of-input");
        watch.setDaemon(true);
        watch.start();
    }
}
