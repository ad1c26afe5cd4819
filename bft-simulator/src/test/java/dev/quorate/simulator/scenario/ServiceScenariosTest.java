package dev.quorate.simulator.scenario;

import static dev.quorate.simulator.scenario.CrashScripts.ask;
import static dev.quorate.simulator.scenario.CrashScripts.finish;
import static dev.quorate.simulator.scenario.CrashScripts.replicas;
import static dev.quorate.simulator.scenario.CrashScripts.small;
import static dev.quorate.simulator.scenario.Scripts.LATER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Identity;
import dev.quorate.core.Limit;
import dev.quorate.core.Operation;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicatedService;
import dev.quorate.core.SnapshotReader;
import dev.quorate.core.SnapshotWriter;
import dev.quorate.core.View;
import dev.quorate.core.message.Reply;
import dev.quorate.core.message.Result.Outcome;
import dev.quorate.core.runtime.ReplicaCore;
import dev.quorate.core.runtime.ReplicaUsig;
import dev.quorate.simulator.node.CoreFactory;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Services that throw, or hang: row L7 of docs/scenarios.md. */
final class ServiceScenariosTest {
    private static final int VICTIM = 2;
    private static final int MAX_RESULT_BYTES = 2_000;

    /** Replicas whose services fail at some operations, each in its own way. */
    private static final CoreFactory TOUCHY = new CoreFactory() {
        @Override
        public ReplicaCore replica(
                ClusterConfig config, Identity identity, ReplicatedService service, ReplicaUsig usig) {
            int replica = ReplicaCore.idOf(config, identity).value();
            return CoreFactory.super.replica(config, identity, new Touchy(replica, service), usig);
        }
    };

    private record Touchy(int replica, ReplicatedService inner) implements ReplicatedService {
        @Override
        public byte[] execute(Operation operation) throws Exception {
            return switch (operation.asString()) {
                case "throw" -> throw failure();
                case "null" -> null;
                case "huge" -> new byte[MAX_RESULT_BYTES + 1 + replica];
                case "die" -> dies();
                default -> inner.execute(operation);
            };
        }

        /** As it may be on different machines. */
        private Exception failure() {
            return switch (replica) {
                case 0 -> new IllegalStateException("at replica 0");
                case 1 -> new FileNotFoundException("at replica 1");
                case 2 -> new ArrayIndexOutOfBoundsException(-1);
                default -> new IOException((String) null);
            };
        }

        private byte[] dies() {
            if (replica == VICTIM) {
                throw new StackOverflowError("a test says so");
            }
            return new byte[0];
        }

        @Override
        public void snapshot(SnapshotWriter out) throws IOException {
            inner.snapshot(out);
        }

        @Override
        public void restore(SnapshotReader in) throws IOException {
            inner.restore(in);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("L7 a service that throws: the same error everywhere, and the state is unharmed")
    void l7WhatTheServiceThrowsIsTheSameErrorEverywhere(Protocol protocol) {
        Scenario scenario = small(protocol, TOUCHY)
                .limit(Limit.MAX_RESULT_BYTES, MAX_RESULT_BYTES)
                .start();
        List<Reply> replies = Replied.watch(scenario);
        ScriptedClient client = scenario.client(0);
        List<String> operations = List.of("add x 1", "throw", "add x 1", "null", "huge", "nonsense x", "add x 1");
        for (int round = 0; round < 3; round++) {
            operations.forEach(client::invoke);
        }
        scenario.runUntil(client::isIdle, LATER);
        for (int i = 0; i < replicas(protocol); i++) {
            int replica = i;
            scenario.runUntil(() -> scenario.executed(replica).size() == 3 * operations.size(), LATER);
        }
        scenario.runFor(Duration.ofSeconds(1)); // What was executed last is written before it is answered.

        assertThat(client.results().values())
                .startsWith(
                        "1",
                        Outcome.SERVICE_FAILED.toString(),
                        "2",
                        Outcome.SERVICE_FAILED.toString(),
                        Outcome.RESULT_TOO_LARGE.toString(),
                        Outcome.SERVICE_FAILED.toString(),
                        "3")
                .endsWith("9");
        for (long number : client.results().keySet()) {
            assertThat(Replied.to(replies, number)).hasSize(replicas(protocol));
            assertThat(Replied.to(replies, number).values())
                    .containsOnly(Replied.to(replies, number).get(0));
        }
        // Errors are kept with the state like any other result, and all replicas vouch for the same one.
        scenario.runUntil(() -> scenario.status(0).stable().value() >= 20, LATER);
        assertThat(scenario.count("notice: Diverged")).isZero();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("L7 an Error of the service stops its replica, with its reason, and not the run")
    void l7AnErrorOfTheServiceStopsItsReplica(Protocol protocol) {
        Scenario scenario = small(protocol, TOUCHY).start();
        ask(scenario, 1);
        scenario.client(0).invoke("die");
        // The checkers take any correct replica that stops for a mistake, as it would be one here.
        assertThatThrownBy(() -> scenario.runFor(Duration.ofSeconds(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("replica 2")
                .hasMessageContaining("the service cannot go on: java.lang.StackOverflowError: a test says so");
        assertThat(scenario.replica(VICTIM).isUp()).isFalse();
        assertThat(scenario.replica(0).isUp()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("L7 a service hangs at one replica: the others go on, and its protocol still takes part")
    void l7AServiceHangsAtOneReplica(Protocol protocol) {
        // It does not blame the primary for what its own service does: that needs f+1 others.
        Scenario scenario = (protocol == Protocol.PBFT ? Scenario.pbft(4) : Scenario.minbft(5))
                .limit(Limit.CLIENT_TIMEOUT, 3_600_000)
                .limit(Limit.MAX_BATCH_REQUESTS, 1)
                .start();
        ScriptedClient client = scenario.client(0);
        ask(scenario, 4);
        finish(scenario, protocol);
        scenario.replica(VICTIM).hangService();
        ask(scenario, 1);
        scenario.runUntil(client::isIdle, LATER);

        Valve primary = scenario.lose(Flow.all().across(0));
        ask(scenario, 1);
        scenario.runUntil(client::isIdle, LATER);
        scenario.runUntil(() -> scenario.status(VICTIM).view().compareTo(View.ZERO) > 0, LATER);
        // Of MinBFT's five a second one may be gone; then its vote is needed there, too.
        Valve another = scenario.lose(Flow.all().across(protocol == Protocol.PBFT ? 0 : 4));
        ask(scenario, 1);
        scenario.runUntil(() -> scenario.executed(1).size() == 7, LATER);
        assertThat(scenario.executed(VICTIM)).hasSize(4);

        scenario.replica(VICTIM).resumeService();
        scenario.runUntil(client::isIdle, LATER);
        primary.open();
        another.open();
        ask(scenario, 6);
        finish(scenario, protocol);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("L7 a service hangs for longer than the others keep what it lacks")
    void l7AServiceHangsForLong(Protocol protocol) {
        Scenario scenario = small(protocol, CoreFactory.PRODUCTION).start();
        ScriptedClient client = scenario.client(0);
        ask(scenario, 3);
        finish(scenario, protocol);
        scenario.replica(VICTIM).hangService();
        ask(scenario, 60);
        scenario.runUntil(client::isIdle, LATER);
        assertThat(scenario.executed(VICTIM)).hasSize(3);
        assertThat(scenario.status(VICTIM).logEntries()).isLessThanOrEqualTo(16);

        scenario.replica(VICTIM).resumeService();
        finish(scenario, protocol);
        assertThat(client.results().get(63L)).isEqualTo("63");
    }
}
