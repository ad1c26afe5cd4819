package dev.quorate.core.wire;

import dev.quorate.core.message.Batch;
import dev.quorate.core.message.ProposedValues;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Makes batches of requests that are verified already. */
public final class Batches {
    private static final byte[] SEED_DOMAIN = "quorate-seed\0".getBytes(StandardCharsets.US_ASCII);
    private static final Batch NULL_BATCH = encode(List.of(), ProposedValues.NONE);

    private Batches() {}

    /** The batch without requests, which fills a sequence number for which there is nothing to order. */
    public static Batch nullBatch() {
        return NULL_BATCH;
    }

    /**
     * A batch; the null batch if there are no requests.
     *
     * @param timeMillis the primary's wall-clock time
     * @param secret known to the primary only: what its proposed seeds derive from
     * @param prediction what its service predicted
     */
    public static Batch of(List<Verified<Request>> requests, long timeMillis, Bytes secret, Bytes prediction) {
        return requests.isEmpty()
                ? NULL_BATCH
                : encode(requests, new ProposedValues(timeMillis, seed(requests, timeMillis, secret), prediction));
    }

    private static Bytes seed(List<Verified<Request>> requests, long timeMillis, Bytes secret) {
        ByteBuffer ids = ByteBuffer.allocate(Long.BYTES + requests.size() * (Integer.BYTES + 2 * Long.BYTES));
        ids.putLong(timeMillis);
        for (Verified<Request> request : requests) {
            RequestId id = request.message().id();
            ids.putInt(id.client().value()).putLong(id.session()).putLong(id.number());
        }
        return Bytes.wrap(
                Digest.sha256(SEED_DOMAIN, secret.unsafeArray(), ids.array()).toArray());
    }

    private static Batch encode(List<Verified<Request>> verified, ProposedValues values) {
        List<Request> requests = new ArrayList<>(verified.size());
        List<Bytes> frames = new ArrayList<>(verified.size());
        for (Verified<Request> request : verified) {
            requests.add(request.message());
            frames.add(request.frame());
        }
        Bytes encoded = MessageCodec.encodeBatch(frames, values);
        return new Batch(requests, values, encoded, MessageCodec.batchDigest(encoded));
    }
}
