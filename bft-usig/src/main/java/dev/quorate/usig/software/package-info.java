/**
 * Two USIGs without hardware, {@code hmac} and {@code ed25519}, which live in the replica's own process.
 *
 * <p><b>What they protect against:</b> a replica that crashes, at any instant, with or without its machine. The counter
 * neither repeats nor skips, and a damaged state is refused, not guessed.
 *
 * <p><b>What they do not protect against:</b> whoever can run code as the replica, read its memory or its files. Such an
 * attacker has the key and can give two messages one counter; with {@code hmac} even in the name of every other replica.
 * MinBFT's {@code n ≥ 2f+1} then no longer holds. Use them to develop, to test, and where replicas fail only by crashing;
 * against compromised replicas, put the USIG out of their reach. Nor do they notice when the whole directory is replaced
 * by an older copy and the replica's log with it, or when a copy runs elsewhere (a restored or cloned machine): begin a
 * new epoch after restoring a backup.
 */
package dev.quorate.usig.software;
