package dev.quorate.usig;

import java.io.IOException;
import java.nio.file.Path;

/** One kind of USIG, found through {@link java.util.ServiceLoader} by its name in the cluster configuration. */
public interface UsigProvider {
    /** Unique and stable: it is written into configurations. */
    String name();

    /** Opens the USIG whose state or device description is kept in {@code directory}. */
    Usig open(Path directory) throws IOException;

    /** A verifier for identifiers of {@code identity}; throws {@link IllegalArgumentException} if that is not valid. */
    UsigVerifier verifier(UsigIdentity identity);
}
