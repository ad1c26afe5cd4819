/**
 * Where a replica keeps its log and its snapshots: {@link dev.quorate.core.storage.ReplicaStore}, a store in files, and
 * one that keeps nothing.
 */
package dev.quorate.core.storage;
