package dev.quorate.transport.driver;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.runtime.ReplicaObserver;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.Notice;
import dev.quorate.core.storage.StoreException;
import dev.quorate.core.wire.MessageValidator;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Validation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Makes happen what the protocol wants to happen. For the replica thread only. */
final class EffectApplier {
    private final ReplicaId self;
    private final MessageValidator validator;
    private final Persistence persistence;
    private final Outgoing outgoing;
    private final ServiceThread service;
    private final TimerQueue timers;
    private final Consumer<Notice> notices;
    private final ReplicaObserver observer;
    private final Consumer<Event> happened;

    EffectApplier(
            ReplicaId self,
            MessageValidator validator,
            Persistence persistence,
            Outgoing outgoing,
            ServiceThread service,
            TimerQueue timers,
            Consumer<Notice> notices,
            ReplicaObserver observer,
            Consumer<Event> happened) {
        this.self = self;
        this.validator = validator;
        this.persistence = persistence;
        this.outgoing = outgoing;
        this.service = service;
        this.timers = timers;
        this.notices = notices;
        this.observer = observer;
        this.happened = happened;
    }

    /**
     * Applies effects in their order, but for what is to be persisted: that goes first, all at once. A record may be
     * durable sooner than it has to, never later.
     *
     * @throws StoreException if that fails: then nothing of what had to wait for it has happened
     */
    void apply(List<Effect> effects) throws IOException {
        List<Effect.Persist> records = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Persist persist) {
                observer.applied(self, persist);
                records.add(persist);
            }
        }
        if (!records.isEmpty()) {
            persistence.persist(records);
        }
        for (Effect effect : effects) {
            if (!(effect instanceof Effect.Persist)) {
                observer.applied(self, effect);
                apply(effect);
            }
        }
        outgoing.flush();
    }

    /** Whether what there is should be applied before anything more is handled. */
    boolean mustApply() {
        return persistence.mustPersist();
    }

    /** Of effects among which is a {@link Effect.Halt}, applies nothing but the reports. */
    void halt(List<Effect> effects) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Report || effect instanceof Effect.Halt) {
                observer.applied(self, effect);
            }
            if (effect instanceof Effect.Report report) {
                notices.accept(report.notice());
            }
        }
    }

    private void apply(Effect effect) throws IOException {
        if (effect instanceof Effect.Send send) {
            outgoing.send(send.to(), send.message().frame());
        } else if (effect instanceof Effect.Broadcast broadcast) {
            outgoing.broadcast(broadcast.message().frame());
        } else if (effect instanceof Effect.SendToClient reply) {
            outgoing.sendToClient(reply.to(), reply.session(), reply.reply().frame());
        } else if (effect instanceof Effect.ForService work) {
            service.carryOut(work);
        } else if (effect instanceof Effect.StartTimer start) {
            timers.start(start.timer(), System.nanoTime() + start.delay().toNanos());
        } else if (effect instanceof Effect.StopTimer stop) {
            timers.stop(stop.timer());
        } else if (effect instanceof Effect.Report report) {
            notices.accept(report.notice());
        } else if (effect instanceof Effect.Discard discard) {
            persistence.discard(discard);
        } else if (effect instanceof Effect.EndRejoin) {
            persistence.endRejoin();
        } else if (effect instanceof Effect.AcceptUsig accepted) {
            persistence.accept(accepted);
        } else if (effect instanceof Effect.ReportKept asked) {
            happened.accept(new Event.Kept(asked.ticket()));
        } else if (effect instanceof Effect.RenewUsig renewal) {
            happened.accept(persistence.renew(renewal));
        } else if (effect instanceof Effect.ValidateAgain again) {
            happened.accept(validateAgain(again));
        } else {
            throw new IllegalStateException("nobody carries out " + effect);
        }
    }

    private Event validateAgain(Effect.ValidateAgain effect) {
        Validation validation = validator.validate(effect.message().frame(), new Peer.OfReplica(self));
        if (validation instanceof Validation.Accepted accepted) {
            return new Event.ValidatedAgain(accepted.message());
        }
        throw new IllegalStateException("what this replica said itself is not valid: " + validation);
    }
}
