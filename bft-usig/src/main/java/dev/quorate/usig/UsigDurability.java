package dev.quorate.usig;

/** What becomes of a USIG's counter when the replica, or its machine, restarts. */
public enum UsigDurability {
    /**
     * The USIG keeps the counter itself, and gives out again whatever was not confirmed. No identifier leaves it before
     * that survives a loss of power.
     */
    DURABLE,

    /**
     * The counter is the tail of the replica's synced log, which tells it to {@link UsigProvider#open}. Right only for a
     * replica that lets no identifier out before it is synced: an identifier that was not synced then never existed.
     */
    LOG,

    /** The counter is lost: every opening starts a new epoch, in which the others have to be told of a new identity. */
    VOLATILE
}
