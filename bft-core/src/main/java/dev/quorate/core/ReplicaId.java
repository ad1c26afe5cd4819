package dev.quorate.core;

/**
 * A replica's number in its cluster, {@code 0..n-1}. The primary of view {@code v} is replica {@code v mod n}.
 *
 * @param value at least 0
 */
public record ReplicaId(int value) implements Comparable<ReplicaId> {
    public ReplicaId {
        if (value < 0) {
            throw new IllegalArgumentException("replica id " + value);
        }
    }

    @Override
    public int compareTo(ReplicaId that) {
        return Integer.compare(value, that.value);
    }

    @Override
    public String toString() {
        return "replica " + value;
    }
}
