package dev.quorate.core.smr;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Rejoin;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.nio.charset.StandardCharsets;

/** What every protocol is built of, put together for one replica. */
public final class ReplicaParts {
    private static final byte[] REJOIN_DOMAIN = "quorate-rejoin\0".getBytes(StandardCharsets.US_ASCII);

    public final ReplicaId self;
    public final Limits limits;
    public final QuorumSystem quorums;
    public final Sealer sealer;
    public final Effects effects;
    public final Readings readings;
    public final Window window;
    public final SessionTable sessions;
    public final Rejoins rejoins;
    public final RequestPool pool;
    public final Replies replies;
    public final Execution execution;
    public final Backlog backlog;
    public final Checkpoints checkpoints;
    public final Synchronizer synchronizer;
    public final StateTransfer stateTransfer;
    public final StateSource stateSource;
    public final FastReads fastReads;
    public final StrandedPeers stranded;
    private final PrimaryPace pace;
    private final CheckpointWait checkpointWait = new CheckpointWait();
    private boolean amnesic;

    /** Makes the checkpoints of a replica, which tests replace. */
    @FunctionalInterface
    public interface CheckpointsFactory {
        Checkpoints create(ReplicaId self, int quorum, Sealer sealer, Window window, Effects effects);
    }

    public ReplicaParts(
            ClusterConfig config,
            ReplicaId self,
            Sealer sealer,
            QuorumSystem quorums,
            SessionTable sessions,
            CheckpointsFactory checkpointsFactory,
            Synchronizer.ViewChanger viewChanger) {
        this.self = self;
        this.limits = config.limits();
        this.quorums = quorums;
        this.sealer = sealer;
        this.sessions = sessions;
        effects = new Effects();
        readings = new Readings(limits);
        window = new Window(limits);
        stranded = new StrandedPeers(window);
        pool = new RequestPool(limits);
        replies = new Replies(self, config.n(), limits, sealer, effects);
        rejoins = new Rejoins(self, config.protocol() == Protocol.MINBFT, quorums.weak(), sealer, window, effects);
        History history = new History(limits.get(Limit.HISTORY_BYTES));
        execution = new Execution(readings, window, sessions, rejoins, pool, replies, effects, history);
        backlog = new Backlog(self, quorums.weak(), sealer, window, execution, effects, limits);
        checkpoints = checkpointsFactory.create(self, quorums.certificate(), sealer, window, effects);
        synchronizer = new Synchronizer(self, quorums, sealer, effects, limits, viewChanger);
        stateTransfer = new StateTransfer(self, config.n(), quorums.weak(), sealer, checkpoints, execution, effects);
        stateSource = new StateSource(self, sealer, checkpoints.states(), effects);
        fastReads = new FastReads(config, replies, checkpoints, execution, effects);
        pace = new PrimaryPace(
                config.n(), Math.max(1, limits.get(Limit.VIEW_TIMEOUT) / limits.get(Limit.STATUS_INTERVAL)));
    }

    public View view() {
        return synchronizer.view();
    }

    public ReplicaId primary() {
        return synchronizer.primary();
    }

    public boolean isPrimary() {
        return primary().equals(self);
    }

    /** One whose state has diverged, or that has forgotten what it said, says nothing that others would rely on. */
    public boolean mayVote() {
        return !checkpoints.hasDiverged() && !rejoins.isLearning();
    }

    /** This replica has forgotten what it said: it only listens, until {@link Rejoins} says otherwise. */
    void fallSilent() {
        amnesic = true;
        synchronizer.fallSilent();
        checkpoints.setSilent(true);
    }

    /** This replica takes part again. */
    void speak() {
        checkpoints.setSilent(false);
        synchronizer.speak();
    }

    void onStarted(Event.Started started) {
        readings.onStarted(started);
        if (amnesic) {
            rejoins.begin(Bytes.wrap(
                    Digest.sha256(REJOIN_DOMAIN, started.secret().unsafeArray()).toArray()));
        }
    }

    /** The service has executed a batch: answers the clients, and begins a checkpoint where one is due. */
    public void onExecuted(Event.Executed executed) {
        execution
                .complete(executed, view())
                .filter(table -> !execution.isInstalling() && !isBelowStable(executed.sequenceNumber()))
                .ifPresent(table -> checkpoints.begin(executed.sequenceNumber(), table));
        synchronizer.onProgress();
    }

    /** Whoever catches up need not stop for checkpoints below the stable one: nobody asks for its word on them. */
    private boolean isBelowStable(SequenceNumber at) {
        return at.compareTo(window.low()) < 0;
    }

    /** Whether the service has been given everything up to the stable checkpoint, or a state from there on. */
    public boolean hasScheduledStable() {
        return execution.scheduled().compareTo(window.low()) >= 0;
    }

    /** Whether this replica holds the state at the stable checkpoint, or a later one. */
    public boolean hasExecutedStable() {
        return execution.executed().compareTo(window.low()) >= 0;
    }

    /** A view was entered. */
    public void onEntered() {
        pace.startOver(execution.requestsScheduled());
        rejoins.startOver();
        checkpointWait.startOver();
    }

    /**
     * Whether it is this replica's own service that keeps it from going on: it has been busy with the same batch, or
     * with writing its state before that, for a whole status interval. Neither the primary nor a lost message is to blame.
     *
     * @param moves whether something was executed in the interval
     */
    boolean isHeldUp(boolean moves) {
        return !moves && synchronizer.isActive() && execution.scheduled().isAfter(execution.executed());
    }

    /** Whoever says REJOIN says it to all. A faulty one may leave out the primary, and have it suspected for that. */
    private void passOnRejoins() {
        if (synchronizer.isActive() && !isPrimary() && !rejoins.isLearning()) {
            for (Verified<Rejoin> rejoin : rejoins.toPassOn(Retransmission.idleTicks(this))) {
                effects.add(new Effect.Send(primary(), rejoin));
            }
        }
    }

    /** Whether its service has nothing to do, although the window is not used up. */
    private boolean isIdle() {
        return execution.scheduled().equals(execution.executed())
                && window.high().isAfter(execution.executed());
    }

    /**
     * A status interval has passed: requests wait longer, and the primary is judged.
     *
     * @param moves whether something was executed in the interval
     */
    public void onTick(boolean moves) {
        boolean heldUp = isHeldUp(moves);
        if (!heldUp) {
            pool.tick();
            rejoins.tick();
            passOnRejoins();
        }
        replies.onTick();
        rejoins.onTick();
        stranded.onTick(synchronizer::isAskedToLeaveBy, execution.executed(), synchronizer.patienceInTicks());
        boolean isNeeded = rejoins.needCheckpoint() || stranded.needCheckpoint();
        long forCheckpoint = checkpointWait.onTick(isNeeded, window.low(), isIdle(), execution.scheduled());
        synchronizer.onTick(Math.max(forCheckpoint, Math.max(pool.oldestWaiting(), rejoins.oldestWaiting())));
        RequestPool.Waits waits = pool.takeWaits();
        if (synchronizer.isActive() && !isPrimary() && !heldUp) {
            pace.onTick(view(), execution.requestsScheduled(), waits).ifPresent(synchronizer::suspect);
        }
    }
}
