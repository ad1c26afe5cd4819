package dev.quorate.sample.kv.cli;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.storage.Condition;
import dev.quorate.core.storage.Finding;
import dev.quorate.core.storage.StoreCheck;
import dev.quorate.core.storage.StoreException;
import dev.quorate.core.storage.StoreOwner;
import dev.quorate.core.storage.disk.DirectoryDisk;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code kv verify}. */
@Command(
        name = "verify",
        description = {
            "Read all of the store of a replica that does not run, and say what is wrong with it. Changes nothing.",
            "A replica checks its store at each start, too, except for the contents of its snapshots."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the store is sound",
            "1:something is damaged, but the replica remembers all that binds it, and mends the rest when it is started",
            "2:the store could not be checked, for example because the replica runs",
            "4:the replica has forgotten what it said: it counts as faulty when it is started"
        })
final class VerifyCommand implements Callable<Integer> {
    static final int DAMAGED = 1;
    static final int FORGOTTEN = 4;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ReplicaChoice choice;

    @Override
    public Integer call() throws IOException {
        ClusterFolder folder = choice.folder();
        int id = choice.id();
        ClusterConfig config = folder.config();
        folder.requireReplica(config, id);
        StoreCheck.Report report = StoreCheck.check(new DirectoryDisk(folder.storeDirectory(id)));
        StoreOwner expected = new StoreOwner(config.clusterId(), new ReplicaId(id));
        if (report.owner().isPresent() && !report.owner().get().equals(expected)) {
            throw new StoreException(
                    StoreException.Reason.FOREIGN,
                    folder.storeDirectory(id) + " is the store of "
                            + report.owner().get() + ", not of " + expected);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (report.condition() == Condition.FRESH) {
            return explainEmpty(out, folder, id);
        }
        out.println(report);
        for (Finding.Category category : Finding.Category.values()) {
            if (report.findings().stream().anyMatch(finding -> finding.category() == category)) {
                out.println(category + ": " + meaning(category));
            }
        }
        if (report.condition() == Condition.LOST || report.condition() == Condition.REJOINING) {
            return FORGOTTEN;
        }
        return report.isSound() ? 0 : DAMAGED;
    }

    private static int explainEmpty(PrintWriter out, ClusterFolder folder, int id) {
        if (Files.exists(folder.firstStart(id))) {
            out.println("replica " + id + " was never started, so there is nothing in " + folder.storeDirectory(id)
                    + " to be checked");
            return 0;
        }
        out.println("There is nothing in " + folder.storeDirectory(id) + ", but replica " + id
                + " has run before: its store was lost");
        return FORGOTTEN;
    }

    private static String meaning(Finding.Category category) {
        return switch (category) {
            case CUT -> "written when the replica ended, and never said to anybody; nothing is lost";
            case REPAIRABLE ->
                "damaged, but nothing that binds the replica; it is mended from what is left here, or by"
                        + " the other replicas";
            case AMNESIA ->
                "what binds the replica is lost. Copy the folder if you want to know what happened: the next"
                        + " start begins anew";
        };
    }
}
