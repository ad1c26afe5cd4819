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
}
