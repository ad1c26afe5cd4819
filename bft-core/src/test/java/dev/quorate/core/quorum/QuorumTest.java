package dev.quorate.core.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuorumTest {
    @ParameterizedTest
    @CsvSource({
        "PBFT, 1, 0, 1",
        "PBFT, 4, 1, 3",
        "PBFT, 5, 1, 4",
        "PBFT, 6, 1, 4",
        "PBFT, 7, 2, 5",
        "PBFT, 10, 3, 7",
        "MINBFT, 1, 0, 1",
        "MINBFT, 3, 1, 2",
        "MINBFT, 4, 1, 3",
        "MINBFT, 5, 2, 3",
        "MINBFT, 7, 3, 4"
    })
    void sizesAreThoseOfThePapers(Protocol protocol, int n, int f, int certificate) {
        QuorumSystem quorums = QuorumSystem.of(protocol, n);
        assertThat(quorums.f()).isEqualTo(f);
        assertThat(quorums.certificate()).isEqualTo(certificate);
        assertThat(quorums.weak()).isEqualTo(f + 1);
    }

    @Property
    void twoQuorumsShareEnoughAndTheCorrectReplicasAreOne(
            @ForAll Protocol protocol, @ForAll @IntRange(min = 1, max = 100) int n) {
        QuorumSystem quorums = QuorumSystem.of(protocol, n);
        int shared = 2 * quorums.certificate() - n;
        assertThat(shared).isGreaterThanOrEqualTo(protocol == Protocol.PBFT ? quorums.f() + 1 : 1);
        assertThat(quorums.certificate()).isLessThanOrEqualTo(n - quorums.f());
        assertThat(quorums.weak()).isLessThanOrEqualTo(quorums.certificate());
    }

    @Property
    void fastReadsMeetWhatWasAcknowledgedAndEachOther(
            @ForAll Protocol protocol, @ForAll @IntRange(min = 1, max = 100) int n) {
        QuorumSystem quorums = QuorumSystem.of(protocol, n);
        int r = quorums.fastRead();
        assertThat(r + quorums.certificate()).isGreaterThan(n + quorums.f());
        assertThat(2 * r).isGreaterThan(n + quorums.f());
        assertThat(r).isLessThanOrEqualTo(n);
        if (protocol == Protocol.PBFT) {
            assertThat(r).isEqualTo(quorums.certificate());
        }
    }

    @Property
    void eachReplicaHasOneVoteAndItsFirstStands(
            @ForAll List<@IntRange(min = 0, max = 6) Integer> voters, @ForAll List<Boolean> values) {
        VoteCollector<Boolean, Integer> votes = new VoteCollector<>();
        Map<Integer, Boolean> first = new HashMap<>();
        for (int i = 0; i < Math.min(voters.size(), values.size()); i++) {
            int voter = voters.get(i);
            boolean value = values.get(i);
            VoteCollector.Outcome outcome = votes.add(new ReplicaId(voter), value, i);
            Boolean earlier = first.putIfAbsent(voter, value);
            assertThat(outcome)
                    .isEqualTo(
                            earlier == null
                                    ? VoteCollector.Outcome.COUNTED
                                    : earlier == value
                                            ? VoteCollector.Outcome.DUPLICATE
                                            : VoteCollector.Outcome.CONFLICTING);
        }
        for (boolean value : new boolean[] {true, false}) {
            long expected = first.values().stream().filter(v -> v == value).count();
            assertThat(votes.count(value)).isEqualTo((int) expected);
            assertThat(votes.votes(value)).hasSize((int) expected);
        }
    }
}
