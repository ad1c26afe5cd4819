package dev.quorate.core.storage;

/** A place in which a replica's store lies. */
@FunctionalInterface
public interface StoreProvider {
    /**
     * Opens the store, making an empty one if there is none. Damage does not make this fail: it is in the result.
     *
     * @throws StoreException if somebody has it open, if it is somebody else's, or if it cannot be read or written
     */
    OpenedStore open(StoreOwner owner) throws StoreException;
}
