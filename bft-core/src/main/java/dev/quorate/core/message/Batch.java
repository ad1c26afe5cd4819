package dev.quorate.core.message;

import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.util.List;
import java.util.Optional;

/**
 * What is ordered at one sequence number. A batch with nothing in it is a <em>null batch</em>.
 *
 * @param rejoin verified; where there is one, there are no requests and no proposed values
 * @param requests verified, in the order in which they execute
 * @param values what the primary proposes beside them; {@link ProposedValues#NONE} in a null batch
 * @param encoded the exact bytes that went over the wire, each request with its signature
 * @param digest of {@code encoded}
 */
public record Batch(
        Optional<Rejoin> rejoin, List<Request> requests, ProposedValues values, Bytes encoded, Digest digest) {
    public Batch {
        requests = List.copyOf(requests);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Batch that && digest.equals(that.digest);
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }

    @Override
    public String toString() {
        return rejoin.map(r -> "batch " + digest + " with a " + r)
                .orElse("batch " + digest + " of " + requests.size() + " requests");
    }
}
