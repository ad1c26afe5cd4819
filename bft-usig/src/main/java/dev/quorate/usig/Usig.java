package dev.quorate.usig;

import dev.quorate.crypto.Digest;
import java.io.IOException;
import java.util.List;

/**
 * A trusted counter, opened by one replica: the <em>Unique Sequential Identifier Generator</em> of Veronese et al. 2013,
 * section 4. Even a compromised replica cannot make it give two messages the same counter, leave a counter out, or go
 * back, as far as the implementation is out of the replica's reach.
 *
 * <p><b>Restarts.</b> A counter whose message nobody has would block the replica's stream for ever. So a replica with a
 * {@link UsigDurability#DURABLE} USIG
 *
 * <ol>
 *   <li>writes the message and the counter that it expects, {@code lastCounter() + 1}, to its log, and syncs it;
 *   <li>calls {@link #createUi}, sends the message with its identifier, and writes the identifier to its log;
 *   <li>calls {@link #confirm} once that is synced, so that the USIG may forget.
 * </ol>
 *
 * After a crash it opens the USIG and looks at {@link #lastCounter}: for messages of its log up to that counter it takes
 * the identifiers that it lacks from {@link #certificatesAfter}; for one above it, it calls {@link #createUi} again. An
 * identifier for a message that its log does not have means that somebody else used the USIG, or that the log was lost:
 * then it needs a new epoch. The runtime of {@code bft-transport} keeps the messages of the first step beside the USIG
 * instead of in the log, and does not sync them: that is enough after a kill, and not always after a loss of power.
 *
 * <p>With {@link UsigDurability#LOG} it writes message and identifier together and lets neither out before both are
 * synced; before its first identifier of an epoch it syncs {@code (epoch, lastCounter)}.
 *
 * <p>One caller at a time, because the order of the counters is state of the protocol. A second one at the same time gets
 * {@link IllegalStateException}, or waits; no counter is repeated or skipped by it.
 */
public interface Usig extends AutoCloseable {
    /** Stays the same while this is open. */
    UsigIdentity identity();

    UsigDurability durability();

    /** The counter of the newest identifier of this epoch; 0 before the first. */
    long lastCounter();

    /**
     * Gives {@code message} the next counter. After any exception but the one for too many unconfirmed identifiers, this
     * object gives out no more; what {@link #lastCounter} is when it is opened again tells whether the counter moved.
     *
     * @param message the digest of everything that the identifier has to bind, cluster, message type, view and sender
     *     included
     * @throws IllegalStateException if {@link #maxUnconfirmed} identifiers are unconfirmed: the counter has not moved
     * @throws IOException if the device does not answer or cannot store the counter, for which an interrupt of the
     *     calling thread may be the reason: the replica stops
     */
    UniqueIdentifier createUi(Digest message) throws IOException;

    /**
     * Gives out again every identifier of this epoch above {@code counter}, in order: the same counters for the same
     * messages, with certificates that verify.
     *
     * @throws IllegalArgumentException if {@code counter} is above {@link #lastCounter} or below {@link #lastConfirmed}
     */
    List<IssuedUi> certificatesAfter(long counter) throws IOException;

    /**
     * Says that the caller has all identifiers up to {@code counter} on its disk. A lower one than before changes
     * nothing. It may be forgotten by a crash.
     *
     * @throws IllegalArgumentException if there is no such counter yet
     */
    void confirm(long counter) throws IOException;

    /** The highest counter known to be confirmed; what comes after it can be had again. At most {@link #lastCounter}. */
    long lastConfirmed();

    /** How many identifiers may be unconfirmed at once; at least 1. */
    int maxUnconfirmed();

    /** Lets others open it. What is unconfirmed stays available. Again: no effect. */
    @Override
    void close() throws IOException;
}
