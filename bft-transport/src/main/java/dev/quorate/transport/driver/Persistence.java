package dev.quorate.transport.driver;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.StateImage;
import dev.quorate.core.storage.StoreException;
import java.io.IOException;
import java.util.List;

/**
 * Where that goes which has to be durable before anything that follows it leaves the replica. {@link #keep} is for the
 * threads of the service, the other methods are for the replica thread.
 */
interface Persistence {
    /** Keeps nothing: a replica that restarts has forgotten what it said. */
    Persistence NONE = new Persistence() {
        @Override
        public void persist(List<Effect.Persist> records) {
            // Not kept.
        }

        @Override
        public void discard(Effect.Discard discard) {
            // There is nothing.
        }

        @Override
        public void endRejoin() {
            // There was no memory to lose.
        }

        @Override
        public void accept(Effect.AcceptUsig accepted) {
            // There are no USIGs.
        }

        @Override
        public Event.UsigRenewed renew(Effect.RenewUsig renewal) {
            throw new IllegalStateException("no USIG to renew");
        }

        @Override
        public void keep(SequenceNumber at, StateImage image) {
            // Not kept.
        }
    };

    /** Returns when all of the records, in this order, are as durable as the mode promises. One sync for all of them. */
    void persist(List<Effect.Persist> records) throws StoreException;

    /** Whether the replica thread should persist what it has before it handles anything more. */
    default boolean mustPersist() {
        return false;
    }

    /** Forgets what is not needed any more. */
    void discard(Effect.Discard discard) throws StoreException;

    /** Believes another replica's new USIG, also after a restart. */
    void accept(Effect.AcceptUsig accepted) throws StoreException;

    /** Begins a new epoch of this replica's USIG. */
    Event.UsigRenewed renew(Effect.RenewUsig renewal) throws IOException;

    /** Returns when it is durable that the replica remembers all that binds it. */
    void endRejoin() throws StoreException;

    /** Returns when the state is durable. */
    void keep(SequenceNumber at, StateImage image) throws StoreException;
}
