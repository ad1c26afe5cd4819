package dev.quorate.transport.driver;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.smr.Notice;
import dev.quorate.transport.channel.LogThrottle;
import dev.quorate.transport.channel.Rejections;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and logs what the protocol reports. For the replica thread; the counts may be read by any. */
final class NoticeLog implements Consumer<Notice> {
    private static final Logger LOG = LoggerFactory.getLogger(NoticeLog.class);

    private final ReplicaId self;
    private final Rejections rejections;
    private final LogThrottle equivocations = new LogThrottle();
    private final LogThrottle fallingBehind = new LogThrottle();
    private final LongAdder batchesCommitted = new LongAdder();
    private final LongAdder requestsExecuted = new LongAdder();
    private final LongAdder equivocationsSeen = new LongAdder();

    private final LongAdder checkpointStalls = new LongAdder();

    NoticeLog(ReplicaId self, Rejections rejections) {
        this.self = self;
        this.rejections = rejections;
    }

    long batchesCommitted() {
        return batchesCommitted.sum();
    }

    long requestsExecuted() {
        return requestsExecuted.sum();
    }

    long equivocations() {
        return equivocationsSeen.sum();
    }

    long checkpointStalls() {
        return checkpointStalls.sum();
    }

    @Override
    public void accept(Notice notice) {
        if (notice instanceof Notice.RequestExecuted) {
            requestsExecuted.increment();
        } else if (notice instanceof Notice.Committed) {
            batchesCommitted.increment();
        } else if (notice instanceof Notice.Rejected rejected) {
            rejections.unfitting(rejected.reason(), rejected.message());
        } else if (notice instanceof Notice.Equivocation proof) {
            equivocationsSeen.increment();
            equivocations.log(note -> LOG.warn(
                    "{}: {} is faulty: it signed both {} and {}{}",
                    self,
                    proof.replica(),
                    proof.first(),
                    proof.second(),
                    note));
        } else if (notice instanceof Notice.PrimarySuspected suspected) {
            LOG.info(
                    "{} suspects {}, the primary of {}: {}",
                    self,
                    suspected.primary(),
                    suspected.view(),
                    suspected.reason());
        } else if (notice instanceof Notice.ViewEntered entered) {
            LOG.info("{} is in {}, with {} as primary", self, entered.view(), entered.primary());
        } else if (notice instanceof Notice.StateTransferStarted started) {
            LOG.info("{} fetches the state at {}", self, started.stable());
        } else if (notice instanceof Notice.StateTransferFinished finished) {
            LOG.info("{} has the state at {}, or no need for it any more", self, finished.stable());
        } else if (notice instanceof Notice.CheckpointStable stable) {
            LOG.debug("{}: checkpoint {} is stable, root {}", self, stable.sequenceNumber(), stable.root());
        } else if (notice instanceof Notice.CheckpointsStall stall) {
            checkpointStalls.increment();
            LOG.warn(
                    "{} has used up its window, and the checkpoint at {} does not become stable: {} vouch for the state"
                            + " that it has, {} for another one, and of the others nothing has come. Nothing more is"
                            + " executed until enough of them agree",
                    self,
                    stall.sequenceNumber(),
                    stall.agreeing(),
                    stall.differing());
        } else if (notice instanceof Notice.Diverged diverged) {
            LOG.error(
                    "{} has diverged at {}: its state is {}, that of the others {}. The service is not deterministic, or"
                            + " this machine is faulty",
                    self,
                    diverged.sequenceNumber(),
                    diverged.own(),
                    diverged.stable());
        } else if (notice instanceof Notice.RejoinExecuted rejoin) {
            LOG.info("{}: {} has lost its memory, and rejoins at {}", self, rejoin.replica(), rejoin.sequenceNumber());
        } else if (notice instanceof Notice.Rejoined rejoined) {
            LOG.info("{} has rejoined: it votes again, from the checkpoint at {} on", self, rejoined.stable());
        } else if (notice instanceof Notice.TooManyRejoin tooMany) {
            LOG.error(
                    "{} cannot rejoin: {} have lost their memory, so the others are no quorum, and nothing more will be"
                            + " executed. Bring back the store of one of them, if it is left anywhere; otherwise this"
                            + " cluster has lost what it cannot prove any more, and has to be made anew from a copy of"
                            + " its state",
                    self,
                    tooMany.replicas());
        } else if (notice instanceof Notice.FellBehind behind) {
            fallingBehind.log(note -> LOG.warn(
                    "{} has executed {} only, and the others have discarded what leads to {}{}",
                    self,
                    behind.executed(),
                    behind.stable(),
                    note));
        } else {
            LOG.debug("{}: {}", self, notice);
        }
    }
}
