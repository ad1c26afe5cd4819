package dev.quorate.simulator.scenario;

import static dev.quorate.simulator.scenario.Scripts.LATER;
import static dev.quorate.simulator.scenario.Scripts.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.Limit;
import dev.quorate.core.Protocol;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.crypto.SimulatedSignatures;
import dev.quorate.simulator.node.CoreFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a faulty primary or backup may do, by the rows of docs/scenarios.md. */
public final class PrimaryScripts {
    private PrimaryScripts() {}

    /** P1: each side of a partition is proposed another batch; then they meet. */
    public static void p1AcrossAPartition(CoreFactory cores) {
        Scenario scenario = Scripts.pbft(4, cores).played(0).start();
        ScriptedClient client = scenario.client(0);
        PlayedReplica primary = scenario.played(0);
        Valve split = scenario.lose(Flow.all().amongReplicas().from(1).to(2, 3));
        Valve back = scenario.lose(Flow.all().amongReplicas().from(2, 3).to(1));
        client.invoke("add x 1");
        scenario.runUntil(() -> !primary.received(Request.class).isEmpty(), SOON);
        Batch one = PlayedReplica.batch(primary.received(Request.class).get(0));
        Batch other = PlayedReplica.batch(List.of());
        primary.send(primary.prePrepare(0, 1, one), 1);
        primary.send(primary.prePrepare(0, 1, other), 2, 3);
        primary.send(primary.commit(0, 1, one.digest()), 1);
        primary.send(primary.commit(0, 1, other.digest()), 2, 3);
        scenario.runFor(Duration.ofSeconds(5));

        split.open();
        back.open();
        scenario.runUntil(() -> client.results().size() == 1, LATER);
        assertThat(client.results().get(1L)).isEqualTo("1");
    }

    /** P2: the primary proposes what no client asked for. */
    public static void p2ForgedRequests(String signatures) {
        Scenario scenario = Scripts.pbft(4, CoreFactory.PRODUCTION)
                .played(0)
                .clients(2)
                .signatures(signatures)
                .start();
        PlayedReplica primary = scenario.played(0);
        RequestId id = new RequestId(new ClientId(1), 1, 1);
        Bytes operation = Bytes.wrap("put x 9".getBytes(StandardCharsets.UTF_8));
        Verified<PrePrepare> proposal =
                primary.prePrepare(0, 1, PlayedReplica.batch(primary.forge(new Request(id, operation))));
        primary.broadcast(proposal);
        primary.broadcast(primary.commit(0, 1, proposal.message().digest()));
        ScriptedClient client = scenario.client(0);
        client.invoke("get x");

        scenario.runUntil(() -> client.results().size() == 1, LATER);
        assertThat(client.results().get(1L)).isEqualTo("0");
        assertThat(scenario.status(1).view()).isGreaterThan(View.ZERO);
    }

    /** P2, with signatures that nobody can forge. */
    public static void p2ForgedRequests() {
        p2ForgedRequests(SimulatedSignatures.NAME);
    }

    /** P5: the primary never sees the requests of one client; another client's make progress meanwhile. */
    public static void p5OneClientIsIgnored(CoreFactory cores) {
        Scenario scenario = Scripts.pbft(4, cores).clients(2).start();
        scenario.lose(
                Flow.of(Request.class, request -> request.client().value() == 1).to(0));
        scenario.client(1).invoke("put x 5");
        for (int i = 1; i <= 50; i++) {
            int expected = i;
            scenario.client(0).invoke("add y 1");
            scenario.runUntil(() -> scenario.client(0).results().size() == expected, LATER);
            scenario.runFor(Duration.ofMillis(100));
        }

        scenario.runUntil(() -> scenario.client(1).results().size() == 1, LATER);
        assertThat(scenario.client(1).results().get(1L)).isEqualTo("ok");
    }

    /** P6: the primary proposes just before its backups lose patience: it stays, and each time something is ordered. */
    public static void p6ThePrimaryDawdles(CoreFactory cores) {
        Scenario scenario = Scripts.pbft(4, cores).start();
        ScriptedClient client = scenario.client(0);
        Valve proposals = scenario.hold(Flow.of(PrePrepare.class).from(0));
        for (int i = 1; i <= 20; i++) {
            client.invoke("add x 1");
            scenario.runFor(Duration.ofMillis(900));
            proposals.releaseNow();
            int expected = i;
            scenario.runUntil(() -> client.results().size() == expected, Duration.ofSeconds(1));
        }
        assertThat(scenario.status(1).view()).isEqualTo(View.ZERO);
    }

    /** P7, and history B6: the primary leaves out a backup and answers no client; the others keep that backup up. */
    public static void p7ABackupIsLeftOut(CoreFactory cores) {
        Scenario scenario = Scripts.pbft(4, cores).start();
        ScriptedClient client = scenario.client(0);
        scenario.lose(Flow.all().from(0).to(1));
        scenario.lose(Flow.all().from(0).toClients());
        for (int i = 1; i <= 20; i++) {
            int expected = i;
            client.invoke("add x 1");
            scenario.runUntil(() -> client.results().size() == expected, LATER);
            scenario.runUntil(() -> scenario.executed(1).size() == expected, LATER);
        }
        assertThat(client.results().get(20L)).isEqualTo("20");
    }

    /** P8: the primary leaves a gap in the sequence numbers, and uses up the window. */
    public static void p8Gaps(CoreFactory cores) {
        Scenario scenario = Scripts.pbft(4, cores).played(0).start();
        PlayedReplica primary = scenario.played(0);
        ScriptedClient client = scenario.client(0);
        client.invoke("add x 1");
        scenario.runUntil(() -> !primary.received(Request.class).isEmpty(), SOON);
        Batch batch = PlayedReplica.batch(primary.received(Request.class).get(0));
        for (long at : new long[] {2, 3, 1024, 1025, 1L << 40}) {
            primary.broadcast(primary.prePrepare(0, at, batch));
            primary.broadcast(primary.commit(0, at, batch.digest()));
        }

        scenario.runUntil(() -> client.results().size() == 1, LATER);
        assertThat(client.results().get(1L)).isEqualTo("1");
        assertThat(scenario.status(1).view()).isGreaterThan(View.ZERO);
    }

    /** P9: many batches for each position; at most a few of them are kept, and one at most is executed. */
    public static void p9ManyBatchesForOnePosition(CoreFactory cores) {
        Scenario scenario = Scripts.pbft(4, cores).played(0).clients(2).start();
        PlayedReplica primary = scenario.played(0);
        List<Batch> batches = new ArrayList<>();
        for (int number = 1; number <= 40; number++) {
            batches.add(PlayedReplica.batch(scenario.client(1).sign(number, "add y " + number)));
        }
        for (int i = 0; i < batches.size(); i++) {
            for (int at = 1; at <= 10; at++) {
                Batch batch = batches.get((i + at) % batches.size());
                primary.send(primary.prePrepare(0, at, batch), 1 + i % 3);
                primary.send(primary.commit(0, at, batch.digest()), 1 + i % 3);
            }
        }
        ScriptedClient client = scenario.client(0);
        client.invoke("add x 1");

        scenario.runUntil(() -> client.results().size() == 1, LATER);
        assertThat(client.results().get(1L)).isEqualTo("1");
        assertThat(scenario.count("notice: Equivocation")).isPositive();
    }

    /** P9: a batch of more requests than are allowed is nobody's business, and its primary is replaced. */
    public static void p9AnOversizeBatch(Protocol protocol, CoreFactory cores) {
        Scenario scenario = CrashScripts.small(protocol, cores)
                .limit(Limit.MAX_BATCH_REQUESTS, 4)
                .played(0)
                .clients(2)
                .faultyClients(1)
                .start();
        PlayedReplica primary = scenario.played(0);
        ScriptedClient client = scenario.client(0);
        client.invoke("add x 1");
        scenario.runUntil(() -> !primary.received(Request.class).isEmpty(), SOON);
        List<Verified<Request>> requests = new ArrayList<>(primary.received(Request.class));
        for (int number = 1; number <= 4; number++) {
            requests.add(scenario.client(1).sign(number, "add y 1"));
        }
        primary.broadcast(proposal(protocol, primary, 1, PlayedReplica.batch(requests)));

        scenario.runUntil(client::isIdle, LATER);
        assertThat(client.results().get(1L)).isEqualTo("1");
        assertThat(scenario.status(1).view()).isGreaterThan(View.ZERO);
        assertThat(scenario.count("rejected by validation: OVERSIZE")).isPositive();
        assertThat(scenario.executed(1)).hasSize(1);
    }

    /** P9: hundreds of batches for one position; the primary is replaced, whoever of them executed. */
    public static void p9HundredsOfBatches(Protocol protocol, CoreFactory cores) {
        Scenario scenario = CrashScripts.small(protocol, cores)
                .played(0)
                .clients(2)
                .faultyClients(1)
                .start();
        PlayedReplica primary = scenario.played(0);
        for (int i = 1; i <= 300; i++) {
            Batch batch = PlayedReplica.batch(scenario.client(1).sign(1, "add y " + i));
            primary.broadcast(proposal(protocol, primary, 1, batch));
        }
        ScriptedClient client = scenario.client(0);
        client.invoke("add x 1");

        scenario.runUntil(client::isIdle, LATER);
        assertThat(scenario.status(1).view()).isGreaterThan(View.ZERO);
        for (int i = 0; i < 20; i++) {
            client.invoke("add x 1");
        }
        scenario.runUntil(client::isIdle, LATER);
        assertThat(client.results().get(21L)).isEqualTo("21");
        assertThat(scenario.status(1).logEntries()).isLessThanOrEqualTo(16);
    }

    private static Verified<? extends Message> proposal(
            Protocol protocol, PlayedReplica primary, long at, Batch batch) {
        return protocol == Protocol.PBFT
                ? primary.prePrepare(0, at, batch)
                : primary.seal(new MinPrepare(
                        primary.id(), View.ZERO, new SequenceNumber(at), batch.digest(), 0, Optional.of(batch)));
    }

    /** B4: f replicas say nothing. */
    public static void b4SilentReplicas(CoreFactory cores) {
        Scenario scenario = Scripts.pbft(7, cores).played(5, 6).start();
        ScriptedClient client = scenario.client(0);
        for (int i = 0; i < 20; i++) {
            client.invoke("add x 1");
        }

        scenario.runUntil(() -> client.results().size() == 20, LATER);
        assertThat(scenario.status(1).view()).isEqualTo(View.ZERO);
    }
}
