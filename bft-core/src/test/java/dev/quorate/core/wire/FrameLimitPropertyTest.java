package dev.quorate.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.ProposedValues;
import dev.quorate.core.message.Reply;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The largest thing that a correct member may send fits into a frame, whatever the limits are. */
class FrameLimitPropertyTest {
    private static final Bytes CLUSTER_ID = Bytes.wrap(new byte[16]);
    private static final Bytes LONGEST_SIGNATURE = Bytes.wrap(new byte[128]);
    private static final RequestId LONGEST_ID =
            new RequestId(new ClientId(Integer.MAX_VALUE), MessageCodec.MAX_NUMBER, MessageCodec.MAX_NUMBER);

    @Property(tries = 200)
    void theLargestBatchFits(
            @ForAll @IntRange(min = 1, max = 3000) int maxOperation,
            @ForAll @IntRange(min = 1, max = 200) int maxRequests,
            @ForAll @IntRange(min = 1, max = 100_000) int maxBatch,
            @ForAll @IntRange(min = 0, max = 3000) int operation) {
        Limits limits = Limits.defaults()
                .with(Limit.MAX_OPERATION_BYTES, maxOperation)
                .with(Limit.MAX_RESULT_BYTES, 1)
                .with(Limit.MAX_BATCH_REQUESTS, maxRequests)
                .with(Limit.MAX_BATCH_BYTES, maxBatch);
        List<Bytes> frames = new ArrayList<>();
        // Operations alone count here; whoever counts whole requests stops earlier.
        for (int bytes = 0; frames.size() < maxRequests && bytes < maxBatch; ) {
            int remaining = maxBatch - bytes - 1;
            int length = remaining > 0 ? Math.min(Math.min(operation, maxOperation), remaining) : maxOperation;
            frames.add(request(length));
            bytes += length;
        }
        Bytes body = MessageCodec.encodeBatch(
                frames,
                new ProposedValues(
                        MessageCodec.MAX_NUMBER,
                        Bytes.wrap(new byte[ProposedValues.SEED_BYTES]),
                        Bytes.wrap(new byte[limits.get(Limit.MAX_PREDICTION_BYTES)])));
        PrePrepare header = new PrePrepare(
                new ReplicaId(99),
                new View(MessageCodec.MAX_NUMBER),
                new SequenceNumber(MessageCodec.MAX_NUMBER),
                Digest.sha256(body),
                Optional.empty());
        Bytes frame = MessageCodec.encode(new Envelope(
                CLUSTER_ID,
                MessageType.PRE_PREPARE,
                99,
                Long.MAX_VALUE,
                MessageCodec.encodePayload(header),
                LONGEST_SIGNATURE,
                body));

        assertThat(frame.length()).isLessThanOrEqualTo(limits.maxBatchMessageBytes());
    }

    @Property(tries = 50)
    void theLargestReplyFits(@ForAll @IntRange(min = 1, max = 100_000) int maxResult) {
        Limits limits = Limits.defaults()
                .with(Limit.MAX_OPERATION_BYTES, 1)
                .with(Limit.MAX_RESULT_BYTES, maxResult)
                .with(Limit.MAX_BATCH_REQUESTS, 1)
                .with(Limit.MAX_BATCH_BYTES, 1);
        Reply reply = new Reply(
                new ReplicaId(99),
                new View(MessageCodec.MAX_NUMBER),
                LONGEST_ID,
                Result.ok(Bytes.wrap(new byte[maxResult])));
        Bytes frame = MessageCodec.encode(new Envelope(
                CLUSTER_ID,
                MessageType.REPLY,
                99,
                Long.MAX_VALUE,
                MessageCodec.encodePayload(reply),
                Bytes.EMPTY,
                Bytes.EMPTY));

        assertThat(frame.length()).isLessThanOrEqualTo(limits.maxBatchMessageBytes());
    }

    private static Bytes request(int operation) {
        Request request = new Request(LONGEST_ID, Bytes.wrap(new byte[operation]));
        return MessageCodec.encode(new Envelope(
                CLUSTER_ID,
                MessageType.REQUEST,
                Integer.MAX_VALUE,
                0,
                MessageCodec.encodePayload(request),
                LONGEST_SIGNATURE,
                Bytes.EMPTY));
    }
}
