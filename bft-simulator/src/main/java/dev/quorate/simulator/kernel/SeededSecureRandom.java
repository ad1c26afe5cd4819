package dev.quorate.simulator.kernel;

import java.security.SecureRandom;

/** Gives seeded numbers to what asks for a {@link SecureRandom}: keys in a simulation are the same in each run. */
public final class SeededSecureRandom extends SecureRandom {
    private final transient Randomness randomness;

    public SeededSecureRandom(Randomness randomness) {
        this.randomness = randomness;
    }

    @Override
    public void nextBytes(byte[] bytes) {
        randomness.nextBytes(bytes);
    }

    @Override
    public byte[] generateSeed(int numBytes) {
        byte[] bytes = new byte[numBytes];
        randomness.nextBytes(bytes);
        return bytes;
    }
}
