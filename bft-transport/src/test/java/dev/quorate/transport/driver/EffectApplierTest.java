package dev.quorate.transport.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.core.ClientId;
import dev.quorate.core.Limits;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicaStatus;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.Reply;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.pbft.PbftRules;
import dev.quorate.core.runtime.ReplicaObserver;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.Notice;
import dev.quorate.core.smr.ProtocolStatus;
import dev.quorate.core.smr.ServiceRunner;
import dev.quorate.core.smr.StateImage;
import dev.quorate.core.smr.TimerId;
import dev.quorate.core.storage.StoreException;
import dev.quorate.core.wire.MessageValidator;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.transport.LocalCluster;
import dev.quorate.transport.channel.Connection;
import dev.quorate.usig.UsigIdentity;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EffectApplierTest {
    private static final SequenceNumber ONE = new SequenceNumber(1);

    private final List<Event> reported = new ArrayList<>();
    private final List<String> happened = new ArrayList<>();
    private final List<Effect> observed = new ArrayList<>();
    private final TimerQueue timers = new TimerQueue();
    private boolean broken;
    private EffectApplier applier;
    private Verified<Commit> commit;
    private Verified<Reply> reply;

    @BeforeEach
    void prepare() throws IOException {
        LocalCluster cluster = LocalCluster.of(4, 1);
        commit = cluster.replicaSealer(0).seal(new Commit(new ReplicaId(0), View.ZERO, ONE, Digest.sha256()));
        reply = cluster.replicaSealer(0)
                .seal(new Reply(
                        new ReplicaId(0), View.ZERO, new RequestId(new ClientId(5), 77, 1), Result.ok(Bytes.EMPTY)));
        ServiceThread service = new ServiceThread(
                "test-service",
                new ServiceRunner(null, Limits.defaults()),
                Persistence.NONE,
                event -> {},
                failure -> {});
        applier = new EffectApplier(
                new ReplicaId(0),
                new MessageValidator(cluster.config(), new PbftRules(cluster.config())),
                new Disk(),
                new Recorder(),
                service,
                timers,
                notice -> happened.add("report"),
                new ReplicaObserver() {
                    @Override
                    public void applied(ReplicaId self, Effect effect) {
                        observed.add(effect);
                    }
                },
                reported::add);
    }

    @Test
    void recordsArePersistedOnceAndBeforeAnythingLeaves() throws IOException {
        applier.apply(List.of(
                new Effect.Broadcast(commit),
                new Effect.Persist(ONE, Bytes.EMPTY),
                new Effect.Send(new ReplicaId(2), commit),
                new Effect.Persist(ONE, Bytes.EMPTY)));
        assertThat(happened).containsExactly("persist 2", "broadcast", "send 2", "flush");
    }

    @Test
    void whatIsDiscardedGoesAfterWhatIsKept() throws IOException {
        applier.apply(
                List.of(new Effect.Discard(ONE), new Effect.Persist(ONE, Bytes.EMPTY), new Effect.Broadcast(commit)));
        assertThat(happened).containsExactly("persist 1", "discard 1", "broadcast", "flush");
    }

    @Test
    void d4NothingLeavesIfTheRecordsCannotBeKept() {
        broken = true;
        assertThatThrownBy(() -> applier.apply(List.of(
                        new Effect.Broadcast(commit),
                        new Effect.SendToClient(new ClientId(5), 77, reply),
                        new Effect.Persist(ONE, Bytes.EMPTY))))
                .isInstanceOf(StoreException.class);
        assertThat(happened).isEmpty();
    }

    @Test
    void theObserverHearsOfEachEffectOnceAndInTheOrderInWhichTheyHappen() throws IOException {
        Effect persist = new Effect.Persist(ONE, Bytes.EMPTY);
        Effect broadcast = new Effect.Broadcast(commit);
        Effect report = new Effect.Report(new Notice.Committed(View.ZERO, ONE, Digest.sha256()));
        applier.apply(List.of(broadcast, persist, report));
        assertThat(observed).containsExactly(persist, broadcast, report);
    }

    @Test
    void ofAHaltTheObserverHearsWhatIsReportedAndTheHalt() {
        Effect report = new Effect.Report(new Notice.Committed(View.ZERO, ONE, Digest.sha256()));
        Effect halt = new Effect.Halt("a test says so");
        applier.halt(List.of(new Effect.Broadcast(commit), report, new Effect.Persist(ONE, Bytes.EMPTY), halt));
        assertThat(happened).containsExactly("report");
        assertThat(observed).containsExactly(report, halt);
    }

    @Test
    void withoutRecordsNothingIsPersisted() throws IOException {
        applier.apply(List.of(
                new Effect.SendToClient(new ClientId(5), 77, reply),
                new Effect.Report(new Notice.Committed(View.ZERO, ONE, Digest.sha256()))));
        assertThat(happened).containsExactly("reply to 5/77", "report", "flush");
    }

    @Test
    void timersAreStartedAndStoppedInOrder() throws IOException {
        TimerId first = new TimerId(TimerId.Kind.STATUS, View.ZERO);
        TimerId second = new TimerId(TimerId.Kind.STATUS, new View(1));
        applier.apply(List.of(
                new Effect.StartTimer(first, Duration.ZERO),
                new Effect.StartTimer(second, Duration.ZERO),
                new Effect.StopTimer(first)));
        assertThat(timers.pollDue(System.nanoTime())).contains(second);
        assertThat(timers.pollDue(System.nanoTime())).isEmpty();
    }

    @Test
    void aNewEpochOfTheUsigIsReportedToTheProtocol() throws IOException {
        applier.apply(List.of(new Effect.RenewUsig(3)));
        assertThat(reported)
                .singleElement()
                .isInstanceOfSatisfying(
                        Event.UsigRenewed.class,
                        event -> assertThat(event.identity().epoch()).isEqualTo(3));
    }

    @Test
    void whatIsValidatedAgainIsGivenToTheProtocol() throws IOException {
        applier.apply(List.of(new Effect.ValidateAgain(commit)));
        assertThat(reported).containsExactly(new Event.ValidatedAgain(commit));
    }

    private final class Disk implements Persistence {
        @Override
        public void persist(List<Effect.Persist> records) throws StoreException {
            if (broken) {
                throw new StoreException(StoreException.Reason.FAILED, "a test says so");
            }
            happened.add("persist " + records.size());
        }

        @Override
        public void discard(Effect.Discard discard) {
            happened.add("discard " + discard.stable().value());
        }

        @Override
        public void endRejoin() {
            happened.add("end rejoin");
        }

        @Override
        public void accept(Effect.AcceptUsig accepted) {
            happened.add("accept the USIG of " + accepted.replica());
        }

        @Override
        public Event.UsigRenewed renew(Effect.RenewUsig renewal) {
            return new Event.UsigRenewed(
                    new UsigIdentity("test", renewal.epoch(), Bytes.wrap(new byte[1]), Bytes.EMPTY));
        }

        @Override
        public void keep(SequenceNumber at, StateImage image) {
            throw new AssertionError("not for the replica thread");
        }
    }

    private final class Recorder implements Outgoing {
        @Override
        public void send(ReplicaId to, Bytes frame) {
            happened.add("send " + to.value());
        }

        @Override
        public void broadcast(Bytes frame) {
            happened.add("broadcast");
        }

        @Override
        public void sendToClient(ClientId to, long session, Bytes frame) {
            happened.add("reply to " + to.value() + "/" + session);
        }

        @Override
        public void answer(Connection connection, Bytes frame) {
            happened.add("answer");
        }

        @Override
        public void flush() {
            happened.add("flush");
        }

        @Override
        public ReplicaStatus describe(ProtocolStatus status) {
            throw new AssertionError("nobody asked");
        }
    }
}
