package dev.quorate.core.storage;

/**
 * Something in a store that is not as it should be.
 *
 * @param where the file
 * @param what for people: what is wrong, and what follows
 */
public record Finding(Category category, String where, String what) {
    /** How bad it is. */
    public enum Category {
        /** The end of the log was being written when the crash came, and was never reported durable. Harmless. */
        CUT,
        /** Nothing that binds is lost: it is mended here from what is left, or by what other replicas have. */
        REPAIRABLE,
        /** Binding records are lost: the replica has to start over and rejoin. */
        AMNESIA
    }

    @Override
    public String toString() {
        return category + " " + where + ": " + what;
    }
}
