/** Digests, signatures and keys, and the lock of a directory: the ground floor, which knows nothing of replication. */
package dev.quorate.crypto;
