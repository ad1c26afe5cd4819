package dev.quorate.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limit;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.message.Rejoin;
import dev.quorate.core.message.ReqViewChange;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.Stable;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.node.CoreFactory;
import dev.quorate.usig.UsigIdentity;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Histories of MinBFT with replicas that rejoin. Each is played with the state machines of its caller's choice. */
public final class RejoinScripts {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration LATER = Duration.ofSeconds(60);
    private static final int FAULTY = 2;
    /** The REJOIN is executed at 1, and a window is 8: the last position at which the old USIG counts. */
    private static final long LAST_OLD = 17;
    /** The first checkpoint from which on the new USIG counts. */
    private static final long CHECKPOINT = 20;

    private static final View ONE = new View(1);

    private RejoinScripts() {}

    /**
     * A5: replica 2 rejoins without having forgotten anything. With its new USIG it votes in view 0, to one of the other two;
     * with its old one it leaves view 0 and votes in view 1, to the other, who lacks the checkpoint from which on that does
     * not count.
     */
    public static void a5TwoUsigs(CoreFactory cores) {
        Scenario scenario = Scenario.minbft(3)
                .limit(Limit.CHECKPOINT_INTERVAL, 4)
                .limit(Limit.WINDOW, 8)
                .limit(Limit.PIPELINE_DEPTH, 1)
                .clients(2)
                .played(FAULTY)
                .cores(cores)
                .start();
        PlayedReplica faulty = scenario.played(FAULTY);
        Verified<Request> one = scenario.client(0).sign(1, "put x 5");
        Verified<Request> other = scenario.client(1).sign(1, "put x 6");
        Valve secret = scenario.lose(
                Flow.all().where(RejoinScripts::saysThatItIsStable).from(0).to(1));
        Sealer old = rejoin(scenario);

        Valve apart = scenario.lose(Flow.all().amongReplicas().from(0, 1).to(0, 1));
        faulty.send(one, 0);
        scenario.runUntil(() -> faulty.received(MinPrepare.class).stream().anyMatch(p -> isAbove(p.message())), SOON);
        faulty.received(MinPrepare.class).stream()
                .filter(p -> isAbove(p.message()))
                .forEach(p -> faulty.send(faulty.seal(commit(p)), 0));
        scenario.runUntil(() -> scenario.executed(0).contains(one.message().id()), SOON);

        faulty.send(other, 1);
        faulty.send(faulty.seal(new ReqViewChange(faulty.id(), ONE)), 1);
        faulty.send(old.seal(new MinViewChange(faulty.id(), ONE)), 1);
        Set<MinPrepare> voted = new HashSet<>();
        scenario.runUntil(
                () -> {
                    faulty.received(MinPrepare.class).stream()
                            .filter(p -> p.message().view().equals(ONE)
                                    && voted.add(p.message().header()))
                            .forEach(p -> faulty.send(old.seal(commit(p)), 1));
                    return faulty.received(ReqViewChange.class).stream()
                            .anyMatch(demand -> demand.message().view().compareTo(ONE) > 0);
                },
                LATER);

        secret.open();
        apart.open();
        // As their clients would do in time.
        faulty.send(one, 0, 1);
        faulty.send(other, 0, 1);
        scenario.runUntil(
                () -> scenario.executed(1).size() == 2 && scenario.executed(0).size() == 2, LATER);
        assertThat(scenario.executed(1)).isEqualTo(scenario.executed(0));
    }

    private static boolean saysThatItIsStable(Message message) {
        return (message instanceof Checkpoint c && c.sequenceNumber().value() >= CHECKPOINT)
                || (message instanceof Stable s
                        && s.certificate().sequenceNumber().value() >= CHECKPOINT);
    }

    /** It rejoins, and everybody executes as much as that takes. */
    private static Sealer rejoin(Scenario scenario) {
        PlayedReplica faulty = scenario.played(FAULTY);
        UsigIdentity renewed = scenario.renewUsig(FAULTY);
        faulty.broadcast(faulty.seal(
                new Rejoin(faulty.id(), renewed.epoch(), Bytes.wrap(new byte[Rejoin.NONCE_BYTES]), renewed.encode())));
        scenario.runUntil(
                () -> scenario.status(0).stable().value() == CHECKPOINT
                        && scenario.status(1).executed().value() == CHECKPOINT,
                LATER);
        assertThat(scenario.status(1).stable().value()).isLessThan(LAST_OLD);
        return scenario.withFormerUsig(FAULTY);
    }

    private static boolean isAbove(MinPrepare prepare) {
        return prepare.sequenceNumber().value() > CHECKPOINT;
    }

    private static MinCommit commit(Verified<MinPrepare> to) {
        return new MinCommit(new ReplicaId(FAULTY), to.message().header(), to.ui());
    }
}
