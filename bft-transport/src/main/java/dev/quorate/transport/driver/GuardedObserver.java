package dev.quorate.transport.driver;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.runtime.ReplicaObserver;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a replica from what its observer throws. */
final class GuardedObserver implements ReplicaObserver {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedObserver.class);

    private final ReplicaObserver observer;
    private final AtomicBoolean said = new AtomicBoolean();

    GuardedObserver(ReplicaObserver observer) {
        this.observer = observer;
    }

    @Override
    public void handled(ReplicaId self, Event event) {
        try {
            observer.handled(self, event);
        } catch (Throwable e) {
            failed(self, e);
        }
    }

    @Override
    public void applied(ReplicaId self, Effect effect) {
        try {
            observer.applied(self, effect);
        } catch (Throwable e) {
            failed(self, e);
        }
    }

    @Override
    public void stopped(ReplicaId self) {
        try {
            observer.stopped(self);
        } catch (Throwable e) {
            failed(self, e);
        }
    }

    /** Once: an observer that fails is likely to fail at every step. */
    private void failed(ReplicaId self, Throwable failure) {
        if (said.compareAndSet(false, true)) {
            LOG.error("The observer of {} failed; further failures of it are not logged", self, failure);
        }
    }
}
