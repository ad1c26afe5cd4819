/** Digests, signatures and keys: the ground floor, which knows nothing of replication. */
package dev.quorate.crypto;
