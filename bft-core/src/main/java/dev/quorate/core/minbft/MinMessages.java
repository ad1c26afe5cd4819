package dev.quorate.core.minbft;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.View;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MessageType.Proof;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinNewView;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.message.ReplicaMessage;

/** What the messages of a stream have in common. */
final class MinMessages {
    private MinMessages() {}

    /** Names a message: a USIG gives each counter to one message only. */
    record Name(ReplicaId replica, long counter) implements Comparable<Name> {
        @Override
        public int compareTo(Name that) {
            int byReplica = replica.compareTo(that.replica);
            return byReplica != 0 ? byReplica : Long.compare(counter, that.counter);
        }
    }

    /** Whether a message carries a UI, and so is part of its sender's stream. */
    static boolean isOfStream(Message message) {
        return message.type().proof() == Proof.UI;
    }

    /** The view of a message of a stream. */
    static View viewOf(ReplicaMessage message) {
        if (message instanceof MinPrepare prepare) {
            return prepare.view();
        } else if (message instanceof MinCommit commit) {
            return commit.prepare().view();
        } else if (message instanceof MinViewChange viewChange) {
            return viewChange.view();
        } else if (message instanceof MinNewView newView) {
            return newView.view();
        }
        throw new IllegalArgumentException("not a message of a stream: " + message);
    }
}
