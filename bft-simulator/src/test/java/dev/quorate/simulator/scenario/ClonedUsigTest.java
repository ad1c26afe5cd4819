package dev.quorate.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Verified;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** U4: what MinBFT rests on. A copied USIG is outside of its model. */
final class ClonedUsigTest {
    private static MinPrepare prepare(Batch batch) {
        return new MinPrepare(
                new ReplicaId(0), View.ZERO, new SequenceNumber(1), batch.digest(), 0, Optional.of(batch));
    }

    @Test
    @DisplayName("U4 a primary with two copies of its USIG breaks agreement, and the run says so")
    void u4ClonedUsigBreaksAgreement() {
        Scenario scenario = Scenario.minbft(3).played(0).clients(2).start();
        PlayedReplica primary = scenario.played(0);
        Sealer copy = scenario.withClonedUsig(0);
        Batch one = PlayedReplica.batch(scenario.client(0).sign(1, "put x 5"));
        Batch other = PlayedReplica.batch(scenario.client(1).sign(1, "put x 6"));
        scenario.lose(Flow.all().amongReplicas().from(1, 2));

        primary.send(primary.seal(prepare(one)), 1);
        primary.send(copy.seal(prepare(other)), 2);

        assertThatThrownBy(() -> scenario.runFor(Duration.ofSeconds(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("agreement");
    }

    @Test
    @DisplayName("U4 whoever sees two messages with one counter of one USIG says so")
    void u4TwoMessagesWithOneCounter() {
        Scenario scenario = Scenario.minbft(3).played(0).clients(2).start();
        PlayedReplica primary = scenario.played(0);
        Sealer copy = scenario.withClonedUsig(0);
        Verified<MinPrepare> one =
                primary.seal(prepare(PlayedReplica.batch(scenario.client(0).sign(1, "put x 5"))));
        Verified<MinPrepare> other =
                copy.seal(prepare(PlayedReplica.batch(scenario.client(1).sign(1, "put x 6"))));
        assertThat(one.ui().counter()).isEqualTo(other.ui().counter());

        primary.send(one, 1, 2);
        primary.send(other, 1);

        scenario.runFor(Duration.ofSeconds(1));
        assertThat(scenario.count("notice: Equivocation")).isPositive();
    }
}
