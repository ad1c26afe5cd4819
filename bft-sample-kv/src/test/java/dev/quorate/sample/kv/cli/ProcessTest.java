package dev.quorate.sample.kv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Protocol;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How processes begin and end. */
class ProcessTest {
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    private Path folder;

    @Test
    void aReplicaThatIsAskedToStopEndsWithExitCode0() throws Exception {
        ClusterFolder.create(folder, Protocol.PBFT, FreePorts.find(4), 1);
        Process replica = Cli.start("replica", folder.toString(), "0");
        readUntil(replica.inputReader(), line -> line.startsWith("replica 0 listens on 127.0.0.1:"));
        replica.destroy();
        assertThat(exitCode(replica)).isZero();
    }

    @Test
    void aReplicaEndsWithItsParent() throws Exception {
        ClusterFolder.create(folder, Protocol.PBFT, FreePorts.find(4), 1);
        Process replica = Cli.start("replica", folder.toString(), "0", "--until-end-of-input");
        readUntil(replica.inputReader(), line -> line.startsWith("replica 0 listens on "));
        replica.getOutputStream().close();
        assertThat(exitCode(replica)).isZero();
    }

    @Test
    void theDemoSucceedsAndLeavesNothing() throws Exception {
        Cli.Ended demo = Cli.runProcess("demo");
        assertThat(demo.out())
                .contains("replica 3 is dead.")
                .contains("It has caught up")
                .contains("replica 0 is dead.")
                .containsPattern("All \\d+ keys have the value that was written last.")
                .contains("Done after");
        assertThat(demo.exitCode()).isZero();
        assertNothingLeft(demo.out(), 4);
    }

    @Test
    void theDemoOfMinBftSucceedsAndLeavesNothing() throws Exception {
        Cli.Ended demo = Cli.runProcess("demo", "--protocol", "minbft");
        assertThat(demo.out())
                .contains("Each has a trusted counter (USIG) of the kind 'ed25519'.")
                .contains("replica 2 is dead.")
                .contains("It has caught up")
                .contains("replica 0 is dead.")
                .containsPattern("All \\d+ keys have the value that was written last.")
                .contains("Done after");
        assertThat(demo.exitCode()).isZero();
        assertNothingLeft(demo.out(), 3);
    }

    @Test
    void theDemoLeavesNothingWhenItIsInterrupted() throws Exception {
        Process demo = Cli.start("demo");
        String out = readUntil(demo.inputReader(), line -> line.contains("All are connected"));
        assertThat(pids(out)).hasSize(4);
        demo.destroy();
        assertThat(exitCode(demo)).isNotZero();
        assertNothingLeft(out, 4);
    }

    @Test
    void replicasDoNotOutliveADemoThatIsKilled() throws Exception {
        Process demo = Cli.start("demo");
        String out = readUntil(demo.inputReader(), line -> line.contains("All are connected"));
        demo.destroyForcibly();
        assertThat(exitCode(demo)).isNotZero();
        Awaitility.await()
                .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .until(() -> pids(out).stream().noneMatch(ProcessTest::isAlive));
        LocalCluster.delete(temporaryFolder(out));
    }

    private static void assertNothingLeft(String out, int replicas) {
        assertThat(pids(out)).hasSize(replicas).noneMatch(ProcessTest::isAlive);
        assertThat(temporaryFolder(out)).doesNotExist();
    }

    private static List<Long> pids(String out) {
        List<Long> pids = new ArrayList<>();
        Matcher pid = Pattern.compile("pid (\\d+)").matcher(out);
        while (pid.find()) {
            pids.add(Long.parseLong(pid.group(1)));
        }
        return pids;
    }

    private static Path temporaryFolder(String out) {
        Matcher path = Pattern.compile("configuration are in (\\S+)").matcher(out);
        assertThat(path.find()).as(out).isTrue();
        return Path.of(path.group(1));
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    /** Reads lines up to the first that matches; returns them all. Fails if there is none. */
    private static String readUntil(BufferedReader in, Predicate<String> last) throws IOException {
        StringBuilder lines = new StringBuilder();
        String line;
        do {
            line = in.readLine();
            assertThat(line).as("after: %s", lines).isNotNull();
            lines.append(line).append('\n');
        } while (!last.test(line));
        return lines.toString();
    }

    private static int exitCode(Process process) throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
