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
import dev.quorate.usig.UsigDurability;
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

    /** U3: the counter of one replica is gone after a crash, though its disk is not: it rejoins, and then is needed. */
    public static void u3VolatileCounter(CoreFactory cores) {
        Scenario scenario =
                three().usig(1, UsigDurability.VOLATILE).cores(cores).start();
        invoke(scenario, 10);
        for (int life = 2; life <= 3; life++) {
            long before = scenario.count("notice: Rejoined");
            scenario.replica(1).crash(Ending.KILLED);
            scenario.runFor(SOON);
            scenario.restart(1);
            assertThat(scenario.count("USIG: a volatile counter is lost")).isEqualTo(life - 1);
            invoke(scenario, 1);
            scenario.runUntil(() -> scenario.count("notice: Rejoined") > before, LATER);
        }

        // Its log has what 1 said with three USIGs.
        scenario.replica(2).crash(Ending.KILLED);
        scenario.restart(2);
        scenario.lose(Flow.all().across(0));
        invoke(scenario, 3);
        assertThat(scenario.client(0).results().get(15L)).isEqualTo("15");
    }

    /** C7: two of three have lost their counters at once: nobody can order their REJOINs, and they say so. */
    public static void c7TooManyWithoutCounters(CoreFactory cores) {
        Scenario scenario = three().limit(Limit.CLIENT_TIMEOUT, 3_600_000)
                .usigs(UsigDurability.VOLATILE)
                .cores(cores)
                .start();
        invoke(scenario, 10);
        for (int lost = 1; lost <= 2; lost++) {
            scenario.replica(lost).crash(Ending.KILLED);
        }
        scenario.restart(1);
        scenario.restart(2);
        scenario.client(0).invoke("add x 1");

        scenario.runUntil(() -> scenario.count("notice: TooManyRejoin") > 0, LATER);
        scenario.runFor(LATER);
        assertThat(scenario.count("notice: Rejoined")).isZero();
        assertThat(scenario.client(0).results()).hasSize(10);
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
