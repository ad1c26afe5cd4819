package dev.quorate.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limit;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.ViewChange;
import dev.quorate.core.wire.Verified;
import dev.quorate.simulator.node.CoreFactory;
import java.time.Duration;
import java.util.List;

/** Histories that break implementations without certain rules, by the ids of the catalogues. */
public final class Scripts {
    static final Duration SOON = Duration.ofSeconds(10);
    static final Duration LATER = Duration.ofMinutes(2);

    private Scripts() {}

    /** A cluster whose clients wait for as long as it takes. */
    static Scenario.Builder pbft(int replicas, CoreFactory cores) {
        return Scenario.pbft(replicas).limit(Limit.CLIENT_TIMEOUT, 3_600_000).cores(cores);
    }

    /** P1: equivocating proposals; safe, and the primary is replaced. */
    public static void p1EquivocatingPrimary(CoreFactory cores) {
        Scenario scenario = Scenario.pbft(4).played(0).cores(cores).start();
        ScriptedClient client = scenario.client(0);
        client.invoke("put x 5");
        PlayedReplica primary = scenario.played(0);
        scenario.runUntil(() -> !primary.received(Request.class).isEmpty(), SOON);
        Batch one = PlayedReplica.batch(primary.received(Request.class).get(0));
        Batch other = PlayedReplica.batch(List.of());

        primary.send(primary.prePrepare(0, 1, one), 1);
        primary.send(primary.commit(0, 1, one.digest()), 1);
        primary.send(primary.prePrepare(0, 1, other), 2, 3);
        primary.send(primary.commit(0, 1, other.digest()), 2, 3);

        scenario.runUntil(() -> client.results().size() == 1, LATER);
        assertThat(client.results().get(1L)).isEqualTo("ok");
        assertThat(scenario.status(1).view()).isGreaterThan(View.ZERO);
    }

    /** P4: a primary proposes an executed request again; it executes once. */
    public static void p4RequestProposedAgain(CoreFactory cores) {
        Scenario scenario = Scenario.pbft(4).played(0).cores(cores).start();
        PlayedReplica primary = scenario.played(0);
        Verified<Request> request = scenario.client(0).sign(1, "add x 1");
        for (long at = 1; at <= 3; at++) {
            Verified<PrePrepare> proposal = primary.prePrepare(0, at, PlayedReplica.batch(request));
            primary.broadcast(proposal);
            primary.broadcast(primary.commit(0, at, proposal.message().digest()));
        }

        scenario.runUntil(() -> scenario.status(2).executed().value() == 3, SOON);

        assertThat(scenario.executed(2)).containsExactly(request.message().id());
    }

    /** B3: one sender repeated does not make a quorum. */
    public static void b3OneReplicaVotesOften(CoreFactory cores) {
        Scenario scenario = Scenario.pbft(4).played(0, 3).cores(cores).start();
        PlayedReplica primary = scenario.played(0);
        PlayedReplica backup = scenario.played(3);
        Verified<PrePrepare> proposal =
                primary.prePrepare(0, 1, PlayedReplica.batch(scenario.client(0).sign(1, "add x 1")));
        primary.send(proposal, 1);
        for (int i = 0; i < 10; i++) {
            backup.send(backup.prepare(0, 1, proposal.message().digest()), 1);
            backup.send(backup.commit(0, 1, proposal.message().digest()), 1);
        }

        scenario.runFor(Duration.ofMillis(50));

        // Its own vote and that of the other one: not enough for a certificate of three, however often it is repeated.
        assertThat(scenario.executed(1)).isEmpty();
    }

    /** A4: what prepared somewhere is not committed: a view change may decide otherwise. */
    public static void a4PreparedIsNotCommitted(CoreFactory cores) {
        Scenario scenario = Scenario.pbft(4).played(0).clients(2).cores(cores).start();
        PlayedReplica liar = scenario.played(0);
        ScriptedClient client = scenario.client(0);
        // Replica 3 alone collects the PREPAREs for a proposal, so that it prepares there, and nowhere else.
        Valve prepares = scenario.lose(
                Flow.of(Prepare.class, p -> p.view().equals(View.ZERO)).to(1, 2));
        Verified<Request> request = scenario.client(1).sign(1, "put x 9");
        liar.broadcast(liar.prePrepare(0, 1, PlayedReplica.batch(request)));
        scenario.runUntil(() -> !liar.received(Commit.class).isEmpty(), SOON);
        assertThat(prepares.stopped()).isPositive();

        // Replica 3 is not heard in the view change; instead the liar says that it has seen nothing.
        Valve unheard = scenario.hold(Flow.of(ViewChange.class).from(3));
        client.invoke("put x 5");
        scenario.runUntil(() -> !liar.received(ViewChange.class).isEmpty(), LATER);
        liar.send(liar.seal(new ViewChange(liar.id(), new View(1), StableCertificate.INITIAL, List.of())), 1);
        scenario.runUntil(() -> client.results().size() == 1, LATER);
        unheard.open();
        client.invoke("get x");

        scenario.runUntil(() -> client.results().size() == 2, LATER);
        assertThat(client.results().get(2L)).isEqualTo("5");
        scenario.runUntil(() -> scenario.executed(3).size() == 2, LATER);
        assertThat(scenario.executed(3)).doesNotContain(request.message().id());
    }

    /** V6: what one replica committed and executed survives a view change that it does not take part in. */
    public static void v6CommittedAtOneReplica(CoreFactory cores) {
        Scenario scenario = Scenario.pbft(4).cores(cores).start();
        ScriptedClient client = scenario.client(0);
        Valve commits = scenario.lose(Flow.of(Commit.class).to(1, 2, 3));
        client.invoke("put x 5");
        scenario.runUntil(() -> scenario.executed(0).size() == 1, SOON);
        assertThat(scenario.executed(1)).isEmpty();

        // The only one that knows falls silent; only now can the others hear each other's COMMITs again.
        scenario.lose(Flow.all().from(0));
        commits.open();
        client.invoke("add x 1");

        scenario.runUntil(() -> client.results().size() == 2, LATER);
        assertThat(client.results().values()).containsExactly("ok", "6");
        assertThat(scenario.executed(1).subList(0, 1))
                .isEqualTo(scenario.executed(0).subList(0, 1));
    }
}
