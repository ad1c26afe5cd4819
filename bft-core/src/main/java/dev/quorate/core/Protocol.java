package dev.quorate.core;

/** The replication protocols, and how many faulty replicas each tolerates. */
public enum Protocol {
    /** Castro and Liskov, OSDI 1999: {@code n ≥ 3f+1}, no trusted hardware. */
    PBFT("pbft", 3),
    /** Veronese et al., IEEE TC 2013: {@code n ≥ 2f+1}, a trusted counter (USIG) at every replica. */
    MINBFT("minbft", 2);

    private final String configName;
    private final int replicasForEachFault;

    Protocol(String configName, int replicasForEachFault) {
        this.configName = configName;
        this.replicasForEachFault = replicasForEachFault;
    }

    /** Its name in a configuration and on a command line. */
    public String configName() {
        return configName;
    }

    /** The largest {@code f} that {@code n} replicas tolerate. */
    public int maxFaulty(int n) {
        return (n - 1) / replicasForEachFault;
    }

    /** The protocol of that name; throws {@link IllegalArgumentException} that lists the names. */
    public static Protocol named(String name) {
        for (Protocol protocol : values()) {
            if (protocol.configName.equals(name)) {
                return protocol;
            }
        }
        throw new IllegalArgumentException("unknown protocol '" + name + "'; known: pbft, minbft");
    }
}
