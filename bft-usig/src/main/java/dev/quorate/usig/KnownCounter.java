package dev.quorate.usig;

/**
 * What a replica's own synced log knows about its USIG. It is how a USIG notices that its state was rolled back, and for
 * {@link UsigDurability#LOG} it is where the counter is kept.
 *
 * @param epoch the USIG's epoch that the log is in; at least 0
 * @param counter the last counter of that epoch in the log, 0 when the log knows that the epoch has begun and no more
 */
public record KnownCounter(long epoch, long counter) {
    public KnownCounter {
        if (epoch < 0 || counter < 0) {
            throw new IllegalArgumentException("epoch " + epoch + ", counter " + counter);
        }
    }
}
