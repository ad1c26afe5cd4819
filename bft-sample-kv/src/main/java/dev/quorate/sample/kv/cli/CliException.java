package dev.quorate.sample.kv.cli;

/** Ends a command with one line for the person who typed it, and an exit code. */
final class CliException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** It did not work: no quorum, a replica that died. */
    static final int FAILURE = 1;
    /** What was typed, or a file that it names, has to be corrected. */
    static final int MISTAKE = 2;
    /** The key is not there, or the condition did not hold. */
    static final int NOT_THERE = 3;

    private final int exitCode;

    private CliException(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    static CliException failure(String message) {
        return new CliException(FAILURE, message, null);
    }

    static CliException failure(String message, Throwable cause) {
        return new CliException(FAILURE, message, cause);
    }

    static CliException mistake(String message) {
        return new CliException(MISTAKE, message, null);
    }

    static CliException mistake(String message, Throwable cause) {
        return new CliException(MISTAKE, message, cause);
    }

    static CliException notThere(String message) {
        return new CliException(NOT_THERE, message, null);
    }

    int exitCode() {
        return exitCode;
    }
}
