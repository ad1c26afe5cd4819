package dev.quorate.simulator.check;

import static dev.quorate.simulator.check.Observations.run;
import static dev.quorate.simulator.check.Observations.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.InvalidKeyException;
import dev.quorate.crypto.PublicKey;
import dev.quorate.crypto.SignatureScheme;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BoundedMemoryCheckerTest {
    private final Checker checker = new BoundedMemoryChecker(new MemoryBounds(8, 6));

    @Test
    void everythingAtItsBound() {
        assertThat(run(checker, status(0, 28, 28, 20, 6, 8), status(0, 0, 0, 20, 0, 0)))
                .isEmpty();
    }

    @Test
    void oneMoreLogEntry() {
        assertThat(run(checker, status(0, 0, 0, 0, 0, 9)))
                .hasValueSatisfying(v -> assertThat(v.explanation()).contains("9 log entries", "bound of 8"));
    }

    @Test
    void whatIsStableButNotExecutedMayBeHeldToo() {
        assertThat(run(checker, status(0, 23, 17, 20, 0, 11))).isEmpty();
        assertThat(run(checker, status(0, 23, 17, 20, 0, 12)))
                .hasValueSatisfying(v -> assertThat(v.explanation()).contains("bound of 11"));
    }

    @Test
    void butNoMoreThanAnotherWindow() {
        assertThat(run(checker, status(0, 103, 17, 100, 0, 16))).isEmpty();
        assertThat(run(checker, status(0, 103, 17, 100, 0, 17))).isPresent();
    }

    @Test
    void oneMorePendingRequest() {
        assertThat(run(checker, status(0, 0, 0, 0, 7, 0)))
                .hasValueSatisfying(v -> assertThat(v.explanation()).contains("7 pending requests"));
    }

    @Test
    void proposalAcceptedBeyondTheWindow() {
        assertThat(run(checker, status(0, 29, 20, 20, 0, 0))).isPresent();
    }

    @Test
    void executedBeyondTheWindow() {
        assertThat(run(checker, status(0, 28, 29, 20, 0, 0))).isPresent();
    }

    @Test
    void boundsFollowFromTheConfiguration() throws InvalidKeyException {
        Limits limits = Limits.defaults()
                .with(Limit.CHECKPOINT_INTERVAL, 4)
                .with(Limit.WINDOW, 8)
                .with(Limit.SESSIONS_PER_CLIENT, 3)
                .with(Limit.REQUESTS_PER_SESSION, 5);
        ClusterConfig config = new ClusterConfig(
                Bytes.wrap(new byte[ClusterConfig.CLUSTER_ID_BYTES]),
                Protocol.PBFT,
                SignatureScheme.DEFAULT,
                List.of(new ClusterConfig.ReplicaInfo(new ReplicaId(0), "localhost", 1, newKey())),
                List.of(
                        new ClusterConfig.ClientInfo(new ClientId(0), newKey()),
                        new ClusterConfig.ClientInfo(new ClientId(1), newKey())),
                limits);
        assertThat(MemoryBounds.of(config)).isEqualTo(new MemoryBounds(8, 2 * 3 * 5));
        assertThat(Invariants.of(config, Set.of()))
                .hasSize(9)
                .extracting(c -> c.getClass().getSimpleName())
                .doesNotHaveDuplicates();
    }

    private static PublicKey newKey() throws InvalidKeyException {
        SignatureScheme scheme = SignatureScheme.named(SignatureScheme.DEFAULT);
        return scheme.publicKey(scheme.generate(new SecureRandom()));
    }
}
