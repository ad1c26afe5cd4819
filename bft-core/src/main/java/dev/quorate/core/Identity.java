package dev.quorate.core;

import dev.quorate.crypto.InvalidKeyException;
import dev.quorate.crypto.KeyFiles;
import dev.quorate.crypto.PrivateKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Who a replica or a client is: its private key. Which id belongs to it is in the {@link ClusterConfig}.
 *
 * @param key the secret; printing it shows nothing of it
 */
public record Identity(PrivateKey key) {
    /**
     * Reads a PEM file.
     *
     * @throws ConfigException if there is no such file, or it holds no usable key, or others than its owner may read it
     */
    public static Identity load(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new ConfigException("there is no key file " + file);
        }
        if (KeyFiles.isExposed(file)) {
            throw new ConfigException(file + " can be read by others than its owner; run: chmod 600 " + file);
        }
        try {
            return new Identity(KeyFiles.read(file));
        } catch (InvalidKeyException e) {
            throw new ConfigException(e.getMessage(), e);
        }
    }
}
