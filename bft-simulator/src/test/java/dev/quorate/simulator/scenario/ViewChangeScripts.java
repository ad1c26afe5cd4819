package dev.quorate.simulator.scenario;

import static dev.quorate.simulator.scenario.Scripts.LATER;
import static dev.quorate.simulator.scenario.Scripts.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limit;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.NewView;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.ReqViewChange;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.Signed;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.StatePart;
import dev.quorate.core.message.Status;
import dev.quorate.core.message.ViewChange;
import dev.quorate.core.wire.Verified;
import dev.quorate.simulator.node.CoreFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** View changes, by the rows of docs/scenarios.md and the histories that broke other designs. */
public final class ViewChangeScripts {
    private ViewChangeScripts() {}

    private static void invoke(ScriptedClient client, int operations) {
        for (int i = 0; i < operations; i++) {
            client.invoke("add x 1");
        }
    }

    /**
     * History B1: the new view has to propose a batch whose body some of its quorum have never seen, and without whose
     * votes nothing goes on; and between the two views there is an outage that lasts longer than any timeout.
     */
    public static void b1ABodyThatHasToBeFetched(CoreFactory cores) {
        Scenario scenario = Scripts.pbft(4, cores).played(0).start();
        PlayedReplica primary = scenario.played(0);
        ScriptedClient client = scenario.client(0);
        // The first primary proposes to two of three, where it prepares, and says nothing any more.
        client.invoke("add x 1");
        scenario.runUntil(() -> !primary.received(Request.class).isEmpty(), SOON);
        Verified<Request> request = primary.received(Request.class).get(0);
        scenario.lose(Flow.of(PrePrepare.class).to(3));
        primary.send(primary.prePrepare(0, 1, PlayedReplica.batch(request)), 1, 2);
        scenario.runUntil(() -> primary.received(Commit.class).size() == 2, SOON);

        Valve outage = scenario.lose(Flow.all().across(1));
        scenario.runFor(Duration.ofMinutes(10));
        outage.open();

        scenario.runUntil(() -> scenario.executed(3).size() == 1, Duration.ofMinutes(5));
        assertThat(scenario.executed(3)).containsExactly(request.message().id());
        assertThat(scenario.executed(1)).isEqualTo(scenario.executed(3));
    }

    /**
     * History B5: one replica's VIEW-CHANGE for view 2 is lost, and it goes on to view 3, together with a faulty one
     * that is silent otherwise. The two others wait for view 2, which can never begin.
     */
    public static void b5ScatteredViews(CoreFactory cores) {
        Scenario scenario = Scripts.pbft(4, cores).played(3).start();
        PlayedReplica faulty = scenario.played(3);
        View second = new View(2);
        View third = new View(3);
        scenario.lose(Flow.of(PrePrepare.class, p -> p.view().compareTo(second) < 0));
        Valve lost = scenario.lose(
                Flow.of(ViewChange.class, v -> v.view().equals(second)).from(0));
        Valve unheard = scenario.lose(Flow.all()
                .from(0)
                .to(1, 2)
                .where(m -> (m instanceof Status s && s.view().equals(second))
                        || (m instanceof ReqViewChange r && r.view().equals(third))));
        ScriptedClient client = scenario.client(0);
        client.invoke("add x 1");
        scenario.runUntil(() -> lost.stopped() > 0, LATER);
        faulty.send(faulty.seal(new ReqViewChange(faulty.id(), third)), 0);
        scenario.runUntil(() -> scenario.status(0).view().equals(third), LATER);
        assertThat(scenario.status(1).view()).isEqualTo(second);
        assertThat(scenario.status(2).view()).isEqualTo(second);
        assertThat(unheard.stopped()).isPositive();

        scenario.runUntil(() -> client.results().size() == 1, LATER);
        assertThat(client.results().get(1L)).isEqualTo("1");
        assertThat(scenario.status(1).view()).isGreaterThan(third);
    }

    /** V1: the first primary and its two successors are dead. */
    public static void v1DeadPrimaries(CoreFactory cores) {
        Scenario scenario = Scripts.pbft(10, cores).played(0, 1, 2).start();
        ScriptedClient client = scenario.client(0);
        client.invoke("add x 1");

        scenario.runUntil(() -> client.results().size() == 1, LATER);
        assertThat(scenario.status(4).view()).isEqualTo(new View(3));
    }

    /** V2: f replicas demand view changes all the time, the next one and absurd ones. */
    public static void v2DemandsForViewChanges(CoreFactory cores) {
        Scenario scenario = Scripts.pbft(7, cores).played(5, 6).start();
        ScriptedClient client = scenario.client(0);
        for (int i = 1; i <= 50; i++) {
            long[] views = {i, 1, 2L * i, 1L << 61};
            for (int liar = 5; liar <= 6; liar++) {
                PlayedReplica one = scenario.played(liar);
                View view = new View(views[i % views.length]);
                one.broadcast(one.seal(new ReqViewChange(one.id(), view)));
                one.broadcast(one.seal(new ViewChange(one.id(), view, StableCertificate.INITIAL, List.of())));
            }
            client.invoke("add x 1");
            scenario.runFor(Duration.ofMillis(20));
        }

        scenario.runUntil(() -> client.results().size() == 50, SOON);
        for (int replica = 0; replica < 5; replica++) {
            assertThat(scenario.status(replica).view()).isEqualTo(View.ZERO);
        }
    }

    /** V3: at one position one batch prepared in view 0, another one in view 1, where a replica has executed it. */
    public static void v3TheHighestViewWins(CoreFactory cores) {
        Scenario scenario = Scripts.pbft(4, cores).played(0).clients(2).start();
        PlayedReplica liar = scenario.played(0);
        ScriptedClient client = scenario.client(0);
        View first = new View(1);
        // In view 0 the one prepares at replica 3 alone, which is not heard when view 1 begins.
        scenario.lose(Flow.of(Prepare.class, p -> p.view().equals(View.ZERO)).to(1, 2));
        Verified<Request> one = scenario.client(1).sign(1, "put x 9");
        liar.broadcast(liar.prePrepare(0, 1, PlayedReplica.batch(one)));
        scenario.runUntil(() -> !liar.received(Commit.class).isEmpty(), SOON);
        scenario.lose(Flow.of(ViewChange.class, v -> v.view().equals(first)).from(3));
        // In view 1 another one prepares at the others, and replica 2 alone executes it.
        scenario.lose(Flow.of(Prepare.class, p -> p.view().equals(first)).to(3));
        scenario.lose(Flow.of(Commit.class, c -> c.view().equals(first)).to(1, 3));
        client.invoke("put x 5");
        scenario.runUntil(() -> !liar.received(ViewChange.class).isEmpty(), LATER);
        liar.send(liar.seal(new ViewChange(liar.id(), first, StableCertificate.INITIAL, List.of())), 1);
        scenario.runUntil(
                () -> liar.received(Commit.class).stream()
                        .anyMatch(c -> c.message().view().equals(first)),
                LATER);
        Commit seen = liar.received(Commit.class).stream()
                .map(Verified::message)
                .filter(c -> c.view().equals(first))
                .findFirst()
                .orElseThrow();
        liar.send(liar.commit(1, 1, seen.digest()), 2);
        scenario.runUntil(() -> scenario.executed(2).size() == 1, SOON);

        scenario.runUntil(() -> client.results().size() == 1, LATER);
        scenario.runUntil(() -> !scenario.executed(3).isEmpty(), LATER);
        assertThat(scenario.executed(3)).doesNotContain(one.message().id());
    }

    /** V5: the next primary leaves out what prepared; nobody follows it, and the one after it does not. */
    public static void v5ANewViewThatLeavesOutWhatPrepared(CoreFactory cores) {
        Scenario scenario = Scripts.pbft(7, cores).played(0, 1).start();
        PlayedReplica first = scenario.played(0);
        PlayedReplica next = scenario.played(1);
        scenario.client(0).invoke("add x 1");
        scenario.runUntil(() -> !first.received(Request.class).isEmpty(), SOON);
        Verified<Request> request = first.received(Request.class).get(0);
        Verified<PrePrepare> proposal = first.prePrepare(0, 1, PlayedReplica.batch(request));
        Valve commits = scenario.lose(
                Flow.of(Commit.class, c -> c.view().equals(View.ZERO)).to(3, 4, 5, 6));
        first.broadcast(proposal);
        for (PlayedReplica liar : List.of(first, next)) {
            liar.broadcast(liar.commit(0, 1, proposal.message().digest()));
        }
        next.broadcast(next.prepare(0, 1, proposal.message().digest()));
        // Replica 2 alone commits, and executes.
        scenario.runUntil(() -> scenario.executed(2).size() == 1, SOON);
        scenario.runUntil(() -> viewChanges(next).size() >= 5, LATER);
        assertThat(commits.stopped()).isPositive();

        List<Signed<ViewChange>> quorum = new ArrayList<>(
                viewChanges(next).stream().limit(4).map(Verified::signed).toList());
        quorum.add(next.seal(new ViewChange(next.id(), new View(1), StableCertificate.INITIAL, List.of()))
                .signed());
        quorum.sort(Comparator.comparing(v -> v.message().replica()));
        next.broadcast(next.seal(new NewView(next.id(), new View(1), quorum, List.of())));

        scenario.runUntil(() -> scenario.status(3).view().equals(new View(2)), LATER);
        scenario.runUntil(() -> scenario.executed(6).size() == 1, LATER);
        assertThat(scenario.executed(6)).containsExactly(request.message().id());
    }

    private static List<Verified<ViewChange>> viewChanges(PlayedReplica at) {
        return at.received(ViewChange.class).stream()
                .filter(v -> v.message().view().equals(new View(1)))
                .toList();
    }

    /** V7: one replica alone knows that a checkpoint is stable when the view changes. */
    public static void v7OneReplicaHasTheStableCheckpoint(CoreFactory cores) {
        Scenario scenario = Scripts.pbft(4, cores)
                .limit(Limit.CHECKPOINT_INTERVAL, 4)
                .limit(Limit.WINDOW, 8)
                .limit(Limit.MAX_BATCH_REQUESTS, 1)
                .start();
        ScriptedClient client = scenario.client(0);
        Valve checkpoints = scenario.lose(Flow.of(Checkpoint.class).to(0, 1, 2));
        invoke(client, 6);
        scenario.runUntil(() -> scenario.status(3).stable().value() == 4, SOON);
        scenario.runUntil(() -> client.results().size() == 6, SOON);
        assertThat(scenario.status(1).stable().value()).isZero();

        scenario.lose(Flow.all().across(0));
        invoke(client, 20);
        scenario.runUntil(() -> scenario.status(1).view().number() > 0, LATER);
        checkpoints.open();
        scenario.runUntil(() -> client.results().size() == 26, LATER);
        assertThat(client.results().values()).contains("26");
    }

    /** V8: a replica missed several views, and while it fetches the state, the view changes again. */
    public static void v8MissedViewsAndStateTransfer(CoreFactory cores) {
        Scenario scenario = Scripts.pbft(4, cores)
                .limit(Limit.CHECKPOINT_INTERVAL, 4)
                .limit(Limit.WINDOW, 8)
                .start();
        ScriptedClient client = scenario.client(0);
        Valve away = scenario.lose(Flow.all().across(3));
        for (int round = 1; round <= 20; round++) {
            int expected = round;
            client.invoke("add x 1");
            scenario.runUntil(() -> client.results().size() == expected, LATER);
        }
        Valve parts = scenario.hold(Flow.of(StatePart.class).to(3));
        away.open();
        scenario.runUntil(() -> parts.stopped() > 0, LATER);

        int primary = (int) (scenario.status(1).view().number() % 4);
        Valve cut = scenario.lose(Flow.all().across(primary));
        client.invoke("add x 1");
        scenario.runFor(Duration.ofSeconds(3));
        parts.open();
        scenario.runUntil(() -> client.results().size() == 21, LATER);
        scenario.runUntil(
                () -> scenario.status(3).executed().equals(scenario.status(2).executed()), LATER);
        cut.open();
        assertThat(client.results().get(21L)).isEqualTo("21");
    }

    /** V9: views fail until the timeout is large; much later, when it has shrunk, a primary dies. */
    public static void v9TheTimeoutShrinksAgain(CoreFactory cores) {
        Scenario scenario =
                Scripts.pbft(4, cores).limit(Limit.MAX_BATCH_REQUESTS, 1).start();
        ScriptedClient client = scenario.client(0);
        Valve dead = scenario.lose(Flow.all().from(0));
        Valve newViews = scenario.lose(Flow.of(NewView.class));
        client.invoke("add x 1");
        scenario.runUntil(() -> scenario.status(1).view().number() >= 5, Duration.ofMinutes(10));
        newViews.open();
        dead.open();
        scenario.runUntil(() -> client.results().size() == 1, Duration.ofMinutes(10));
        for (int round = 0; round < 12; round++) {
            invoke(client, 40);
            int expected = 1 + 40 * (round + 1);
            scenario.runUntil(() -> client.results().size() == expected, LATER);
        }

        int primary = (int) (scenario.status(1).view().number() % 4);
        scenario.lose(Flow.all().across(primary));
        client.invoke("add x 1");
        // The timeout is a second at first; it was more than half a minute.
        scenario.runUntil(() -> client.results().size() == 482, SOON);
    }

    /** V10: the VIEW-CHANGEs of one view are shown again in another, by the one who has to begin that. */
    public static void v10OldViewChanges(CoreFactory cores) {
        Scenario scenario = Scripts.pbft(7, cores).played(0, 2).start();
        PlayedReplica liar = scenario.played(2);
        ScriptedClient client = scenario.client(0);
        scenario.lose(Flow.of(NewView.class, v -> v.view().equals(new View(1))));
        client.invoke("add x 1");
        scenario.runUntil(() -> viewChanges(liar).size() >= 4, LATER);
        scenario.runUntil(() -> scenario.status(3).view().equals(new View(2)), LATER);
        List<Signed<ViewChange>> quorum = new ArrayList<>(
                viewChanges(liar).stream().limit(4).map(Verified::signed).toList());
        quorum.add(liar.seal(new ViewChange(liar.id(), new View(2), StableCertificate.INITIAL, List.of()))
                .signed());
        quorum.sort(Comparator.comparing(v -> v.message().replica()));
        liar.broadcast(liar.seal(new NewView(liar.id(), new View(2), quorum, List.of())));
        viewChanges(liar).forEach((Verified<? extends Message> old) -> liar.broadcast(old));

        scenario.runUntil(() -> client.results().size() == 1, LATER);
        assertThat(scenario.status(3).view()).isEqualTo(new View(3));
    }
}
