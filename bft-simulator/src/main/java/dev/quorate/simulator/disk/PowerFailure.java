package dev.quorate.simulator.disk;

/** The process ends here, in the middle of what it does to the disk. Not for anybody to catch but whoever planned it. */
public final class PowerFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param during what it did to the disk */
    PowerFailure(String during) {
        super(during, null, false, false);
    }
}
