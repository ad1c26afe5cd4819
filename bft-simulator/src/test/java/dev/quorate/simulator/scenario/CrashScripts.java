package dev.quorate.simulator.scenario;

import static dev.quorate.simulator.scenario.Scripts.LATER;
import static dev.quorate.simulator.scenario.Scripts.SOON;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limit;
import dev.quorate.core.Protocol;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinNewView;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.message.NewView;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.Reply;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.Result;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.ViewChange;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.node.CoreFactory;
import dev.quorate.simulator.node.Ending;
import dev.quorate.usig.UsigDurability;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Replicas that restart with their disks, by the rows of docs/scenarios.md and the histories that broke other designs. */
public final class CrashScripts {
    static final List<Ending> ENDINGS = List.of(Ending.values());
    /** More than anything that a replica does to its disk in a scenario that enumerates its crashes. */
    private static final int MAX_DISK_OPERATIONS = 2_000;

    private CrashScripts() {}

    static Scenario.Builder small(Protocol protocol, CoreFactory cores) {
        Scenario.Builder builder = protocol == Protocol.PBFT ? Scenario.pbft(4) : Scenario.minbft(3);
        return builder.limit(Limit.CLIENT_TIMEOUT, 3_600_000)
                .limit(Limit.CHECKPOINT_INTERVAL, 4)
                .limit(Limit.WINDOW, 8)
                .limit(Limit.MAX_BATCH_REQUESTS, 1)
                .cores(cores);
    }

    static int replicas(Protocol protocol) {
        return protocol == Protocol.PBFT ? 4 : 3;
    }

    /** Lets the client add 1 so many times, without waiting for it. */
    static void ask(Scenario scenario, int operations) {
        for (int i = 0; i < operations; i++) {
            scenario.client(0).invoke("add x 1");
        }
    }

    /** Waits for all that was asked for, and for all replicas to have executed it; each addition counted once. */
    static void finish(Scenario scenario, Protocol protocol) {
        ScriptedClient client = scenario.client(0);
        scenario.runUntil(client::isIdle, LATER);
        long last = client.results().lastKey();
        assertThat(client.results().get(last)).isEqualTo(Long.toString(last));
        for (int i = 1; i < replicas(protocol); i++) {
            int other = i;
            scenario.runUntil(
                    () -> scenario.status(other)
                            .executed()
                            .equals(scenario.status(0).executed()),
                    LATER);
        }
    }

    private static void execute(Scenario scenario, int operations) {
        ask(scenario, operations);
        scenario.runUntil(scenario.client(0)::isIdle, LATER);
    }

    private static void crashAll(Scenario scenario, Protocol protocol, Ending ending) {
        for (int i = 0; i < replicas(protocol); i++) {
            scenario.replica(i).crash(ending);
        }
    }

    private static void restartAll(Scenario scenario, Protocol protocol) {
        for (int i = 0; i < replicas(protocol); i++) {
            if (!scenario.replica(i).isUp()) {
                scenario.restart(i);
            }
        }
    }

    /** C1: one after the other restarts, round after round, while a client works. */
    public static void c1RollingRestarts(Protocol protocol, CoreFactory cores) {
        Scenario scenario = small(protocol, cores).start();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < replicas(protocol); i++) {
                ask(scenario, 3);
                scenario.runFor(Duration.ofMillis(1));
                scenario.replica(i).crash(ENDINGS.get(round));
                execute(scenario, 4);
                scenario.restart(i);
                execute(scenario, 3);
            }
        }
        finish(scenario, protocol);
        assertThat(scenario.count("store: LOST")).isZero();
    }

    /** C2: all are killed at once, in the middle of work, again and again; all return. */
    public static void c2AllAtOnce(Protocol protocol, CoreFactory cores) {
        for (Ending ending : Ending.values()) {
            Scenario scenario = small(protocol, cores).start();
            for (int round = 0; round < 12; round++) {
                ask(scenario, 5);
                scenario.runFor(Duration.ofNanos(150_000L * round));
                crashAll(scenario, protocol, ending);
                scenario.runFor(Duration.ofMillis(50));
                restartAll(scenario, protocol);
                if (round % 3 == 2) {
                    scenario.runUntil(scenario.client(0)::isIdle, LATER);
                }
            }
            finish(scenario, protocol);
            assertThat(scenario.count("store: INTACT")).isEqualTo(12L * replicas(protocol));
        }
    }

    /** C3: a replica crashes at one thing that it does to its disk, for each of them in turn. */
    public static void c3AtEveryOperation(Protocol protocol, int replica, Ending ending, CoreFactory cores) {
        boolean crashed = true;
        for (int k = 0; crashed; k++) {
            assertThat(k).isLessThan(MAX_DISK_OPERATIONS);
            Scenario scenario = small(protocol, cores).seed(k).start();
            scenario.replica(replica).endAtDiskOperation(k, ending);
            execute(scenario, 5);
            crashed = !scenario.replica(replica).isUp();
            scenario.replica(replica).disk().crashNever();
            if (crashed) {
                scenario.restart(replica);
            }
            execute(scenario, 1);
            finish(scenario, protocol);
            assertThat(scenario.count("store: LOST")).isZero();
        }
    }

    /** C4: a backup restarts after it voted, and the primary proposes something else for the same position. */
    public static void c4RestartAfterVoting(CoreFactory cores) {
        Scenario scenario = small(Protocol.PBFT, cores).played(0).clients(2).start();
        PlayedReplica primary = scenario.played(0);
        Batch one = PlayedReplica.batch(scenario.client(0).sign(1, "put x 1"));
        Batch other = PlayedReplica.batch(scenario.client(1).sign(1, "put x 2"));
        primary.send(primary.prePrepare(0, 1, one), 1);
        scenario.runUntil(() -> !primary.received(Prepare.class).isEmpty(), SOON);

        scenario.replica(1).crash(Ending.POWER_LOST);
        scenario.restart(1);
        Verified<PrePrepare> second = primary.prePrepare(0, 1, other);
        primary.send(second, 1, 2, 3);
        scenario.runFor(Duration.ofMillis(50));

        assertThat(primary.received(Prepare.class).stream()
                        .filter(vote -> vote.message().replica().value() == 1)
                        .map(vote -> vote.message().digest()))
                .isNotEmpty()
                .doesNotContain(second.message().digest());
    }

    /** C4, A16: a primary restarts after its proposal left, and has something else to propose. */
    public static void c4RestartAfterProposing(Protocol protocol, CoreFactory cores) {
        Scenario scenario =
                small(protocol, cores).usigs(UsigDurability.LOG).clients(2).start();
        Class<? extends ReplicaMessage> vote = protocol == Protocol.PBFT ? Prepare.class : MinCommit.class;
        Class<? extends ReplicaMessage> proposal = protocol == Protocol.PBFT ? PrePrepare.class : MinPrepare.class;
        Valve lost = scenario.lose(Flow.of(proposal).from(0).to(2));
        Valve votes = scenario.hold(Flow.of(vote));
        scenario.client(0).invoke("add x 1");
        scenario.runUntil(() -> votes.stopped() > 0, SOON);

        scenario.replica(0).crash(Ending.POWER_LOST);
        scenario.restart(0);
        lost.open();
        scenario.client(1).invoke("add x 1");
        scenario.runFor(Duration.ofMillis(5));
        votes.open();

        scenario.runUntil(
                () -> scenario.client(0).isIdle() && scenario.client(1).isIdle(), LATER);
        assertThat(List.of(
                        scenario.client(0).results().get(1L),
                        scenario.client(1).results().get(1L)))
                .containsExactlyInAnyOrder("1", "2");
    }

    /**
     * A16 in MinBFT: a faulty primary proposes to one backup only, and says that it has executed that. The power of the
     * backup fails while it keeps its vote, which is with the primary's a quorum; the third replica knows of neither.
     *
     * @param operation at which of the things that the backup does to its disk for its vote, 0 for the first
     */
    public static void a16AVoteOfItsOwn(int operation, long seed, UsigDurability durability, CoreFactory cores) {
        Scenario scenario = small(Protocol.MINBFT, cores)
                .played(0)
                .clients(2)
                .usigs(durability)
                .seed(seed)
                .start();
        ScriptedClient client = scenario.client(0);
        Valve unheard = scenario.lose(
                Flow.of(Request.class, request -> request.id().client().value() == 0)
                        .to(1, 2));
        client.invoke("put x 5");
        scenario.replica(1).endAtDiskOperation(operation, Ending.POWER_LOST);
        answerAndProposeTo1(scenario);
        scenario.runUntil(() -> !scenario.replica(1).isUp(), SOON);
        boolean acknowledged = client.isIdle();

        scenario.restart(1);
        scenario.client(1).invoke("put y 6");
        scenario.runUntil(scenario.client(1)::isIdle, LATER);
        unheard.open();
        scenario.runUntil(client::isIdle, LATER);
        scenario.runUntil(
                () -> scenario.executed(1).size() == 2 && scenario.executed(2).size() == 2, LATER);
        assertThat(acknowledged).as("the client had a result").isFalse();
        assertThat(client.results().get(1L)).isEqualTo("ok");
        assertThat(scenario.executed(1)).isEqualTo(scenario.executed(2));
    }

    /** The primary, which is played, tells the first client that its request is done, and proposes that to replica 1. */
    private static void answerAndProposeTo1(Scenario scenario) {
        PlayedReplica primary = scenario.played(0);
        scenario.runUntil(() -> !primary.received(Request.class).isEmpty(), SOON);
        Verified<Request> request = primary.received(Request.class).get(0);
        Result done = Result.ok(Bytes.wrap("ok".getBytes(US_ASCII)));
        primary.reply(
                primary.seal(
                        new Reply(primary.id(), View.ZERO, request.message().id(), done)),
                0);
        Batch batch = PlayedReplica.batch(request);
        primary.send(
                primary.seal(new MinPrepare(
                        primary.id(), View.ZERO, new SequenceNumber(1), batch.digest(), 0, Optional.of(batch))),
                1);
    }

    /** C5: everybody restarts, again and again, as soon as somebody has left the view. */
    public static void c5InAViewChange(Protocol protocol, CoreFactory cores) {
        Scenario scenario = small(protocol, cores).start();
        execute(scenario, 3);
        Class<? extends ReplicaMessage> leave = protocol == Protocol.PBFT ? ViewChange.class : MinViewChange.class;
        Class<? extends ReplicaMessage> begin = protocol == Protocol.PBFT ? NewView.class : MinNewView.class;
        Valve mute = scenario.lose(Flow.all().from(0));
        Valve begun = scenario.lose(Flow.of(begin));
        ask(scenario, 3);
        for (int round = 0; round < 6; round++) {
            Valve leaving = scenario.hold(Flow.of(leave));
            scenario.runUntil(() -> leaving.stopped() > 0, LATER);
            leaving.open();
            scenario.runFor(Duration.ofNanos(round * 100_000L));
            crashAll(scenario, protocol, ENDINGS.get(round % 3));
            restartAll(scenario, protocol);
        }
        begun.open();
        scenario.runUntil(scenario.client(0)::isIdle, LATER);
        mute.open();
        execute(scenario, 3);
        finish(scenario, protocol);
        assertThat(scenario.status(1).view()).isGreaterThan(View.ZERO);
    }

    /** C9: replicas start one by one, while a client already asks. */
    public static void c9StaggeredStart(Protocol protocol, CoreFactory cores) {
        Scenario scenario = small(protocol, cores).startedByHand().start();
        ask(scenario, 3);
        for (int i = replicas(protocol) - 1; i >= 0; i--) {
            scenario.runFor(Duration.ofSeconds(3));
            scenario.restart(i);
            ask(scenario, 1);
        }
        finish(scenario, protocol);
    }

    /** B4: the power fails everywhere between a UI and the write of its message. */
    public static void b4UsigAheadOfTheStore(UsigDurability durability, CoreFactory cores) {
        Protocol protocol = Protocol.MINBFT;
        Scenario scenario = small(protocol, cores).usigs(durability).start();
        execute(scenario, 5);
        for (int round = 0; round < 6; round++) {
            finish(scenario, protocol);
            scenario.runFor(Duration.ofSeconds(1)); // Nobody writes anything any more but what is asked for next.
            for (int i = 0; i < replicas(protocol); i++) {
                scenario.replica(i).endAtDiskOperation(round % 3, Ending.POWER_LOST);
            }
            ask(scenario, 2);
            scenario.runFor(Duration.ofSeconds(20));
            crashAll(scenario, protocol, Ending.KILLED);
            restartAll(scenario, protocol);
            scenario.runUntil(scenario.client(0)::isIdle, LATER);
        }
        finish(scenario, protocol);
        assertThat(scenario.count("USIG: was ahead of the store") > 0).isEqualTo(durability == UsigDurability.DURABLE);
    }

    /** A7: what was committed at one replica survives, though all others that prepared it have restarted. */
    public static void a7TheWholePromise(CoreFactory cores) {
        Scenario scenario = small(Protocol.PBFT, cores).played(0).clients(2).start();
        PlayedReplica liar = scenario.played(0);
        Valve commits = scenario.lose(Flow.of(Commit.class).to(2, 3));
        Verified<PrePrepare> proposal =
                liar.prePrepare(0, 1, PlayedReplica.batch(scenario.client(1).sign(1, "put x 5")));
        liar.broadcast(proposal);
        liar.send(liar.commit(0, 1, proposal.message().digest()), 1);
        scenario.runUntil(() -> scenario.executed(1).size() == 1, SOON);

        Valve unheard = scenario.lose(Flow.all().from(1));
        for (int i = 2; i <= 3; i++) {
            scenario.replica(i).crash(Ending.POWER_LOST);
            scenario.restart(i);
        }
        commits.open();
        ScriptedClient client = scenario.client(0);
        client.invoke("add x 1");
        for (int view = 1; view <= 2; view++) {
            View next = new View(view);
            scenario.runUntil(
                    () -> liar.received(ViewChange.class).stream()
                            .anyMatch(left -> left.message().view().equals(next)),
                    LATER);
            liar.broadcast(liar.seal(new ViewChange(liar.id(), next, StableCertificate.INITIAL, List.of())));
        }
        scenario.runUntil(() -> !liar.received(NewView.class).isEmpty(), LATER);
        unheard.open();
        scenario.runUntil(client::isIdle, LATER);
        assertThat(client.results().get(1L)).isEqualTo("6");
    }
}
