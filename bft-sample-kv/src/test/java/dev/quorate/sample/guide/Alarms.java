package dev.quorate.sample.guide;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicaListener;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import java.util.Set;
import java.util.function.Consumer;

/** Tells somebody what an operator has to know about one replica. */
public final class Alarms implements ReplicaListener {
    private final Consumer<String> operator;

    public Alarms(Consumer<String> operator) {
        this.operator = operator;
    }

    @Override
    public void viewChanged(View view, ReplicaId primary) {
        operator.accept(view + " begins, with " + primary + " as its primary");
    }

    @Override
    public void peerSuspected(ReplicaId peer, String reason) {
        operator.accept(peer + " is suspected: " + reason);
    }

    @Override
    public void diverged(SequenceNumber sequenceNumber) {
        operator.accept("THE STATE IS WRONG at " + sequenceNumber + ": look for what is not deterministic");
    }

    @Override
    public void checkpointsStall(SequenceNumber sequenceNumber, Set<ReplicaId> agreeing, Set<ReplicaId> differing) {
        operator.accept("NOTHING GOES ON at " + sequenceNumber + ": only " + agreeing + " have this state, and "
                + differing + " another one");
    }

    @Override
    public void missed(long calls) {
        operator.accept(calls + " events were left out");
    }

    @Override
    public void stopped() {
        operator.accept("the replica has stopped");
    }
}
