package dev.quorate.core.wire;

import dev.quorate.core.message.Batch;
import dev.quorate.core.message.Request;
import dev.quorate.crypto.Bytes;
import java.util.ArrayList;
import java.util.List;

/** Makes batches of requests that are verified already. */
public final class Batches {
    private static final Batch NULL_BATCH = of(List.of());

    private Batches() {}

    /** The batch without requests, which fills a sequence number for which there is nothing to order. */
    public static Batch nullBatch() {
        return NULL_BATCH;
    }

    public static Batch of(List<Verified<Request>> verified) {
        List<Request> requests = new ArrayList<>(verified.size());
        List<Bytes> frames = new ArrayList<>(verified.size());
        for (Verified<Request> request : verified) {
            requests.add(request.message());
            frames.add(request.frame());
        }
        Bytes encoded = MessageCodec.encodeBatch(frames);
        return new Batch(requests, encoded, MessageCodec.batchDigest(encoded));
    }
}
