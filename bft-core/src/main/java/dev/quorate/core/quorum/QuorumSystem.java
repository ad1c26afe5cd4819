package dev.quorate.core.quorum;

import dev.quorate.core.Protocol;

/**
 * The sizes of quorums among {@code n} replicas of which at most {@code f} are faulty.
 *
 * <p><b>PBFT</b>, {@code n ≥ 3f+1}: a <em>certificate quorum</em> has {@code q = ⌈(n+f+1)/2⌉} replicas. Two of them
 * share at least {@code 2q-n ≥ f+1} replicas, so at least one correct one, which does not say two things. And {@code q
 * ≤ n-f}: the correct replicas alone are enough.
 *
 * <p><b>MinBFT</b>, {@code n ≥ 2f+1}: {@code q = ⌊n/2⌋+1}. Two of them share at least one replica, perhaps a faulty
 * one, but its USIG keeps it from saying two things or hiding what it said. Again {@code q ≤ n-f}.
 *
 * <p><b>Fast reads</b>: a read counts when {@code r} replicas agree, and then an ordered result only when {@code w} do.
 * {@code r + w > n + f} has a later read meet a correct replica that executed what was acknowledged, and {@code 2r > n +
 * f} one that answered an earlier read. PBFT: {@code r = w = q}. MinBFT: {@code w = q}, and {@code r} what is missing, all
 * replicas if {@code n = 2f+1}.
 *
 * <p>The <em>weak quorum</em>, {@code f+1}, holds at least one correct replica.
 *
 * @param n the number of replicas
 * @param f the number of faulty ones that is tolerated
 * @param certificate {@code q}
 * @param weak {@code f+1}
 */
public record QuorumSystem(int n, int f, int certificate, int weak) {
    /** The quorums of {@code protocol} with {@code n} replicas and the largest {@code f} that these tolerate. */
    public static QuorumSystem of(Protocol protocol, int n) {
        int f = protocol.maxFaulty(n);
        int certificate =
                switch (protocol) {
                    case PBFT -> (n + f + 2) / 2; // ⌈(n+f+1)/2⌉
                    case MINBFT -> n / 2 + 1;
                };
        return new QuorumSystem(n, f, certificate, f + 1);
    }

    /** {@code r}: how many replicas have to agree about a fast read. */
    public int fastRead() {
        int unordered = (n + f) / 2 + 1; // 2r > n + f
        return Math.max(unordered, n + f + 1 - certificate); // r + w > n + f
    }
}
