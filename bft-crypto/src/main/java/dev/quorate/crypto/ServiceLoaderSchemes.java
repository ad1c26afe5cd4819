package dev.quorate.crypto;

import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;

/** The schemes that others provide. Looking for them reads files, and every client and replica asks. Thread-safe. */
final class ServiceLoaderSchemes {
    private static final Map<String, SignatureScheme> FOUND = new ConcurrentHashMap<>();

    private ServiceLoaderSchemes() {}

    static SignatureScheme named(String name) {
        SignatureScheme found = FOUND.get(name);
        return found != null ? found : find(name);
    }

    private static SignatureScheme find(String name) {
        StringBuilder known = new StringBuilder(Ed25519Bc.NAME);
        for (SignatureScheme scheme : ServiceLoader.load(SignatureScheme.class)) {
            if (scheme.name().equals(name)) {
                FOUND.put(name, scheme);
                return scheme;
            }
            known.append(", ").append(scheme.name());
        }
        throw new IllegalArgumentException("unknown signature scheme '" + name + "'; known: " + known);
    }
}
