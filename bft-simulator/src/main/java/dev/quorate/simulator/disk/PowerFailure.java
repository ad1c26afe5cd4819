package dev.quorate.simulator.disk;

/** The process ends here, in the middle of what it does to the disk. Not for anybody to catch but whoever planned it. */
public final class PowerFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    PowerFailure(String during) {
        super("the process ends during " + during, null, false, false);
    }
}
