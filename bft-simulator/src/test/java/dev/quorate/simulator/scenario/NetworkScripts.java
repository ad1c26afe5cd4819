package dev.quorate.simulator.scenario;

import static dev.quorate.simulator.scenario.Scripts.LATER;
import static dev.quorate.simulator.scenario.Scripts.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limit;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.Reply;
import dev.quorate.core.message.Request;
import dev.quorate.core.wire.Verified;
import dev.quorate.simulator.network.LinkConditions;
import dev.quorate.simulator.node.CoreFactory;
import java.time.Duration;
import java.util.List;

/** What the network may do, by the rows of docs/scenarios.md. */
public final class NetworkScripts {
    private NetworkScripts() {}

    private static Scenario.Builder small(CoreFactory cores) {
        return Scripts.pbft(4, cores).limit(Limit.CHECKPOINT_INTERVAL, 4).limit(Limit.WINDOW, 8);
    }

    private static void invoke(ScriptedClient client, int operations) {
        for (int i = 0; i < operations; i++) {
            client.invoke("add x 1");
        }
    }

    /** Everybody has executed equally much, and all of it. */
    private static void requireLevel(Scenario scenario, int operations) {
        scenario.runUntil(() -> scenario.status(3).pendingRequests() == 0, LATER);
        for (int replica = 0; replica < 4; replica++) {
            int each = replica;
            scenario.runUntil(
                    () -> scenario.status(each)
                            .executed()
                            .equals(scenario.status(0).executed()),
                    LATER);
        }
        assertThat(scenario.client(0).results()).hasSize(operations);
    }

    /** N1: half of all frames are lost, others repeated and out of order, while the first primary restarts. */
    public static void n1HalfOfAllFramesAreLost(CoreFactory cores) {
        Scenario scenario = small(cores).start();
        scenario.network(new LinkConditions(1_000_000, 20_000_000, 0.05, 10, 0.5, 0.2, 0.5));
        ScriptedClient client = scenario.client(0);
        invoke(client, 40);
        for (int restarts = 0; restarts < 3; restarts++) {
            scenario.runFor(Duration.ofSeconds(2));
            scenario.replica(0).crash();
            scenario.runFor(Duration.ofSeconds(2));
            scenario.replica(0).restart(false);
        }
        scenario.network(new LinkConditions(100_000, 400_000, 0, 1, 0, 0, 0));

        scenario.runUntil(() -> client.results().size() == 40, LATER);
        assertThat(client.results().values()).contains("40");
        requireLevel(scenario, 40);
    }

    /** N2: the primary is cut off, and then the next one. */
    public static void n2PrimariesAreCutOff(CoreFactory cores) {
        Scenario scenario = small(cores).start();
        ScriptedClient client = scenario.client(0);
        Valve first = scenario.lose(Flow.all().across(0));
        client.invoke("add x 1");
        scenario.runUntil(() -> client.results().size() == 1, LATER);
        assertThat(scenario.executed(0)).isEmpty();

        first.open();
        int next = (int) (scenario.status(3).view().number() % 4);
        Valve second = scenario.lose(Flow.all().across(next));
        client.invoke("add x 1");
        scenario.runUntil(() -> client.results().size() == 2, LATER);

        second.open();
        assertThat(client.results().get(2L)).isEqualTo("2");
        requireLevel(scenario, 2);
    }

    /** N3: a backup is cut off; the others go on in their view, and it catches up. */
    public static void n3ABackupIsCutOff(CoreFactory cores) {
        Scenario scenario = small(cores).start();
        ScriptedClient client = scenario.client(0);
        Valve cut = scenario.lose(Flow.all().across(3));
        invoke(client, 30);
        scenario.runUntil(() -> client.results().size() == 30, SOON);
        assertThat(scenario.executed(3)).isEmpty();

        cut.open();
        requireLevel(scenario, 30);
        assertThat(scenario.status(3).view()).isEqualTo(View.ZERO);
        assertThat(scenario.status(1).view()).isEqualTo(View.ZERO);
    }

    /** N4: the primary can send, and hears nothing. */
    public static void n4ThePrimaryIsDeaf(CoreFactory cores) {
        n4(cores, Flow.all().to(0));
    }

    /** N4: the primary hears everything, and cannot send. */
    public static void n4ThePrimaryIsMute(CoreFactory cores) {
        n4(cores, Flow.all().from(0));
    }

    private static void n4(CoreFactory cores, Flow lost) {
        Scenario scenario = small(cores).start();
        ScriptedClient client = scenario.client(0);
        Valve cut = scenario.lose(lost);
        client.invoke("add x 1");
        scenario.runUntil(() -> client.results().size() == 1, LATER);
        assertThat(scenario.status(1).view()).isGreaterThan(View.ZERO);

        cut.open();
        client.invoke("add x 1");
        scenario.runUntil(() -> client.results().size() == 2, LATER);
        requireLevel(scenario, 2);
    }

    /** N5: two and two: nothing is ordered; when they meet again everything is. */
    public static void n5NobodyHasAQuorum(CoreFactory cores) {
        Scenario scenario = small(cores).start();
        ScriptedClient client = scenario.client(0);
        Valve split = scenario.lose(Flow.all().amongReplicas().across(0, 1));
        invoke(client, 3);
        scenario.runFor(Duration.ofMinutes(1));
        for (int replica = 0; replica < 4; replica++) {
            assertThat(scenario.executed(replica)).isEmpty();
        }

        split.open();
        scenario.runUntil(() -> client.results().size() == 3, LATER);
        requireLevel(scenario, 3);
    }

    /** N6: backups reach only the primary, until it has used up its window. */
    public static void n6BackupsReachOnlyThePrimary(CoreFactory cores) {
        Scenario scenario = small(cores)
                .limit(Limit.MAX_BATCH_REQUESTS, 1)
                .limit(Limit.PIPELINE_DEPTH, 64)
                .start();
        ScriptedClient client = scenario.client(0);
        Valve cut = scenario.lose(Flow.all().amongReplicas().from(1, 2, 3).to(1, 2, 3));
        invoke(client, 20);
        scenario.runUntil(() -> scenario.status(0).ordered().value() == 8, SOON);
        scenario.runFor(Duration.ofSeconds(30));
        assertThat(scenario.status(0).ordered().value()).isEqualTo(8);

        cut.open();
        scenario.runUntil(() -> client.results().size() == 20, LATER);
        requireLevel(scenario, 20);
    }

    /** N7: what the client sends the primary is lost: backups pass it on, and nobody suspects anybody. */
    public static void n7ThePrimaryDoesNotHearTheClient(CoreFactory cores) {
        n7(cores, Flow.of(Request.class).fromClients().to(0));
    }

    /** N7: what the primary sends the client is lost: the others' replies are enough. */
    public static void n7TheClientDoesNotHearThePrimary(CoreFactory cores) {
        n7(cores, Flow.of(Reply.class).from(0));
    }

    private static void n7(CoreFactory cores, Flow lost) {
        Scenario scenario = small(cores).start();
        ScriptedClient client = scenario.client(0);
        Valve cut = scenario.lose(lost);
        invoke(client, 5);

        scenario.runUntil(() -> client.results().size() == 5, LATER);
        assertThat(cut.stopped()).isPositive();
        for (int replica = 0; replica < 4; replica++) {
            assertThat(scenario.status(replica).view()).isEqualTo(View.ZERO);
        }
    }

    /** N9: what was said in view 0 arrives in view 1, where something else is at its position. */
    public static void n9MessagesOfAnOldView(CoreFactory cores) {
        Scenario scenario = Scripts.pbft(4, cores).played(0).clients(2).start();
        PlayedReplica primary = scenario.played(0);
        ScriptedClient client = scenario.client(0);
        Valve votes = scenario.hold(Flow.of(Prepare.class, p -> p.view().equals(View.ZERO)));
        Verified<Request> old = scenario.client(1).sign(1, "put x 9");
        Verified<PrePrepare> proposal = primary.prePrepare(0, 1, PlayedReplica.batch(old));
        primary.send(proposal, 1, 2);
        client.invoke("put x 5");
        scenario.runUntil(() -> client.results().size() == 1, LATER);

        votes.open();
        primary.send(proposal, 3);
        primary.broadcast(primary.commit(0, 1, proposal.message().digest()));
        client.invoke("get x");

        scenario.runUntil(() -> client.results().size() == 2, LATER);
        assertThat(votes.stopped()).isPositive();
        assertThat(client.results().get(2L)).isEqualTo("5");
        for (int replica = 1; replica < 4; replica++) {
            assertThat(scenario.executed(replica)).doesNotContain(old.message().id());
        }
    }

    /** N10: in view 0 no message of one phase arrives: the next view orders what was asked for. */
    public static void n10APhaseIsLostForAll(CoreFactory cores) {
        for (Class<? extends ReplicaMessage> phase : List.of(PrePrepare.class, Prepare.class, Commit.class)) {
            Scenario scenario = small(cores).start();
            ScriptedClient client = scenario.client(0);
            Valve lost = scenario.lose(Flow.of(phase).where(NetworkScripts::isOfViewZero));
            invoke(client, 3);

            scenario.runUntil(() -> client.results().size() == 3, LATER);
            assertThat(lost.stopped()).as("%s", phase).isPositive();
            assertThat(scenario.status(1).view()).as("%s", phase).isGreaterThan(View.ZERO);
            requireLevel(scenario, 3);
        }
    }

    /** N10: one replica gets no message of one phase: the others go on without it, and it is told what they did. */
    public static void n10APhaseIsLostForOne(CoreFactory cores) {
        for (Class<? extends ReplicaMessage> phase : List.of(PrePrepare.class, Prepare.class, Commit.class)) {
            Scenario scenario = small(cores).start();
            ScriptedClient client = scenario.client(0);
            Valve lost = scenario.lose(Flow.of(phase).to(3));
            invoke(client, 3);

            scenario.runUntil(() -> client.results().size() == 3, LATER);
            scenario.runUntil(() -> scenario.executed(3).size() == 3, LATER);
            assertThat(lost.stopped()).as("%s", phase).isPositive();
            assertThat(scenario.status(1).view()).as("%s", phase).isEqualTo(View.ZERO);
        }
    }

    /**
     * N10: for as long as the window reaches, no CHECKPOINT arrives. With one faulty replica all the others' are needed:
     * they have to be said again, or nothing is ever ordered any more. (Found as seed 11941.)
     */
    public static void n10CheckpointsAreLost(CoreFactory cores) {
        Scenario scenario =
                small(cores).played(3).limit(Limit.MAX_BATCH_REQUESTS, 1).start();
        ScriptedClient client = scenario.client(0);
        Valve lost = scenario.lose(Flow.of(Checkpoint.class));
        invoke(client, 20);
        scenario.runUntil(() -> client.results().size() == 8, SOON);
        scenario.runFor(Duration.ofSeconds(10));
        assertThat(client.results()).hasSize(8);

        lost.open();
        scenario.runUntil(() -> client.results().size() == 20, LATER);
    }

    private static boolean isOfViewZero(Message message) {
        View view = message instanceof PrePrepare p
                ? p.view()
                : message instanceof Prepare p ? p.view() : ((Commit) message).view();
        return view.equals(View.ZERO);
    }

    /** N12: a replica is alone for so long that the others forget what it missed; it comes back into their view. */
    public static void n12AloneForLong(CoreFactory cores) {
        Scenario scenario = small(cores).start();
        ScriptedClient client = scenario.client(0);
        Valve cut = scenario.lose(Flow.all().across(3));
        for (int round = 1; round <= 10; round++) {
            invoke(client, 10);
            int expected = 10 * round;
            scenario.runUntil(() -> client.results().size() == expected, LATER);
            scenario.runFor(Duration.ofSeconds(20));
        }
        assertThat(scenario.status(0).stable().value()).isGreaterThan(8);

        cut.open();
        requireLevel(scenario, 100);
        scenario.runFor(Duration.ofMinutes(1));
        for (int replica = 0; replica < 4; replica++) {
            assertThat(scenario.status(replica).view()).isEqualTo(View.ZERO);
        }
    }
}
