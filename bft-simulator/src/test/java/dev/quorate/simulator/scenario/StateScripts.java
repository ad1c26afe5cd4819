package dev.quorate.simulator.scenario;

import static dev.quorate.simulator.scenario.Scripts.LATER;
import static dev.quorate.simulator.scenario.Scripts.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limit;
import dev.quorate.core.Protocol;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.Committed;
import dev.quorate.core.message.FetchState;
import dev.quorate.core.message.StatePart;
import dev.quorate.core.message.Status;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.simulator.node.CoreFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checkpoints and state transfer, by the rows of docs/scenarios.md. */
public final class StateScripts {
    private static final Bytes NONSENSE = Bytes.wrap("nonsense".getBytes(StandardCharsets.US_ASCII));

    private StateScripts() {}

    private static Scenario.Builder small(int replicas, CoreFactory cores) {
        return Scripts.pbft(replicas, cores)
                .limit(Limit.CHECKPOINT_INTERVAL, 4)
                .limit(Limit.WINDOW, 8)
                .limit(Limit.MAX_BATCH_REQUESTS, 1);
    }

    private static void execute(Scenario scenario, int operations) {
        ScriptedClient client = scenario.client(0);
        int expected = client.results().size() + operations;
        for (int i = 0; i < operations; i++) {
            client.invoke("add x 1");
        }
        scenario.runUntil(() -> client.results().size() == expected, LATER);
    }

    private static void runUntilEqual(Scenario scenario, int one, int other) {
        scenario.runUntil(
                () -> scenario.status(one)
                        .executed()
                        .equals(scenario.status(other).executed()),
                LATER);
    }

    /** Answers whatever state the replicas ask of it, once for each question; with what is not so. */
    private static void answer(Scenario scenario, PlayedReplica liar, Set<FetchState> answered) {
        for (Verified<FetchState> fetch : liar.received(FetchState.class)) {
            FetchState asked = fetch.message();
            if (answered.add(asked)) {
                liar.send(
                        liar.seal(new StatePart(liar.id(), asked.sequenceNumber(), asked.part(), NONSENSE)),
                        asked.replica().value());
            }
        }
        scenario.runFor(Duration.ofMillis(10));
    }

    /** G1: a faulty replica vouches for states that nobody has. */
    public static void g1WrongCheckpoints(CoreFactory cores) {
        // Its CHECKPOINTs would be the first ones of any certificate.
        Scenario scenario = small(4, cores).played(0).start();
        PlayedReplica liar = scenario.played(0);
        Digest wrong = Digest.sha256(NONSENSE);
        for (long at = 4; at <= 40; at += 4) {
            liar.broadcast(liar.checkpoint(at, wrong));
        }
        execute(scenario, 40);

        scenario.runUntil(() -> scenario.status(1).stable().value() >= 40, SOON);
        assertThat(scenario.count("notice: Diverged")).isZero();
    }

    /** G3: more replicas than are tolerated vouch for a state that nobody has: nothing gets beyond the window. */
    public static void g3TooManyWrongCheckpoints(CoreFactory cores) {
        Scenario scenario = small(4, cores).played(2, 3).start();
        for (int liar = 2; liar <= 3; liar++) {
            scenario.played(liar).follow();
            for (long at = 4; at <= 12; at += 4) {
                scenario.played(liar).broadcast(scenario.played(liar).checkpoint(at, Digest.sha256(NONSENSE)));
            }
        }
        ScriptedClient client = scenario.client(0);
        for (int i = 0; i < 20; i++) {
            client.invoke("add x 1");
        }

        scenario.runUntil(() -> client.results().size() == 8, LATER);
        scenario.runFor(Duration.ofMinutes(1));
        assertThat(client.results()).hasSize(8);
        // Both correct replicas say so, every twenty status intervals.
        assertThat(scenario.count("notice: CheckpointsStall")).isBetween(4L, 120L);
        assertThat(scenario.status(0).stable()).isEqualTo(SequenceNumber.ZERO);
        assertThat(scenario.count("notice: Diverged")).isZero();
    }

    /** G3: no CHECKPOINT arrives, and the window is used up; that is said, and once they arrive it goes on. */
    public static void g3NoCheckpoints(Protocol protocol, CoreFactory cores) {
        Scenario scenario = CrashScripts.small(protocol, cores).start();
        execute(scenario, 20);
        assertThat(scenario.count("notice: CheckpointsStall")).isZero();
        Valve lost = scenario.lose(Flow.of(Checkpoint.class));
        CrashScripts.ask(scenario, 20);
        scenario.runUntil(() -> scenario.count("notice: CheckpointsStall") >= CrashScripts.replicas(protocol), LATER);
        assertThat(scenario.client(0).isIdle()).isFalse();

        lost.open();
        CrashScripts.finish(scenario, protocol);
        long said = scenario.count("notice: CheckpointsStall");
        scenario.runFor(Duration.ofMinutes(1));
        assertThat(scenario.count("notice: CheckpointsStall")).isEqualTo(said);
    }

    /** G4: five thousand requests while a replica is down; what the others keep does not grow, and it catches up. */
    public static void g4ManyRequestsWhileAReplicaIsDown(CoreFactory cores) {
        Scenario scenario = small(4, cores).limit(Limit.MAX_BATCH_REQUESTS, 16).start();
        Valve down = scenario.lose(Flow.all().across(3));
        for (int round = 0; round < 100; round++) {
            execute(scenario, 50);
            assertThat(scenario.status(0).logEntries()).isLessThanOrEqualTo(16);
        }

        down.open();
        runUntilEqual(scenario, 3, 0);
        assertThat(scenario.count("notice: StateTransferFinished")).isPositive();
    }

    /** T1: a replica that lags beyond what the others keep is needed for the quorum. */
    public static void t1ALaggardIsNeeded(CoreFactory cores) {
        Scenario scenario = small(4, cores).start();
        Valve away = scenario.lose(Flow.all().across(3));
        execute(scenario, 40);

        away.open();
        scenario.lose(Flow.all().across(1));
        execute(scenario, 10);

        assertThat(scenario.client(0).results().get(50L)).isEqualTo("50");
        runUntilEqual(scenario, 3, 0);
    }

    /** T3: a peer says that it is far ahead, and in another view; nobody believes it alone. */
    public static void t3ALyingPeer(CoreFactory cores) {
        Scenario scenario = small(4, cores).played(3).start();
        PlayedReplica liar = scenario.played(3);
        for (int i = 1; i <= 40; i++) {
            SequenceNumber far = new SequenceNumber(i % 2 == 0 ? 4L * i : 1L << 40);
            liar.broadcast(liar.seal(new Status(liar.id(), new View(i), i % 3 == 0, far, far)));
            liar.broadcast(liar.checkpoint(far.value(), Digest.sha256(NONSENSE)));
            execute(scenario, 1);
        }

        runUntilEqual(scenario, 1, 0);
        assertThat(scenario.count("notice: StateTransferStarted")).isZero();
        assertThat(scenario.status(0).view()).isEqualTo(View.ZERO);
    }

    /** T4: f sources conspire: they do their duty otherwise, and give the same false state. */
    public static void t4ConspiringSources(CoreFactory cores) {
        Scenario scenario = small(7, cores).played(5, 6).start();
        scenario.played(5).follow();
        scenario.played(6).follow();
        Valve away = scenario.lose(Flow.all().across(4));
        execute(scenario, 40);
        assertThat(scenario.executed(4)).isEmpty();

        away.open();
        Set<FetchState> answered = new HashSet<>();
        for (int i = 0; i < 1_000 && scenario.status(4).executed().value() < 40; i++) {
            answer(scenario, scenario.played(5), answered);
            answer(scenario, scenario.played(6), answered);
        }
        assertThat(answered).as("questions to those who conspire").isNotEmpty();
        runUntilEqual(scenario, 4, 0);
        execute(scenario, 10);
        runUntilEqual(scenario, 4, 0);
    }

    /** T5: one source never answers, and one replica asks for parts of the state all the time. */
    public static void t5ASilentSourceAndAGreedyReplica(CoreFactory cores) {
        Scenario scenario = small(7, cores).played(5, 6).start();
        scenario.played(5).follow();
        PlayedReplica greedy = scenario.played(6);
        greedy.follow();
        Valve away = scenario.lose(Flow.all().across(4));
        execute(scenario, 40);
        away.open();
        for (int i = 0; i < 4_000; i++) {
            greedy.broadcast(greedy.seal(new FetchState(greedy.id(), new SequenceNumber(40), i % 3)));
        }

        runUntilEqual(scenario, 4, 0);
        assertThat(scenario.played(5).received(FetchState.class)).isNotEmpty();
        int given = greedy.received(StatePart.class).size();
        // Of each of the five others, what they give in two intervals: small parts count as 16 KiB, of 16 MiB.
        assertThat(given).isPositive().isLessThanOrEqualTo(5 * 2 * 1_024);
    }

    /** T6: who fetches the state crashes in the middle, and so does who gives it. */
    public static void t6FetcherAndSourceCrash(CoreFactory cores) {
        Scenario scenario = small(7, cores).start();
        Valve away = scenario.lose(Flow.all().across(6));
        execute(scenario, 40);
        Valve parts = scenario.hold(Flow.of(StatePart.class).to(6));
        away.open();
        scenario.runUntil(() -> parts.stopped() > 0, LATER);

        scenario.replica(6).crash();
        scenario.replica(0).crash();
        scenario.runFor(Duration.ofSeconds(1));
        scenario.replica(6).restart(true);
        parts.open();
        scenario.runFor(Duration.ofSeconds(1));
        scenario.replica(0).restart(true);

        runUntilEqual(scenario, 6, 1);
        execute(scenario, 10);
        runUntilEqual(scenario, 6, 1);
        runUntilEqual(scenario, 0, 1);
    }

    /**
     * T7: just as a state is complete, and being installed, a later checkpoint becomes stable; and then it turns out that
     * the replica would not have needed the state. (Found as seed 21230.)
     */
    public static void t7ALaterCheckpointWhileInstalling(CoreFactory cores) {
        Scenario scenario = small(4, cores).start();
        execute(scenario, 39);
        runUntilEqual(scenario, 3, 0);
        Valve votes = scenario.hold(Flow.of(Commit.class).to(3));
        scenario.lose(Flow.of(Committed.class).to(3));
        Valve parts = scenario.hold(Flow.of(StatePart.class).to(3));
        Valve later = scenario.hold(
                Flow.of(Checkpoint.class, c -> c.sequenceNumber().value() > 40).to(3));
        execute(scenario, 1);
        scenario.runUntil(() -> parts.stopped() == 1, LATER);
        parts.releaseNow();
        scenario.runUntil(() -> parts.stopped() == 2, LATER);
        execute(scenario, 4);
        assertThat(later.stopped()).isPositive();
        assertThat(scenario.status(3).executed().value()).isEqualTo(39);

        // All arrive at one time: the part that is missing, what makes the later checkpoint stable, and old COMMITs.
        parts.open();
        later.open();
        votes.open();
        runUntilEqual(scenario, 3, 0);
        assertThat(scenario.status(3).executed().value()).isEqualTo(44);
    }

    /** T9: the state of an older checkpoint, right in itself, is given for that of a newer one. */
    public static void t9AnOlderState(CoreFactory cores) {
        Scenario scenario = small(4, cores).played(2).start();
        PlayedReplica liar = scenario.played(2);
        liar.follow();
        Valve away = scenario.lose(Flow.all().across(1));
        execute(scenario, 4);
        SequenceNumber old = new SequenceNumber(4);
        for (int part = 0; part <= 1; part++) {
            liar.send(liar.seal(new FetchState(liar.id(), old, part)), 0);
        }
        scenario.runUntil(() -> liar.received(StatePart.class).size() == 2, SOON);
        List<StatePart> parts =
                liar.received(StatePart.class).stream().map(Verified::message).toList();
        assertThat(parts).noneMatch(part -> part.content().isEmpty());
        execute(scenario, 36);

        away.open();
        scenario.runUntil(() -> !liar.received(FetchState.class).isEmpty(), LATER);
        FetchState asked = liar.received(FetchState.class).get(0).message();
        assertThat(asked.sequenceNumber()).isGreaterThan(old);
        Bytes content = parts.get(asked.part()).content();
        liar.send(liar.seal(new StatePart(liar.id(), asked.sequenceNumber(), asked.part(), content)), 1);

        runUntilEqual(scenario, 1, 0);
        assertThat(scenario.status(1).executed().value()).isEqualTo(40);
    }
}
