package dev.quorate.core.quorum;

import dev.quorate.core.ReplicaId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts votes on one question: each replica has one vote, and its first one stands. Holds at most {@code n} votes.
 *
 * @param <V> what is voted for
 * @param <T> the vote itself, kept as evidence
 */
public class VoteCollector<V, T> {
    /** What became of a vote. */
    public enum Outcome {
        COUNTED,
        /** The replica said the same before. */
        DUPLICATE,
        /** The replica said something else before. */
        CONFLICTING
    }

    /** Makes collectors; tests put in others that count wrongly, to see that somebody notices. */
    public interface Factory {
        <V, T> VoteCollector<V, T> create();
    }

    private record Entry<V, T>(V value, T vote) {}

    private final Map<ReplicaId, Entry<V, T>> votes = new TreeMap<>();

    public Outcome add(ReplicaId voter, V value, T vote) {
        Entry<V, T> first = votes.putIfAbsent(voter, new Entry<>(value, vote));
        if (first == null) {
            return Outcome.COUNTED;
        }
        return first.value.equals(value) ? Outcome.DUPLICATE : Outcome.CONFLICTING;
    }

    /** How many replicas voted for {@code value}. */
    public int count(V value) {
        int count = 0;
        for (Entry<V, T> entry : votes.values()) {
            if (entry.value.equals(value)) {
                count++;
            }
        }
        return count;
    }

    /** The votes for {@code value}, in the order of the voters' ids. */
    public List<T> votes(V value) {
        return votes.values().stream()
                .filter(entry -> entry.value.equals(value))
                .map(Entry::vote)
                .toList();
    }

    /** The vote of {@code voter}, or null if it has not voted. */
    public T voteOf(ReplicaId voter) {
        Entry<V, T> entry = votes.get(voter);
        return entry == null ? null : entry.vote;
    }
}
