/**
 * The contract of a replica's store as tests. Whoever writes one extends
 * {@link dev.quorate.store.testkit.ReplicaStoreContract}, says how it is opened, and has the whole list.
 */
package dev.quorate.store.testkit;
