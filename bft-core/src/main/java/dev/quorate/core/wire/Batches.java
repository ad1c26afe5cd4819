package dev.quorate.core.wire;

import dev.quorate.core.message.Batch;
import dev.quorate.core.message.ProposedValues;
import dev.quorate.core.message.Rejoin;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes batches of what is verified already. */
public final class Batches {
    private static final byte[] SEED_DOMAIN = "quorate-seed\0".getBytes(StandardCharsets.US_ASCII);
    private static final Batch NULL_BATCH = encode(Optional.empty(), List.of(), ProposedValues.NONE);

    private Batches() {}

    /** The batch with nothing in it, which fills a sequence number for which there is nothing to order. */
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
                : encode(
                        Optional.empty(),
                        requests,
                        new ProposedValues(timeMillis, seed(requests, timeMillis, secret), prediction));
    }

    /** A batch in which a replica rejoins. */
    public static Batch of(Verified<Rejoin> rejoin) {
        return encode(Optional.of(rejoin), List.of(), ProposedValues.NONE);
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

    private static Batch encode(
            Optional<Verified<Rejoin>> rejoin, List<Verified<Request>> requests, ProposedValues values) {
        List<Bytes> frames = new ArrayList<>(requests.size() + 1);
        rejoin.ifPresent(one -> frames.add(one.frame()));
        requests.forEach(request -> frames.add(request.frame()));
        Bytes encoded = MessageCodec.encodeBatch(frames, values);
        return new Batch(
                rejoin.map(Verified::message),
                requests.stream().map(Verified::message).toList(),
                values,
                encoded,
                MessageCodec.batchDigest(encoded));
    }
}
