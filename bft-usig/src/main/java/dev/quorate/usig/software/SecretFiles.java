package dev.quorate.usig.software;

import dev.quorate.crypto.KeyFiles;
import dev.quorate.usig.UsigStateException;
import dev.quorate.usig.UsigStateException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files with secrets. */
final class SecretFiles {
    private SecretFiles() {}

    /** Throws if there is no such file, for which {@code advice} helps, or others than its owner may read it. */
    static void requireUsable(Path file, String advice) throws IOException {
        if (!Files.exists(file)) {
            throw new UsigStateException(Reason.MISMATCH, file + " is missing: " + advice);
        }
        if (KeyFiles.isExposed(file)) {
            throw new UsigStateException(
                    Reason.EXPOSED, "others than the owner may read " + file + ": chmod 600 it, and consider new keys");
        }
    }
}
