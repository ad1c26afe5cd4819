package dev.quorate.core.storage;

import dev.quorate.core.SequenceNumber;
import java.io.Closeable;
import java.util.List;

/**
 * What one replica remembers: a log of records in the order in which they were appended, a few named cells of which the
 * last value counts, and snapshots. Opened by a {@link StoreProvider}.
 *
 * <p>Every method returns when what it did is as durable as the store's {@link Durability} promises. If one throws a
 * {@link StoreException} with {@link StoreException.Reason#FAILED}, nothing of that call may be taken for done and the
 * store does nothing any more: stop the replica, mend the cause and open the store again.
 *
 * <p>{@link #keep} may be called by one thread while another calls the other methods; those are for one thread at a time.
 */
public interface ReplicaStore extends Closeable {
    /**
     * The longest record, in bytes: enough for a NEW-VIEW of a hundred replicas, and for an operation of the largest size.
     * A configuration under which records might be longer is refused.
     */
    int MAX_RECORD_BYTES = 128 << 20;
    /** The longest value of a cell, in bytes. */
    int MAX_CELL_BYTES = 256 << 10;
    /** How many cells there may be. */
    int MAX_CELLS = 128;

    /** What {@link #append} promises. */
    Durability durability();

    /**
     * Appends to the log, with one sync for the whole group. After a crash that came before this returned, any prefix of
     * the group may be there. Records below what was last discarded are left out: nobody needs them.
     *
     * @throws IllegalArgumentException if an entry is too long or there are too many cells; then nothing is appended
     */
    void append(List<LogEntry> group) throws StoreException;

    /**
     * Keeps a snapshot, in the place of any of the same sequence number. Chunks that an earlier snapshot has, too, are not
     * written again. After a crash that came before this returned, the snapshot is there whole or not at all.
     */
    void keep(Snapshot snapshot) throws StoreException;

    /**
     * Forgets the records and snapshots below a stable checkpoint. Once this has returned they are never recovered again.
     * The newest snapshot stays in any case, because parts of it may be of use for getting a newer one. Cells stay.
     */
    void discardBelow(SequenceNumber stable) throws StoreException;

    /**
     * Begins anew after binding records were lost, or so that a replica without memory may rejoin: the log becomes empty
     * and the cells go; snapshots stay. From now on the store is {@link Condition#REJOINING}, whatever crashes come,
     * until {@link #endRejoin}.
     */
    void startOver() throws StoreException;

    /** The replica may vote again: what it remembers is all that binds it. */
    void endRejoin() throws StoreException;

    /** Makes everything durable and gives up the right to use the store. Closing again does nothing. */
    @Override
    void close() throws StoreException;
}
