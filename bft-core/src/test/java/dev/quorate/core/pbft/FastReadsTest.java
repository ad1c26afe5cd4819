package dev.quorate.core.pbft;

import static dev.quorate.core.pbft.Steps.bytes;
import static dev.quorate.core.pbft.Steps.seq;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.TestCluster;
import dev.quorate.core.View;
import dev.quorate.core.message.Answer;
import dev.quorate.core.message.Read;
import dev.quorate.core.message.ReadReply;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.smr.Event;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Fast reads at a replica. */
class FastReadsTest {
    private static final Limits LIMITS =
            Limits.defaults().with(Limit.REQUESTS_PER_SESSION, 2).with(Limit.WHOLE_REPLY_BYTES, 4);

    private final Steps replica = Steps.withFastReads(1, LIMITS);

    @Test
    void aReadIsAnsweredWithWhatTheServiceReadAndItsStamp() {
        replica.on(read(0, 1)).reads(id(0, 1), "get").nothingElse();
        Result result = Result.ok(bytes("five"));
        replica.on(new Event.ReadDone(id(0, 1), seq(7), result))
                .answersRead(new ReadReply(new ReplicaId(1), id(0, 1), seq(7), Answer.whole(result)))
                .nothingElse();
    }

    @Test
    void ofALargeResultOneReplicaSendsTheWhole() {
        Result large = Result.ok(bytes("five!"));
        // Session 1: read 4 chooses replica 1 of four, read 5 another.
        replica.on(read(0, 4)).whatever();
        replica.on(new Event.ReadDone(id(0, 4), seq(7), large))
                .answersRead(new ReadReply(new ReplicaId(1), id(0, 4), seq(7), Answer.whole(large)))
                .nothingElse();
        replica.on(read(0, 5)).whatever();
        replica.on(new Event.ReadDone(id(0, 5), seq(7), large))
                .answersRead(new ReadReply(new ReplicaId(1), id(0, 5), seq(7), Answer.byDigest(large)))
                .nothingElse();
    }

    @Test
    @DisplayName("L3 a client has W_c reads under way, and harms only itself with more")
    void l3AClientHasItsQuota() {
        replica.on(read(0, 1)).reads(id(0, 1), "get").nothingElse();
        replica.on(read(0, 2)).reads(id(0, 2), "get").nothingElse();
        replica.on(read(0, 3)).rejects(RejectionReason.QUOTA_EXCEEDED).nothingElse();
        replica.on(read(1, 1)).reads(id(1, 1), "get").nothingElse();
        replica.on(new Event.ReadDone(id(0, 1), seq(0), Result.ok(bytes("v")))).whatever();
        replica.on(read(0, 4)).reads(id(0, 4), "get").nothingElse();
    }

    @Test
    void readsAreRefusedUnlessTheConfigurationAllowsThem() {
        Steps.backup(1).on(read(0, 1)).rejects(RejectionReason.NOT_PERMITTED).nothingElse();
    }

    @Test
    @DisplayName(
            "B6, L6 a client short of replies gets them although the primary leaves out a replica that left the view")
    void l6AReplicaThatWasLeftOutGetsToAnswer() {
        LoopbackCluster cluster = new LoopbackCluster(TestCluster.of(Protocol.PBFT, 4, 4, Limits.defaults(), true));
        // The faulty primary 0 leaves out 1, whose channel to it breaks: it wants to leave, and nobody else does.
        cluster.lose((from, to, message) -> from == 0 && to == 1);
        cluster.deliverDisconnect(1, 0);
        cluster.lose((from, to, message) -> to == 1 || from == 1);
        cluster.request(0, "a", 0);
        cluster.run();
        assertThat(cluster.replies()).containsExactlyInAnyOrder("0:a", "2:a", "3:a");
        assertThat(cluster.executed(1)).isEmpty();

        // The primary says nothing to the client, which asks all once more; 2 and 3 show 1 that it is behind.
        cluster.lose((from, to, message) -> from == 0);
        cluster.requestAgain(0, "a", 1, 2, 3);
        cluster.run();
        cluster.tick(1);
        assertThat(cluster.executed(1)).containsExactly("a");
        assertThat(cluster.replies()).contains("1:a");
        assertThat(cluster.status(2).view()).isEqualTo(View.ZERO);
    }

    private static Read read(int client, long number) {
        return new Read(id(client, number), bytes("get"));
    }

    private static RequestId id(int client, long number) {
        return new RequestId(new ClientId(client), 1, number);
    }
}
