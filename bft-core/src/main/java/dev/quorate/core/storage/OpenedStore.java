package dev.quorate.core.storage;

/**
 * A store that was opened.
 *
 * @param store to be closed by whoever opened it
 * @param recovered what was in it; not kept by the store
 */
public record OpenedStore(ReplicaStore store, Recovered recovered) {}
