package dev.quorate.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.core.Limit;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.simulator.node.CoreFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ScenarioTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration LATER = Duration.ofMinutes(2);

    @Test
    void aCorrectClusterExecutesWhatItsClientAsksFor() {
        Scenario scenario = Scenario.pbft(4).start();
        ScriptedClient client = scenario.client(0);
        client.invoke("put x 5");
        client.invoke("add x 2");

        scenario.runUntil(() -> client.results().size() == 2, SOON);

        assertThat(client.results().values()).containsExactly("ok", "7");
        scenario.runUntil(() -> scenario.executed(3).size() == 2, SOON);
        assertThat(scenario.executed(3)).isEqualTo(scenario.executed(0));
    }

    @Test
    void n8LaterPhasesMayArriveBeforeEarlierOnes() {
        Scenario scenario = Scenario.pbft(4).start();
        Valve proposals = scenario.hold(Flow.of(PrePrepare.class).to(3));
        Valve prepares = scenario.hold(Flow.of(Prepare.class).to(3));
        scenario.client(0).invoke("put x 5");
        scenario.runUntil(() -> scenario.executed(0).size() == 1, SOON);
        assertThat(scenario.executed(3)).isEmpty();

        prepares.open();
        scenario.runFor(Duration.ofMillis(1));
        proposals.open();

        scenario.runUntil(() -> scenario.executed(3).size() == 1, SOON);
    }

    @Test
    void whatIsLostIsSentAgain() {
        Scenario scenario = Scenario.pbft(4).start();
        Valve commits = scenario.lose(Flow.of(Commit.class).to(3));
        scenario.client(0).invoke("put x 5");
        scenario.runUntil(() -> scenario.executed(1).size() == 1, SOON);
        assertThat(commits.stopped()).isPositive();

        commits.open();

        scenario.runUntil(() -> scenario.executed(3).size() == 1, SOON);
    }

    @Test
    void p1APrimaryThatProposesTwoBatchesForOnePositionGetsReplaced() {
        Scripts.p1EquivocatingPrimary(CoreFactory.PRODUCTION);
    }

    @Test
    void p4ARequestThatIsProposedAgainExecutesOnce() {
        Scripts.p4RequestProposedAgain(CoreFactory.PRODUCTION);
    }

    @Test
    void b3OneReplicaThatVotesOftenIsOneVote() {
        Scripts.b3OneReplicaVotesOften(CoreFactory.PRODUCTION);
    }

    @Test
    void a4WhatOnlyPreparedIsNotCommitted() {
        Scripts.a4PreparedIsNotCommitted(CoreFactory.PRODUCTION);
    }

    @Test
    void v6WhatOnlyOneReplicaCommittedSurvivesAViewChange() {
        Scripts.v6CommittedAtOneReplica(CoreFactory.PRODUCTION);
    }

    @Test
    void aCrashedPrimaryIsReplaced() {
        Scenario scenario = Scenario.pbft(4)
                .limit(Limit.CHECKPOINT_INTERVAL, 4)
                .limit(Limit.WINDOW, 8)
                .start();
        ScriptedClient client = scenario.client(0);
        client.invoke("put x 5");
        scenario.runUntil(() -> client.results().size() == 1, SOON);

        scenario.replica(0).crash();
        client.invoke("add x 1");

        scenario.runUntil(() -> client.results().size() == 2, LATER);
        assertThat(client.results().get(2L)).isEqualTo("6");
    }

    @Test
    void aConditionThatNeverComesTrueSaysWhatHappenedInstead() {
        Scenario scenario = Scenario.pbft(4).start();

        assertThatThrownBy(() -> scenario.runUntil(() -> false, Duration.ofSeconds(2)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the timer STATUS");
    }
}
