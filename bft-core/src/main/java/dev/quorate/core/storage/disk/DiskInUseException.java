package dev.quorate.core.storage.disk;

import java.io.IOException;

/** Somebody else has a directory's lock. */
public final class DiskInUseException extends IOException {
    private static final long serialVersionUID = 1;

    /** @param holder who has it, as the beginning of a sentence */
    public DiskInUseException(String holder) {
        super(holder);
    }
}
