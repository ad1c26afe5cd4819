package dev.quorate.core.smr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.TestCluster;
import dev.quorate.core.pbft.LoopbackCluster;
import java.util.Collections;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a replica says to a request that was executed before, whoever shows it. */
class RepliesTest {
    @ParameterizedTest
    @EnumSource(Protocol.class)
    @DisplayName("L1 a request that is shown many times is answered once more in each status interval")
    void l1AnsweredAgainOnceInAnInterval(Protocol protocol) {
        LoopbackCluster cluster = executed(protocol, "a", "b");
        for (int i = 0; i < 100; i++) {
            cluster.requestAgain(0, "a", 1);
            cluster.requestAgain(1, "b", 1);
        }
        assertThat(cluster.replies()).containsExactly("1:a", "1:b");
        cluster.tick(1);
        cluster.requestAgain(0, "a", 1);
        assertThat(cluster.replies()).containsExactly("1:a", "1:b", "1:a");
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    @DisplayName("an answer without a value needs no budget")
    void withoutAValue(Protocol protocol) {
        LoopbackCluster cluster = executed(protocol, "");
        for (int i = 0; i < 3; i++) {
            cluster.requestAgain(0, "", 1);
        }
        assertThat(cluster.replies()).isEqualTo(Collections.nCopies(3, "1:"));
    }

    /** Clients 0, 1 and so on have had these executed, and got their replies. */
    private static LoopbackCluster executed(Protocol protocol, String... operations) {
        LoopbackCluster cluster =
                new LoopbackCluster(TestCluster.of(protocol, 4, operations.length, Limits.defaults()));
        for (int client = 0; client < operations.length; client++) {
            cluster.request(client, operations[client], 0);
            cluster.run();
        }
        cluster.replies().clear();
        return cluster;
    }
}
