package dev.quorate.transport.driver;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Replica;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicaListener;
import dev.quorate.core.ReplicaStatus;
import dev.quorate.core.runtime.ReplicaCore;
import dev.quorate.core.runtime.ReplicaObserver;
import dev.quorate.core.runtime.ReplicaSetup;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.ProtocolStatus;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Validation;
import dev.quorate.crypto.Bytes;
import dev.quorate.transport.channel.Rejections;
import dev.quorate.transport.channel.Traffic;
import dev.quorate.transport.channel.TransportLimits;
import dev.quorate.transport.metrics.ReplicaMetrics;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A replica in production: puts the threads around the state machine, and takes them away again. Thread-safe. */
public final class ReplicaRuntime implements Replica {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaRuntime.class);
    private static final long STOP_TIMEOUT_MILLIS = 5000;
    private static final long STATUS_TIMEOUT_MILLIS = 1000;
    private static final int MAX_EVENT_LOOPS = 4;

    private final ReplicaCore core;
    private final Rejections rejections;
    private final NoticeLog notices;
    private final WorkerPool workers;
    private final EventLoopGroup loops;
    private final ReplicaLoop loop;
    private final ServiceThread service;
    private final Optional<ListenerThread> listener;
    private final ReplicaNetwork network;
    private final ReplicaResources resources;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private ReplicaRuntime(
            ReplicaSetup setup,
            ReplicaCore core,
            TransportLimits limits,
            ReplicaResources resources,
            Optional<Event.Recovered> memory) {
        int processors = Runtime.getRuntime().availableProcessors();
        String name = "quorate-replica-" + core.id().value();
        this.core = core;
        this.resources = resources;
        rejections = new Rejections(core.id().toString());
        notices = new NoticeLog(core.id(), rejections);
        TimerQueue timers = new TimerQueue();
        listener = setup.listener().map(to -> new ListenerThread(name + "-listener", to, ReplicaListener.QUEUE));
        ReplicaObserver observer = observer(setup.observer());
        loop = new ReplicaLoop(name, core, timers, observer);
        service = new ServiceThread(
                name + "-service",
                core.service(),
                resources,
                event -> loop.post(new Work.Happened(event), true),
                failure -> loop.fail("the service cannot go on", failure));
        workers = new WorkerPool(name + "-worker", processors);
        loops = new MultiThreadIoEventLoopGroup(
                Math.min(MAX_EVENT_LOOPS, Math.max(1, processors / 2)),
                new DefaultThreadFactory(name + "-io", true),
                NioIoHandler.newFactory());
        network = new ReplicaNetwork(
                setup.cluster(), setup.identity(), core, resources.durability(), limits, loop, workers, rejections);
        EffectApplier applier = new EffectApplier(
                core.id(),
                core.validator(),
                resources,
                network,
                service,
                timers,
                notices,
                observer,
                event -> loop.post(new Work.Happened(event), true));
        listener.ifPresent(ListenerThread::start);
        service.start();
        if (memory.isEmpty()) {
            resources.usig().ifPresent(opened -> opened.recovered().forEach(this::giveBack));
        }
        loop.start(applier, network, memory, this::stopped);
    }

    /** What this replica said last before it was stopped, and what nobody else may have. */
    private void giveBack(Bytes frame) {
        Validation validation = core.validator().validate(frame, new Peer.OfReplica(core.id()));
        if (validation instanceof Validation.Accepted accepted) {
            loop.post(new Work.Happened(new Event.Received(accepted.message())), true);
        } else {
            LOG.warn("{} does not accept what it said itself: {}", core.id(), validation);
        }
    }

    private ReplicaObserver observer(ReplicaObserver wanted) {
        ReplicaObserver guarded = new GuardedObserver(wanted);
        return listener.<ReplicaObserver>map(to -> new Observers(guarded, new ListenerFeed(to, System::nanoTime)))
                .orElse(guarded);
    }

    /**
     * Starts a replica, whose state machine and service are those of {@code core}.
     *
     * @throws dev.quorate.core.ConfigException if the identity's key cannot authenticate channels
     * @throws IOException if it cannot listen at its address
     */
    public static ReplicaRuntime start(ReplicaSetup setup, ReplicaCore core, TransportLimits limits)
            throws IOException {
        return start(setup, core, limits, ReplicaResources.none());
    }

    /**
     * The same with a store or a USIG, which are closed together with the replica.
     *
     * @throws dev.quorate.core.storage.StoreException if what is in the store does not fit the configuration
     */
    public static ReplicaRuntime start(
            ReplicaSetup setup, ReplicaCore core, TransportLimits limits, ReplicaResources resources)
            throws IOException {
        ClusterConfig config = setup.cluster();
        ReplicaRuntime replica = new ReplicaRuntime(setup, core, limits, resources, resources.recover(core));
        try {
            replica.network.start(config, replica.loops);
        } catch (IOException | RuntimeException e) {
            replica.close();
            throw e;
        }
        LOG.info(
                "{} runs: {} with n = {} and f = {}, at {}:{}",
                core.id(),
                config.protocol().configName(),
                config.n(),
                config.f(),
                config.replica(core.id()).host(),
                config.replica(core.id()).port());
        return replica;
    }

    @Override
    public ReplicaId id() {
        return core.id();
    }

    @Override
    public ReplicaStatus status() {
        return network.describe(protocolStatus());
    }

    private ProtocolStatus protocolStatus() {
        if (!loop.isRunning()) {
            return loop.lastStatus();
        }
        CompletableFuture<ProtocolStatus> answer = new CompletableFuture<>();
        loop.post(new Work.Query(answer), true);
        try {
            return answer.get(STATUS_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            LOG.debug("{} is busy or has stopped", core.id(), e);
        }
        return loop.lastStatus();
    }

    /** What has been counted so far. */
    public ReplicaMetrics metrics() {
        Traffic traffic = network.traffic();
        return new ReplicaMetrics(
                rejections.counts(),
                traffic.framesReceived(),
                traffic.bytesReceived(),
                traffic.framesSent(),
                traffic.bytesSent(),
                traffic.framesDropped(),
                traffic.framesWithoutChannel(),
                traffic.connections(),
                notices.batchesCommitted(),
                notices.requestsExecuted(),
                notices.equivocations(),
                notices.checkpointStalls(),
                listener.map(ListenerThread::leftOut).orElse(0L));
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }

    /** Called on the replica thread when it ends: nobody is to take this replica for a live one. */
    private void stopped() {
        service.stop();
        network.close();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            awaitEnd();
            return;
        }
        try {
            loop.stop();
            boolean clean = loop.join(STOP_TIMEOUT_MILLIS);
            boolean mayRelease = clean;
            clean &= service.join(STOP_TIMEOUT_MILLIS);
            mayRelease &= service.leaveStore(STOP_TIMEOUT_MILLIS);
            if (mayRelease) {
                // Else a thread still uses them, and they stay locked for as long as this process runs.
                resources.close();
            }
            if (listener.isPresent()) {
                clean &= listener.get().join(STOP_TIMEOUT_MILLIS);
            }
            network.close();
            workers.close(STOP_TIMEOUT_MILLIS);
            clean &= loops.shutdownGracefully(0, STOP_TIMEOUT_MILLIS / 2, TimeUnit.MILLISECONDS)
                    .await(STOP_TIMEOUT_MILLIS);
            if (clean) {
                LOG.info("{} has been closed", core.id());
            } else {
                LOG.warn(
                        "{} has been closed, but some thread of it, of its service or of its listener does not end",
                        core.id());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.complete(null);
        }
    }

    /** Somebody else is closing it, and takes a bounded time for that. */
    private void awaitEnd() {
        try {
            ended.get(4 * STOP_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            LOG.debug("{} is still being closed", core.id(), e);
        }
    }
}
