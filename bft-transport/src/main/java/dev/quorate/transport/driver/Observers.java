package dev.quorate.transport.driver;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.runtime.ReplicaObserver;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;

/** Two observers of one replica. */
record Observers(ReplicaObserver first, ReplicaObserver second) implements ReplicaObserver {
    @Override
    public void handled(ReplicaId self, Event event) {
        first.handled(self, event);
        second.handled(self, event);
    }

    @Override
    public void applied(ReplicaId self, Effect effect) {
        first.applied(self, effect);
        second.applied(self, effect);
    }

    @Override
    public void stopped(ReplicaId self) {
        first.stopped(self);
        second.stopped(self);
    }
}
