package dev.quorate.core;

/**
 * A view: a period in which one replica, the primary, orders requests (Castro and Liskov 1999, section 4).
 *
 * @param number 0 for the first, at least 0
 */
public record View(long number) implements Comparable<View> {
    public static final View ZERO = new View(0);

    public View {
        if (number < 0) {
            throw new IllegalArgumentException("view " + number);
        }
    }

    /** The primary of this view among {@code n} replicas: {@code v mod n}. */
    public ReplicaId primary(int n) {
        return new ReplicaId((int) (number % n));
    }

    public View next() {
        return new View(number + 1);
    }

    @Override
    public int compareTo(View that) {
        return Long.compare(number, that.number);
    }

    @Override
    public String toString() {
        return "view " + number;
    }
}
