package dev.quorate.core;

/**
 * A position in the total order of batches.
 *
 * @param value 1 for the first batch; 0 stands for the state before it
 */
public record SequenceNumber(long value) implements Comparable<SequenceNumber> {
    public static final SequenceNumber ZERO = new SequenceNumber(0);

    public SequenceNumber {
        if (value < 0) {
            throw new IllegalArgumentException("sequence number " + value);
        }
    }

    public SequenceNumber next() {
        return new SequenceNumber(value + 1);
    }

    public SequenceNumber plus(long distance) {
        return new SequenceNumber(value + distance);
    }

    public boolean isAfter(SequenceNumber that) {
        return value > that.value;
    }

    @Override
    public int compareTo(SequenceNumber that) {
        return Long.compare(value, that.value);
    }

    @Override
    public String toString() {
        return "s=" + value;
    }
}
