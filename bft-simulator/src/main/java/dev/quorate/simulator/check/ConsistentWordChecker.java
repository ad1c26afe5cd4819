package dev.quorate.simulator.check;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MessageType.Proof;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinNewView;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.message.NewView;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.ViewChange;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A correct replica contradicts nothing that it has said, in whichever of its lives: no two batches at one position of a
 * view, no vote in a view that it has left, one VIEW-CHANGE and one NEW-VIEW of a view, one state at a checkpoint, and one
 * message with each counter of its USIG. One that has forgotten what it said is
 * watched again when it takes part again.
 */
public final class ConsistentWordChecker implements Checker {
    /** What a replica can say only once. Where a number is of no meaning it is 0. */
    private record Topic(String of, long view, long number) {}

    /** What one replica has said. */
    private static final class Word {
        private final Map<Topic, Object> said = new HashMap<>();
        /** By which of its messages it left for which view: those of a stream may leave later than they were made. */
        private final NavigableMap<View, Long> left = new TreeMap<>();

        private Optional<View> leftBefore(View view, long order) {
            return left.tailMap(view, false).entrySet().stream()
                    .filter(leaving -> leaving.getValue() < order)
                    .map(Map.Entry::getKey)
                    .findFirst();
        }
    }

    private final Map<ReplicaId, Word> words = new HashMap<>();
    private final Set<ReplicaId> amnesic = new HashSet<>();

    @Override
    public Optional<Violation> observe(Observation observation) {
        if (observation instanceof Observation.Restarted restarted && !restarted.remembers()) {
            words.remove(restarted.replica());
            amnesic.add(restarted.replica());
        } else if (observation instanceof Observation.Rejoined rejoined) {
            amnesic.remove(rejoined.replica());
        } else if (observation instanceof Observation.Said said && !amnesic.contains(said.replica())) {
            return said(said);
        }
        return Optional.empty();
    }

    private Optional<Violation> said(Observation.Said said) {
        Message message = said.message().message();
        Word word = words.computeIfAbsent(said.replica(), replica -> new Word());
        if (message.type().proof() == Proof.UI) {
            Optional<Violation> twice =
                    once(said, word, new Topic("counter", 0, said.message().ui().place()), said.message());
            if (twice.isPresent()) {
                return twice;
            }
        }
        if (message instanceof PrePrepare m) {
            return vote(said, word, "proposal", m.view(), m.sequenceNumber(), m.digest());
        } else if (message instanceof Prepare m) {
            return vote(said, word, "PREPARE", m.view(), m.sequenceNumber(), m.digest());
        } else if (message instanceof Commit m) {
            return vote(said, word, "COMMIT", m.view(), m.sequenceNumber(), m.digest());
        } else if (message instanceof MinPrepare m) {
            return vote(said, word, "proposal", m.view(), m.sequenceNumber(), m.digest());
        } else if (message instanceof MinCommit m) {
            MinPrepare prepare = m.prepare();
            return vote(said, word, "COMMIT", prepare.view(), prepare.sequenceNumber(), prepare.digest());
        } else if (message instanceof ViewChange m) {
            return left(said, word, m.view(), said.message());
        } else if (message instanceof MinViewChange m) {
            return left(said, word, m.view(), m);
        } else if (message instanceof NewView m) {
            return once(said, word, new Topic("NEW-VIEW", m.view().number(), 0), said.message());
        } else if (message instanceof MinNewView m) {
            return once(said, word, new Topic("NEW-VIEW", m.view().number(), 0), m);
        } else if (message instanceof Checkpoint m) {
            return once(
                    said, word, new Topic("CHECKPOINT", 0, m.sequenceNumber().value()), m.root());
        }
        return Optional.empty();
    }

    /** In a stream counters say what came first, else the clock does. */
    private static long order(Observation.Said said) {
        return said.message().message().type().proof() == Proof.UI
                ? said.message().ui().place()
                : said.atNanos();
    }

    private static Optional<Violation> vote(
            Observation.Said said, Word word, String kind, View view, SequenceNumber at, Object digest) {
        Topic topic = new Topic(kind, view.number(), at.value());
        Optional<View> left = word.leftBefore(view, order(said));
        if (left.isPresent() && !word.said.containsKey(topic)) {
            return violation(said, "after it had left for " + left.get());
        }
        return once(said, word, topic, digest);
    }

    private static Optional<Violation> left(Observation.Said said, Word word, View view, Object what) {
        word.left.putIfAbsent(view, order(said));
        return once(said, word, new Topic("VIEW-CHANGE", view.number(), 0), what);
    }

    private static Optional<Violation> once(Observation.Said said, Word word, Topic topic, Object what) {
        Object before = word.said.putIfAbsent(topic, what);
        return before == null || before.equals(what)
                ? Optional.empty()
                : violation(said, "though it had said something else of the same, " + topic + ": " + before);
    }

    private static Optional<Violation> violation(Observation.Said said, String why) {
        return Optional.of(new Violation(
                "keeps-its-word",
                "At " + Words.at(said.atNanos()) + " " + said.replica() + " said " + said.message() + " " + why
                        + ". What it had promised was not on its disk when it restarted, or it did not read it back."));
    }
}
