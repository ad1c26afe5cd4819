package dev.quorate.simulator.kernel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A deterministic source of numbers: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). The JDK's generators are not used
 * because what they derive from their bits (bounded numbers, shuffles) may differ from one release to the next, and a
 * seed has to mean the same run everywhere. Not thread-safe, and not for secrets.
 */
public final class Randomness {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private long state;

    public Randomness(long state) {
        this.state = state;
    }

    public long nextLong() {
        state += GOLDEN_GAMMA;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** A number from 0 to {@code bound - 1}; {@code bound} is at least 1. */
    public int below(int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("bound " + bound);
        }
        // The bias is below 2^-32: of no importance here, unlike the same result on every machine.
        return (int) (((nextLong() >>> 32) * bound) >>> 32);
    }

    /** A number from {@code low} to {@code high}, both included. */
    public int between(int low, int high) {
        return low + below(high - low + 1);
    }

    /** A number from {@code low} to {@code high}, both included. */
    public long between(long low, long high) {
        if (high < low) {
            throw new IllegalArgumentException(low + " to " + high);
        }
        return high == low ? low : low + Long.remainderUnsigned(nextLong(), high - low + 1);
    }

    /** A number from 0 (included) to 1 (excluded). */
    public double fraction() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** True with this probability. */
    public boolean chance(double probability) {
        return fraction() < probability;
    }

    /** A number whose logarithm is evenly distributed: as many small ones as large ones. {@code low} is above 0. */
    public long skewed(long low, long high) {
        double logLow = StrictMath.log((double) low);
        double drawn = StrictMath.exp(logLow + fraction() * (StrictMath.log((double) high) - logLow));
        return Math.max(low, Math.min(high, (long) drawn));
    }

    /** One of a list that is not empty. */
    public <T> T pick(List<T> list) {
        return list.get(below(list.size()));
    }

    /** The elements in a random order, as a new list. */
    public <T> List<T> shuffled(List<T> list) {
        List<T> copy = new ArrayList<>(list);
        for (int i = copy.size() - 1; i > 0; i--) {
            Collections.swap(copy, i, below(i + 1));
        }
        return copy;
    }

    /** Each element with this probability, in the list's order. */
    public <T> List<T> some(List<T> list, double probability) {
        List<T> chosen = new ArrayList<>();
        for (T element : list) {
            if (chance(probability)) {
                chosen.add(element);
            }
        }
        return chosen;
    }

    public void nextBytes(byte[] bytes) {
        for (int i = 0; i < bytes.length; i += Long.BYTES) {
            long bits = nextLong();
            for (int j = i; j < Math.min(i + Long.BYTES, bytes.length); j++) {
                bytes[j] = (byte) bits;
                bits >>>= Byte.SIZE;
            }
        }
    }
}
