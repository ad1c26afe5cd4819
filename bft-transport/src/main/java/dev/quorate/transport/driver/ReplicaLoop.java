package dev.quorate.transport.driver;

import dev.quorate.core.message.Inspect;
import dev.quorate.core.message.Inspection;
import dev.quorate.core.runtime.ReplicaCore;
import dev.quorate.core.runtime.ReplicaObserver;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.ProtocolStatus;
import dev.quorate.core.smr.ReplicaProtocol;
import dev.quorate.core.smr.TimerId;
import dev.quorate.core.storage.StoreException;
import dev.quorate.crypto.Bytes;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replica thread: the only one that touches the protocol.
 *
 * <p>It takes all that waits, has the protocol handle each, and then applies the effects of all of them together: one
 * sync, one flush. Load forms the groups, no timer does. What other replicas sent goes before what clients sent, but
 * clients get their turn in each round.
 */
final class ReplicaLoop {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaLoop.class);
    private static final int URGENT_IN_A_ROUND = 256;
    private static final int NORMAL_IN_A_ROUND = 128;
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final ReplicaCore core;
    private final ReplicaProtocol protocol;
    private final Thread thread;
    private final Waiter waiter = new Waiter();

    // Neither needs a bound: see InboundQueue for messages; of everything else there is a constant number at a time.
    private final Queue<Work> urgent = new ConcurrentLinkedQueue<>();
    private final Queue<Work> normal = new ConcurrentLinkedQueue<>();

    private final TimerQueue timers;
    private final ReplicaObserver observer;
    private final List<Effect> effects = new ArrayList<>();
    /** Whether the protocol knows what time it is in this round. */
    private boolean clockIsRead;

    private Outgoing outgoing;
    private EffectApplier applier;
    private Runnable onStopped;
    /** Null once it was given: a whole state may be in it. */
    private Event.Recovered recovered;

    private volatile boolean stopping;
    private volatile boolean running = true;
    private volatile ProtocolStatus lastStatus;

    ReplicaLoop(String name, ReplicaCore core, TimerQueue timers, ReplicaObserver observer) {
        this.core = core;
        this.protocol = core.protocol();
        this.timers = timers;
        this.observer = observer;
        this.lastStatus = protocol.status();
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /**
     * Starts the thread. Work may have been posted before.
     *
     * @param memory what the protocol has to know first
     * @param onStopped called on the thread when it ends, whatever the reason
     */
    void start(EffectApplier effectApplier, Outgoing channels, Optional<Event.Recovered> memory, Runnable onStopped) {
        this.applier = effectApplier;
        this.outgoing = channels;
        this.recovered = memory.orElse(null);
        this.onStopped = onStopped;
        thread.start();
    }

    /** Has the thread do something; dropped once it has stopped. On any thread. */
    void post(Work work, boolean beforeClients) {
        (beforeClients ? urgent : normal).add(work);
        waiter.signal();
    }

    /** Stops the replica because of what happened on another thread. On any thread. */
    void fail(String what, Throwable cause) {
        if (cause instanceof StoreException) {
            LOG.error("{} stops: {}", core.id(), cause.getMessage());
        } else {
            LOG.error("{} stops: {}", core.id(), what, cause);
        }
        stop();
    }

    /** Has the thread end soon. Returns at once. On any thread. */
    void stop() {
        stopping = true;
        waiter.signal();
    }

    /** Waits until the thread has ended; returns whether it has. */
    boolean join(long timeoutMillis) throws InterruptedException {
        if (thread != Thread.currentThread()) {
            thread.join(timeoutMillis);
        }
        return !thread.isAlive() || thread == Thread.currentThread();
    }

    boolean isRunning() {
        return running && !stopping;
    }

    /** Where the replica stood when it was asked last. */
    ProtocolStatus lastStatus() {
        return lastStatus;
    }

    private void run() {
        try {
            giveMemory();
            give(new Event.Started(newSecret()));
            applyEffects();
            while (!stopping) {
                clockIsRead = false;
                boolean busy = takeWork();
                busy |= fireTimers();
                if (busy) {
                    // At the end of each round, even if something came meanwhile: under load it always does.
                    handle(new Event.Drained(System.currentTimeMillis()));
                    applyEffects();
                } else {
                    waiter.await(
                            timers.nanosToNext(System.nanoTime(), LONGEST_WAIT_NANOS),
                            () -> stopping || !urgent.isEmpty() || !normal.isEmpty());
                }
            }
        } catch (HaltException e) {
            LOG.error("{} stops, since its state is wrong: {}", core.id(), e.getMessage());
        } catch (StoreException e) {
            LOG.error("{} stops before it says anything else: {}", core.id(), e.getMessage());
        } catch (Throwable e) {
            // A stopped replica is safe; one that goes on after a step that was cut short may not be.
            LOG.error("{} stops after an unexpected failure", core.id(), e);
        } finally {
            running = false;
            onStopped.run();
            observer.stopped(core.id());
            answerQueries();
        }
    }

    private void giveMemory() {
        if (recovered != null) {
            give(recovered);
            recovered = null;
        }
    }

    private static Bytes newSecret() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        return Bytes.wrap(secret);
    }

    private boolean takeWork() {
        int taken = takeFrom(urgent, URGENT_IN_A_ROUND);
        taken += takeFrom(normal, NORMAL_IN_A_ROUND);
        return taken > 0;
    }

    private int takeFrom(Queue<Work> queue, int most) {
        for (int taken = 0; taken < most; taken++) {
            Work work = queue.poll();
            if (work == null) {
                return taken;
            }
            carryOut(work);
            if (applier.mustApply()) {
                return taken + 1;
            }
        }
        return most;
    }

    private void carryOut(Work work) {
        if (work instanceof Work.Received received) {
            if (received.message().message() instanceof Inspect inspect) {
                answer(inspect, received.source());
            } else {
                handle(new Event.Received(received.message()));
            }
            received.source().handled(received.message());
        } else if (work instanceof Work.Happened happened) {
            handle(happened.event());
        } else if (work instanceof Work.Query query) {
            lastStatus = protocol.status();
            query.answer().complete(lastStatus);
        }
    }

    private void answer(Inspect inspect, InboundQueue source) {
        lastStatus = protocol.status();
        Inspection inspection = new Inspection(core.id(), inspect.nonce(), outgoing.describe(lastStatus));
        outgoing.answer(source.connection(), core.sealer().seal(inspection).frame());
    }

    private boolean fireTimers() {
        boolean fired = false;
        long now = System.nanoTime();
        for (Optional<TimerId> due = timers.pollDue(now); due.isPresent(); due = timers.pollDue(now)) {
            handle(new Event.TimerFired(due.get()));
            fired = true;
        }
        return fired;
    }

    private void handle(Event event) {
        if (!clockIsRead) {
            clockIsRead = true;
            give(new Event.ClockRead(System.currentTimeMillis()));
        }
        give(event);
    }

    private void give(Event event) {
        List<Effect> wanted = protocol.handle(event);
        observer.handled(core.id(), event);
        effects.addAll(wanted);
        for (Effect effect : wanted) {
            if (effect instanceof Effect.Halt halt) {
                // At once: what this round would have sent stays unsaid. What it reports may explain the halt.
                applier.halt(effects);
                throw new HaltException(halt.reason());
            }
        }
    }

    private void applyEffects() throws IOException {
        applier.apply(effects);
        effects.clear();
    }

    /** Nobody waits for a thread that has ended. */
    private void answerQueries() {
        for (Work work = urgent.poll(); work != null; work = urgent.poll()) {
            if (work instanceof Work.Query query) {
                query.answer().complete(lastStatus);
            }
        }
    }

    private static final class HaltException extends RuntimeException {
        private static final long serialVersionUID = 1;

        HaltException(String reason) {
            super(reason);
        }
    }
}
