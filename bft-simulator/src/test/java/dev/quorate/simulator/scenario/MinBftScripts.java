package dev.quorate.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limit;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.wire.Sealer;
import dev.quorate.simulator.node.CoreFactory;
import dev.quorate.simulator.node.Ending;
import java.time.Duration;
import java.util.Optional;

/** Histories of MinBFT that are about several replicas. Each is played with the state machines of its caller's choice. */
public final class MinBftScripts {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration LATER = Duration.ofSeconds(60);

    private MinBftScripts() {}

    private static Scenario.Builder three() {
        return Scenario.minbft(3).limit(Limit.CHECKPOINT_INTERVAL, 4).limit(Limit.WINDOW, 8);
    }

    private static void invoke(Scenario scenario, int times) {
        ScriptedClient client = scenario.client(0);
        for (int i = 0; i < times; i++) {
            int results = client.results().size();
            client.invoke("add x 1");
            scenario.runUntil(() -> client.results().size() > results, LATER);
        }
    }

    private static void runUntilAlike(Scenario scenario, int one, int other) {
        scenario.runUntil(
                () -> scenario.status(one)
                        .executed()
                        .equals(scenario.status(other).executed()),
                LATER);
    }

    /**
     * B2: two replicas have moved their windows past the third one, and forgotten what it lacks; then one of them falls
     * silent. The other one alone can tell the third where the streams begin, and with it goes on.
     */
    public static void b2OneIsLeftWhoCanAnswer(CoreFactory cores) {
        Scenario scenario = three().cores(cores).start();
        Valve lagging = scenario.lose(Flow.all().to(2));
        invoke(scenario, 20);
        assertThat(scenario.status(1).stable().value()).isPositive();
        assertThat(scenario.status(2).executed().value()).isZero();

        scenario.lose(Flow.all().across(0));
        lagging.open();
        invoke(scenario, 1);

        assertThat(scenario.client(0).results().get(21L)).isEqualTo("21");
        assertThat(scenario.executed(2)).isNotEmpty();
    }

    /** B3: the streams of two replicas wait for what the third one lacks; their CHECKPOINTs move its window. */
    public static void b3CheckpointsOfBlockedStreams(CoreFactory cores) {
        Scenario scenario = three().cores(cores).start();
        // Only what was said first is missing, but everything that follows waits for it.
        Valve missing = scenario.hold(
                Flow.of(MinPrepare.class, p -> p.sequenceNumber().value() == 1).to(2));
        Valve votes = scenario.hold(
                Flow.of(MinCommit.class, c -> c.prepare().sequenceNumber().value() == 1)
                        .to(2));
        invoke(scenario, 20);

        scenario.runUntil(() -> scenario.status(2).stable().value() >= 16, SOON);
        missing.open();
        votes.open();
        scenario.runUntil(() -> scenario.status(2).executed().value() == 20, LATER);
    }

    /**
     * B8: while a replica is away, another one rejoins with a USIG of a new epoch, and begins a view with it. All
     * certificates name what it has left; the one that was away does not know that USIG before it has the state.
     */
    public static void b8AwayAcrossAnEpoch(CoreFactory cores) {
        Scenario scenario = Scenario.minbft(5)
                .limit(Limit.CHECKPOINT_INTERVAL, 4)
                .limit(Limit.WINDOW, 8)
                .cores(cores)
                .start();
        invoke(scenario, 3);
        scenario.replica(4).crash(Ending.KILLED);
        scenario.replica(1).crash(Ending.POWER_LOST);
        scenario.replica(1).restart(false);
        scenario.runUntil(() -> scenario.count("notice: Rejoined") == 1, LATER);
        Valve silent = scenario.lose(Flow.all().across(0));
        invoke(scenario, 10);
        assertThat(scenario.status(1).view()).isEqualTo(new View(1));

        scenario.restart(4);
        runUntilAlike(scenario, 1, 4);
        silent.open();
        scenario.lose(Flow.all().across(2));
        scenario.lose(Flow.all().across(3));
        invoke(scenario, 10);
        runUntilAlike(scenario, 1, 4);
    }

    /** U2: a primary gives two batches one counter, one of them with a certificate that its USIG did not make. */
    public static void u2ForgedUis(CoreFactory cores) {
        Scenario scenario = Scenario.minbft(3).played(0).clients(2).cores(cores).start();
        PlayedReplica primary = scenario.played(0);
        Sealer forger = scenario.withForgedUsig(0);
        Batch one = PlayedReplica.batch(scenario.client(0).sign(1, "put x 5"));
        Batch other = PlayedReplica.batch(scenario.client(1).sign(1, "put x 6"));
        Valve apart = scenario.hold(Flow.all().amongReplicas().from(1, 2));

        primary.send(primary.seal(prepare(one)), 1);
        primary.send(forger.seal(prepare(other)), 2);
        scenario.runFor(Duration.ofMillis(100));
        apart.open();

        scenario.runUntil(
                () -> !scenario.executed(1).isEmpty() && !scenario.executed(2).isEmpty(), LATER);
        assertThat(scenario.executed(2).get(0)).isEqualTo(scenario.executed(1).get(0));
    }

    private static MinPrepare prepare(Batch batch) {
        return new MinPrepare(
                new ReplicaId(0), View.ZERO, new SequenceNumber(1), batch.digest(), 0, Optional.of(batch));
    }

    /** U11: exactly {@code f+1} replicas are left, and one of them is slow. */
    public static void u11OneOfTheLastIsSlow(CoreFactory cores) {
        Scenario scenario = three().cores(cores).start();
        scenario.lose(Flow.all().across(0));
        Valve slow = scenario.hold(Flow.all().across(2).amongReplicas());
        ScriptedClient client = scenario.client(0);
        client.invoke("put x 5");
        scenario.runFor(Duration.ofSeconds(3));
        assertThat(client.results()).isEmpty();

        slow.open();
        scenario.runUntil(() -> client.results().size() == 1, LATER);
        assertThat(client.results().get(1L)).isEqualTo("ok");
    }
}
