package dev.quorate.simulator.scenario;

import static dev.quorate.simulator.scenario.CrashScripts.ask;
import static dev.quorate.simulator.scenario.CrashScripts.finish;
import static dev.quorate.simulator.scenario.CrashScripts.replicas;
import static dev.quorate.simulator.scenario.CrashScripts.small;
import static dev.quorate.simulator.scenario.Scripts.LATER;
import static dev.quorate.simulator.scenario.Scripts.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.View;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.Reply;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.message.Result.Outcome;
import dev.quorate.core.wire.Verified;
import dev.quorate.simulator.node.CoreFactory;
import dev.quorate.simulator.node.Ending;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What clients may do, by the rows of docs/scenarios.md: client 0 is correct, client 1 does what a test says. */
public final class ClientScripts {
    private static final int OTHER = 1;
    private static final int KEPT_RESULTS = 4;
    private static final Duration TWO_INTERVALS =
            Limits.defaults().period(Limit.STATUS_INTERVAL).multipliedBy(2);

    private ClientScripts() {}

    private static Scenario.Builder withAnotherClient(Protocol protocol, CoreFactory cores) {
        return small(protocol, cores)
                .limit(Limit.SESSIONS_PER_CLIENT, 2)
                .limit(Limit.REQUESTS_PER_SESSION, KEPT_RESULTS)
                .clients(2)
                .faultyClients(OTHER);
    }

    private static int[] all(Protocol protocol) {
        return IntStream.range(0, replicas(protocol)).toArray();
    }

    private static long executedOf(Scenario scenario, int replica, int client) {
        return scenario.executed(replica).stream()
                .filter(id -> id.client().value() == client)
                .count();
    }

    private static void awaitExecuted(Scenario scenario, Protocol protocol, int requests) {
        for (int replica : all(protocol)) {
            scenario.runUntil(() -> executedOf(scenario, replica, OTHER) == requests, LATER);
        }
    }

    /** Asks all replicas in an interval in which they have not been asked the same, and waits for an answer of each. */
    private static SortedMap<Integer, Result> answers(
            Scenario scenario, Protocol protocol, List<Reply> replies, Verified<Request> request) {
        RequestId id = request.message().id();
        scenario.runFor(TWO_INTERVALS);
        replies.clear();
        scenario.client(OTHER).send(request, all(protocol));
        scenario.runUntil(() -> Replied.to(replies, id.session(), id.number()).size() == replicas(protocol), SOON);
        return Replied.to(replies, id.session(), id.number());
    }

    private static String words(Result result) {
        return new String(result.value().toArray(), StandardCharsets.US_ASCII);
    }

    /** L1: a request that was executed is sent again, by itself and after everything that may make one forget it. */
    public static void l1ARequestIsRepeated(Protocol protocol, CoreFactory cores) {
        Scenario scenario = withAnotherClient(protocol, cores).start();
        List<Reply> replies = Replied.watch(scenario);
        ScriptedClient client = scenario.client(OTHER);
        Verified<Request> request = client.sign(1, "add y 7");
        assertThat(answers(scenario, protocol, replies, request).values()).allMatch(r -> words(r).equals("7"));
        assertThat(answers(scenario, protocol, replies, request).values()).allMatch(r -> words(r).equals("7"));

        // Another operation under a number that was used is the same request, as far as anybody cares.
        Verified<Request> reused = client.sign(1, "add y 100");
        assertThat(answers(scenario, protocol, replies, reused).values()).allMatch(r -> words(r).equals("7"));

        // What a replica has fetched, or recovered, holds the sessions, too.
        Valve away = scenario.lose(Flow.all().across(2));
        ask(scenario, 30);
        scenario.runUntil(scenario.client(0)::isIdle, LATER);
        away.open();
        finish(scenario, protocol);
        assertThat(scenario.count("notice: StateTransferFinished")).isPositive();
        for (int replica : all(protocol)) {
            scenario.replica(replica).crash(Ending.POWER_LOST);
            scenario.restart(replica);
        }
        ask(scenario, 1);
        finish(scenario, protocol);
        assertThat(answers(scenario, protocol, replies, request).values()).allMatch(r -> words(r).equals("7"));
        assertThat(answers(scenario, protocol, replies, reused).values()).allMatch(r -> words(r).equals("7"));

        Verified<Request> next = client.sign(2, "add y 1");
        assertThat(answers(scenario, protocol, replies, next).values()).allMatch(r -> words(r).equals("8"));
    }

    /** L1: a request whose reply is not kept any more, or whose session is not: a definite error, at once. */
    public static void l1ARequestIsTooOld(Protocol protocol, CoreFactory cores) {
        Scenario scenario = withAnotherClient(protocol, cores).start();
        List<Reply> replies = Replied.watch(scenario);
        ScriptedClient client = scenario.client(OTHER);
        for (long number = 1; number <= KEPT_RESULTS + 1; number++) {
            assertThat(answers(scenario, protocol, replies, client.sign(number, "add y 1"))
                            .values())
                    .containsOnly(answers(scenario, protocol, replies, client.sign(number, "add y 1"))
                            .get(0));
        }
        assertThat(answers(scenario, protocol, replies, client.sign(1, "add y 1"))
                        .values())
                .allMatch(r -> r.outcome() == Outcome.NUMBER_TOO_OLD);
        assertThat(answers(scenario, protocol, replies, client.sign(2, "add y 1"))
                        .values())
                .allMatch(r -> words(r).equals("2"));

        for (long session = 2; session <= 3; session++) {
            answers(scenario, protocol, replies, client.sign(session, 1, "add y 1"));
        }
        for (long number : new long[] {1, KEPT_RESULTS + 1, KEPT_RESULTS + 2}) {
            assertThat(answers(scenario, protocol, replies, client.sign(1, number, "add y 1"))
                            .values())
                    .allMatch(r -> r.outcome() == Outcome.SESSION_EVICTED);
        }
        ask(scenario, 10);
        finish(scenario, protocol);
        for (int replica : all(protocol)) {
            assertThat(executedOf(scenario, replica, OTHER)).isEqualTo(KEPT_RESULTS + 3);
        }
    }

    /** L1: a correct client whose session was pushed out by others of its own is told so, and not left waiting. */
    public static void l1ASessionIsEvicted(Protocol protocol, CoreFactory cores) {
        Scenario scenario =
                small(protocol, cores).limit(Limit.SESSIONS_PER_CLIENT, 2).start();
        ScriptedClient client = scenario.client(0);
        client.invoke("add x 1");
        scenario.runUntil(client::isIdle, SOON);
        for (long session = 2; session <= 3; session++) {
            client.send(client.sign(session, 1, "add x 1"), all(protocol));
        }
        for (int replica : all(protocol)) {
            scenario.runUntil(() -> scenario.executed(replica).size() == 3, SOON);
        }
        client.invoke("add x 1");

        scenario.runUntil(client::isIdle, SOON);
        assertThat(client.results().values()).containsExactly("1", Outcome.SESSION_EVICTED.toString());
        assertThat(scenario.executed(0)).hasSize(3);
    }

    /** L2: a client gives each replica another operation under the same number: one of them, and nobody else suffers. */
    public static void l2AnotherOperationForEachReplica(Protocol protocol, CoreFactory cores) {
        int numbers = 30;
        Scenario scenario = withAnotherClient(protocol, cores).start();
        List<Reply> replies = Replied.watch(scenario);
        for (long number = 1; number <= numbers; number++) {
            for (int replica : all(protocol)) {
                // The primary gets none of some of them: then it is told by the others, each of which has its own.
                if (replica > 0 || number % 3 > 0) {
                    ScriptedClient liar = scenario.client(OTHER);
                    liar.send(liar.sign(number, "add y " + (1L << replica)), replica);
                }
            }
            ask(scenario, 1);
            awaitExecuted(scenario, protocol, (int) number);
        }
        finish(scenario, protocol);
        scenario.runFor(Duration.ofSeconds(1)); // What was executed last is written before it is answered.

        for (int replica : all(protocol)) {
            assertThat(scenario.executed(replica)).isEqualTo(scenario.executed(0));
            assertThat(scenario.status(replica).view()).isEqualTo(View.ZERO);
            assertThat(scenario.status(replica).pendingRequests()).isZero();
        }
        for (long number = 1; number <= numbers; number++) {
            SortedMap<Integer, Result> results = new TreeMap<>();
            for (Reply reply : replies) {
                if (reply.request().client().equals(new ClientId(OTHER))
                        && reply.request().number() == number) {
                    results.put(reply.replica().value(), reply.answer().whole().orElseThrow());
                }
            }
            assertThat(results).hasSize(replicas(protocol));
            assertThat(results.values()).containsOnly(results.get(0));
        }
    }

    /** L2: the same, and the primary dies while one of the operations is on its way: the next has another one. */
    public static void l2AcrossAViewChange(Protocol protocol, boolean prepared, CoreFactory cores) {
        Class<? extends ReplicaMessage> vote = protocol == Protocol.PBFT ? Commit.class : MinCommit.class;
        Scenario scenario = withAnotherClient(protocol, cores).start();
        List<Reply> replies = Replied.watch(scenario);
        ask(scenario, 2);
        finish(scenario, protocol);
        Valve stopped = scenario.lose(
                prepared ? Flow.of(vote) : Flow.all().amongReplicas().across(0));
        ScriptedClient liar = scenario.client(OTHER);
        for (int replica : all(protocol)) {
            liar.send(liar.sign(1, "add y " + (1L << replica)), replica);
        }
        scenario.runFor(Duration.ofMillis(10));
        scenario.replica(0).crash(Ending.KILLED);
        stopped.open();
        ask(scenario, 5);
        scenario.runUntil(scenario.client(0)::isIdle, LATER);
        scenario.restart(0);
        ask(scenario, 5);
        finish(scenario, protocol);

        assertThat(executedOf(scenario, 1, OTHER)).isEqualTo(1);
        assertThat(executedOf(scenario, 2, OTHER)).isEqualTo(1);
        List<Result> results = replies.stream()
                .filter(reply -> reply.request().client().value() == OTHER)
                .map(reply -> reply.answer().whole().orElseThrow())
                .distinct()
                .toList();
        assertThat(results).hasSize(1);
        assertThat(LongStream.range(0, replicas(protocol)).map(replica -> 1L << replica))
                .contains(Long.parseLong(words(results.get(0))));
        assertThat(scenario.status(1).view()).isGreaterThan(View.ZERO);
    }
}
