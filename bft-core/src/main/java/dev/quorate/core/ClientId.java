package dev.quorate.core;

/**
 * A client's number in its cluster, which the cluster configuration binds to the client's public key.
 *
 * @param value at least 0; client numbers and replica numbers are unrelated
 */
public record ClientId(int value) implements Comparable<ClientId> {
    public ClientId {
        if (value < 0) {
            throw new IllegalArgumentException("client id " + value);
        }
    }

    @Override
    public int compareTo(ClientId that) {
        return Integer.compare(value, that.value);
    }

    @Override
    public String toString() {
        return "client " + value;
    }
}
