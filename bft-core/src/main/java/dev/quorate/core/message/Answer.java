package dev.quorate.core.message;

import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.util.Optional;

/**
 * A result as one replica sends it: whole, or by its digest where another replica sends the whole.
 *
 * @param whole the result itself; empty if only its digest is here
 * @param digest of the result: equal for equal results, whichever way they were sent
 */
public record Answer(Optional<Result> whole, Digest digest) {
    /** The result itself. */
    public static Answer whole(Result result) {
        return new Answer(Optional.of(result), digestOf(result));
    }

    /** The digest only. */
    public static Answer byDigest(Result result) {
        return new Answer(Optional.empty(), digestOf(result));
    }

    private static Digest digestOf(Result result) {
        byte[] outcome = {(byte) result.outcome().code()};
        return Digest.sha256(outcome, result.value().unsafeArray());
    }

    /** What goes over the wire of the result: nothing if it goes by its digest. */
    public Bytes value() {
        return whole.map(Result::value).orElse(Bytes.EMPTY);
    }
}
