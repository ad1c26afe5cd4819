package dev.quorate.simulator.scenario;

import static dev.quorate.simulator.scenario.CrashScripts.ask;
import static dev.quorate.simulator.scenario.CrashScripts.replicas;
import static dev.quorate.simulator.scenario.CrashScripts.small;
import static dev.quorate.simulator.scenario.Scripts.LATER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.ReqViewChange;
import dev.quorate.core.message.Status;
import dev.quorate.core.wire.Batches;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Digest;
import dev.quorate.simulator.node.CoreFactory;
import dev.quorate.simulator.node.Ending;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A replica that talks too much, by the rows of docs/scenarios.md: of what may come, or of what has been. */
public final class NoiseScripts {
    private static final int ROUNDS = 40;
    private static final int MESSAGES_IN_A_ROUND = 100;

    private NoiseScripts() {}

    private static int noisy(Protocol protocol) {
        return replicas(protocol) - 1;
    }

    private static void requireAllEqual(Scenario scenario, Protocol protocol) {
        for (int i = 1; i < noisy(protocol); i++) {
            int replica = i;
            scenario.runUntil(
                    () -> scenario.status(replica)
                            .executed()
                            .equals(scenario.status(0).executed()),
                    LATER);
        }
        ScriptedClient client = scenario.client(0);
        assertThat(client.results().get(client.results().lastKey()))
                .isEqualTo(Long.toString(client.results().lastKey()));
    }

    /** X4: a replica talks of positions and views that are far away, on and on; nobody else notices. */
    public static void x4AFloodOfWhatIsFarAway(Protocol protocol, CoreFactory cores) {
        Scenario scenario = small(protocol, cores).played(noisy(protocol)).start();
        PlayedReplica noisy = scenario.played(noisy(protocol));
        ScriptedClient client = scenario.client(0);
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < MESSAGES_IN_A_ROUND; i++) {
                long far = 10L + (long) round * MESSAGES_IN_A_ROUND + i;
                noisy.broadcast(farAway(protocol, noisy, far));
            }
            ask(scenario, 2);
            scenario.runFor(Duration.ofMillis(5));
        }

        scenario.runUntil(client::isIdle, LATER);
        requireAllEqual(scenario, protocol);
        for (int i = 0; i < noisy(protocol); i++) {
            assertThat(scenario.status(i).view()).isEqualTo(View.ZERO);
            assertThat(scenario.status(i).logEntries()).isLessThanOrEqualTo(16);
        }
    }

    private static Verified<? extends Message> farAway(Protocol protocol, PlayedReplica noisy, long far) {
        Batch none = Batches.nullBatch();
        View view = new View(far);
        SequenceNumber at = new SequenceNumber(4 * far);
        return switch ((int) (far % 5)) {
            case 0 -> noisy.seal(new ReqViewChange(noisy.id(), view));
            case 1 -> noisy.checkpoint(4 * far, Digest.sha256(new byte[] {1}));
            case 2 ->
                protocol == Protocol.PBFT
                        ? noisy.seal(new Status(noisy.id(), view, false, at, at))
                        : prepare(noisy, view, at, none);
            case 3 ->
                protocol == Protocol.PBFT ? noisy.prepare(far, 4 * far, none.digest()) : prepare(noisy, view, at, none);
            default ->
                protocol == Protocol.PBFT ? noisy.commit(0, 4 * far, none.digest()) : prepare(noisy, view, at, none);
        };
    }

    private static Verified<MinPrepare> prepare(PlayedReplica noisy, View near, SequenceNumber at, Batch batch) {
        int n = 3;
        // Of the next view above whose primary it is.
        View own = new View(near.number() - near.number() % n + noisy.id().value());
        return noisy.seal(
                new MinPrepare(new ReplicaId(noisy.id().value()), own, at, batch.digest(), 1, Optional.of(batch)));
    }

    /** K1: what was said before everybody restarted, and before the view changed, is said again, by somebody else. */
    public static void k1WhatWasSaidIsSaidAgain(Protocol protocol, CoreFactory cores) {
        Scenario scenario = small(protocol, cores).played(noisy(protocol)).start();
        PlayedReplica thief = scenario.played(noisy(protocol));
        ScriptedClient client = scenario.client(0);
        ask(scenario, 10);
        scenario.runUntil(client::isIdle, LATER);
        List<Verified<Message>> loot = thief.received(Message.class);
        assertThat(loot).hasSizeGreaterThan(20);

        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < noisy(protocol); i++) {
                scenario.replica(i).crash(Ending.POWER_LOST);
            }
            for (int i = 0; i < noisy(protocol); i++) {
                scenario.restart(i);
            }
            loot.forEach(thief::broadcast);
            ask(scenario, 5);
            scenario.runFor(Duration.ofMillis(1));
            loot.forEach(thief::broadcast);
            scenario.runUntil(client::isIdle, LATER);
        }
        requireAllEqual(scenario, protocol);
        assertThat(client.results()).hasSize(25);
    }
}
