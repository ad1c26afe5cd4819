package dev.quorate.simulator.node;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MessageType.Proof;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.runtime.ReplicaCore;
import dev.quorate.core.runtime.ReplicaMemory;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.Notice;
import dev.quorate.core.smr.ProtocolStatus;
import dev.quorate.core.smr.TimerId;
import dev.quorate.core.storage.StoreException;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Validation;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.check.Observation;
import dev.quorate.simulator.check.Violation;
import dev.quorate.simulator.crypto.KnownEpochs;
import dev.quorate.simulator.journal.SimEvent;
import dev.quorate.simulator.kernel.Randomness;
import dev.quorate.simulator.kernel.Scheduler;
import dev.quorate.simulator.network.Packet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One life of a replica, from a start to a crash: drives the production state machine as the production driver does,
 * and watches what it does.
 */
final class ReplicaLife implements VirtualService.Listener, LiveMemory.Owner {
    private final World world;
    private final SimReplica replica;
    private final ReplicaCore core;
    private final Outbox outbox;
    private final KnownEpochs known;
    private final LiveMemory memory;
    private final EffectQueue effects;
    private final VirtualService service;
    private final ExecutionLog executions = new ExecutionLog();
    /** Looked up only, never iterated over. */
    private final Map<TimerId, Scheduler.Cancellable> timers = new HashMap<>();

    private final Randomness random;
    /** What the checkers have seen last; null at first. */
    private ProtocolStatus shown;

    private boolean alive = true;
    private boolean draining;

    ReplicaLife(
            World world,
            SimReplica replica,
            ReplicaCore core,
            Outbox outbox,
            ReplicaMemory memory,
            KnownEpochs known,
            Randomness random) {
        this.world = world;
        this.replica = replica;
        this.core = core;
        this.outbox = outbox;
        this.known = known;
        this.random = random;
        LiveMemory live = new LiveMemory(memory, replica.disk(), world.scheduler(), this::ifAlive, this);
        this.effects = new EffectQueue(live, this::apply, this::kept);
        this.memory = live;
        this.service = new VirtualService(
                world.scheduler(), random, world.timing(), core.service(), live, this::ifAlive, this);
    }

    void end() {
        alive = false;
        effects.clear();
    }

    ProtocolStatus status() {
        return core.protocol().status();
    }

    VirtualService service() {
        return service;
    }

    ReplicaCore core() {
        return core;
    }

    /** Runs something unless this life has ended by then; a paused replica does it when it resumes. */
    private void ifAlive(Runnable step) {
        if (alive) {
            replica.whenRunning(step);
        }
    }

    void receive(Packet packet, long sentAtNanos) {
        Validation validation = world.validatedFrames().of(packet, core.validator(), known.snapshot());
        world.journal()
                .add(new SimEvent.Delivered(
                        world.now(), sentAtNanos, packet.from(), replica.peer(), packet.frame(), validation));
        if (validation instanceof Validation.Accepted accepted) {
            outbox.received(accepted.message());
            handle(new Event.Received(accepted.message()));
        } else if (validation instanceof Validation.Rejected rejected) {
            world.coverage().count("rejected by validation: " + rejected.reason());
        }
    }

    /** Begins this life. */
    void start(Event.Recovered recovered, Bytes secret) {
        if (replica.isWatched()) {
            world.show(new Observation.Kept(world.now(), id(), recovered.records(), memory.isDurable()));
            recovered.states().keySet().forEach(this::stateKept);
        }
        give(recovered);
        handle(new Event.Started(secret));
    }

    /** Gives the protocol an event, and carries out what it wants; the time before the first of those that it gathers. */
    void handle(Event event) {
        if (draining || event instanceof Event.Drained) {
            give(event);
            return;
        }
        Event clock = new Event.ClockRead(replica.wallClockMillis());
        boolean first = event instanceof Event.Started;
        give(first ? event : clock);
        give(first ? clock : event);
        if (alive) {
            draining = true;
            world.scheduler()
                    .after(
                            random.between(0, world.timing().maxDrainNanos()),
                            () -> ifAlive(() -> {
                                draining = false;
                                handle(new Event.Drained(replica.wallClockMillis()));
                            }));
        }
    }

    private void give(Event event) {
        if (!alive) {
            return; // What it was given before has ended it.
        }
        List<Effect> wanted;
        try {
            wanted = core.protocol().handle(event);
        } catch (RuntimeException e) {
            world.violated(new Violation("survives-input", id() + " throws " + e + " when it handles " + event));
            replica.stop("it threw " + e);
            return;
        }
        if (replica.isWatched()) {
            watch(event, wanted);
        }
        effects.add(wanted);
    }

    private void watch(Event event, List<Effect> wanted) {
        if (event instanceof Event.Executed executed) {
            List<RequestId> requests = new ArrayList<>();
            for (Effect effect : wanted) {
                if (effect instanceof Effect.Report report && report.notice() instanceof Notice.RequestExecuted done) {
                    requests.add(done.request());
                }
            }
            world.show(new Observation.Executed(
                    world.now(),
                    id(),
                    executed.sequenceNumber(),
                    requests,
                    executions.digestOf(executed.sequenceNumber())));
        }
        ProtocolStatus status = status();
        if (!status.equals(shown)) {
            shown = status;
            world.show(new Observation.StatusSampled(world.now(), id(), status));
        }
    }

    private void kept(List<Effect.Persist> records) {
        if (replica.isWatched()) {
            List<Verified<? extends Message>> messages = new ArrayList<>();
            for (Effect.Persist record : records) {
                if (world.validatedFrames().of(record.record(), replica.peer(), core.validator(), known.snapshot())
                        instanceof Validation.Accepted accepted) {
                    messages.add(accepted.message());
                }
            }
            world.show(new Observation.Kept(world.now(), id(), messages, memory.isDurable()));
        }
    }

    @Override
    public void stateKept(SequenceNumber at) {
        if (replica.isWatched()) {
            world.show(new Observation.StateKept(world.now(), id(), at));
        }
    }

    /** What binds it: what others can show to somebody else. */
    private void said(Verified<? extends Message> message) {
        if (replica.isWatched()
                && (message.message().type().proof() != Proof.CHANNEL || message.message() instanceof Commit)
                && message.message() instanceof ReplicaMessage own
                && own.replica().equals(id())) {
            world.show(new Observation.Said(world.now(), id(), message));
        }
    }

    private void apply(Effect effect) {
        if (effect instanceof Effect.Send send) {
            said(send.message());
            outbox.send(send.message(), List.of(new Peer.OfReplica(send.to())));
        } else if (effect instanceof Effect.Broadcast broadcast) {
            said(broadcast.message());
            outbox.send(broadcast.message(), replica.others());
            if (replica.isWatched() && broadcast.message().message() instanceof Checkpoint own) {
                world.show(new Observation.CheckpointTaken(world.now(), id(), own.sequenceNumber(), own.root()));
            }
        } else if (effect instanceof Effect.SendToClient reply) {
            outbox.send(reply.reply(), List.of(new Peer.OfClient(reply.to())));
        } else if (effect instanceof Effect.Execute execute) {
            executions.given(execute);
            service.give(execute);
        } else if (effect instanceof Effect.ForService work) {
            service.give(work);
        } else if (effect instanceof Effect.StartTimer start) {
            startTimer(start);
        } else if (effect instanceof Effect.StopTimer stop) {
            cancel(stop.timer());
        } else if (effect instanceof Effect.Report report) {
            world.journal().add(new SimEvent.Noticed(world.now(), id(), report.notice()));
            replica.noticed(report.notice());
        } else if (effect instanceof Effect.EndRejoin) {
            replica.rejoined();
        } else if (effect instanceof Effect.ReportKept asked) {
            handle(new Event.Kept(asked.ticket()));
        } else if (effect instanceof Effect.RenewUsig renew) {
            handle(new Event.UsigRenewed(world.usigs().renew(id(), renew.epoch())));
        } else if (effect instanceof Effect.AcceptUsig accepted) {
            known.accept(accepted.replica(), accepted.identity());
            world.coverage().count("USIG: a new epoch is accepted");
        } else if (effect instanceof Effect.ValidateAgain again) {
            validateAgain(again);
        } else if (effect instanceof Effect.Halt halt) {
            replica.halt(halt.reason());
        } else {
            throw new IllegalStateException("the simulator does not know what to do with " + effect);
        }
    }

    private void validateAgain(Effect.ValidateAgain effect) {
        Validation validation = core.validator().validate(effect.message().frame(), replica.peer());
        if (validation instanceof Validation.Accepted accepted) {
            boolean proven = accepted.message().unproven().isEmpty();
            world.coverage()
                    .count("USIG: a certificate is validated again, and is " + (proven ? "" : "not ") + "proven");
            handle(new Event.ValidatedAgain(accepted.message()));
        } else {
            throw new IllegalStateException(id() + " does not accept what it said itself: " + validation);
        }
    }

    private void startTimer(Effect.StartTimer start) {
        cancel(start.timer());
        long delay = (long) (start.delay().toNanos() * replica.clockRate());
        timers.put(
                start.timer(),
                world.scheduler()
                        .after(
                                delay,
                                () -> ifAlive(() -> {
                                    timers.remove(start.timer());
                                    world.journal().add(new SimEvent.TimerFired(world.now(), id(), start.timer()));
                                    handle(new Event.TimerFired(start.timer()));
                                })));
    }

    private void cancel(TimerId timer) {
        Scheduler.Cancellable running = timers.remove(timer);
        if (running != null) {
            running.cancel();
        }
    }

    @Override
    public void done(Event event) {
        handle(event);
    }

    @Override
    public void failed(Throwable cause) {
        replica.halt("the service cannot go on: " + cause);
    }

    @Override
    public void ended(String during) {
        replica.crash(during);
    }

    @Override
    public void failed(StoreException cause) {
        replica.stop("its store failed: " + cause.getMessage());
    }

    private ReplicaId id() {
        return core.id();
    }
}
