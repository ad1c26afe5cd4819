package dev.quorate.core.storage;

import dev.quorate.core.SequenceNumber;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.util.List;
import java.util.Optional;

/** A snapshot in a store. Its chunks are read one by one: all of them may be more than fits into memory. */
public interface StoredSnapshot {
    SequenceNumber sequenceNumber();

    /** As it was given; perhaps empty. */
    Bytes certificate();

    Bytes manifest();

    /** The digests of the chunks, in their order. */
    List<Digest> chunkDigests();

    /** Whether all chunks were there, with their lengths, when the store was opened. Their contents are checked later. */
    boolean isComplete();

    /**
     * Reads a chunk and checks it against its digest; empty if it is missing or damaged, in which case it has to come from
     * others. A snapshot that is kept with it repairs it here.
     */
    Optional<Bytes> chunk(int index);
}
