package dev.quorate.transport.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quorate.core.Limits;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.Result;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.ServiceRunner;
import dev.quorate.core.smr.StateImage;
import dev.quorate.core.storage.StoreException;
import dev.quorate.crypto.Bytes;
import dev.quorate.transport.SlowlyWritten;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The service goes on while its state is written. */
@Timeout(60)
class ServiceThreadTest {
    private final SlowlyWritten service = new SlowlyWritten();
    private final List<Event> done = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final ServiceThread thread = new ServiceThread(
            "test", new ServiceRunner(service, Limits.defaults()), Persistence.NONE, done::add, failures::add);

    @BeforeEach
    void start() {
        thread.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        thread.stop();
        service.writeOn();
        assertThat(thread.join(10_000)).isTrue();
        assertThat(service.openViews()).isZero();
    }

    @Test
    void operationsExecuteWhileAViewIsWritten() {
        thread.carryOut(execute(1));
        thread.carryOut(snapshot(1));
        thread.carryOut(execute(2));
        await().until(() -> done.contains(executed(2)));
        assertThat(done).containsExactly(executed(1), executed(2));

        service.writeOn();
        await().until(() -> done.size() == 3);
        assertThat(done.get(2)).isInstanceOfSatisfying(Event.SnapshotTaken.class, taken -> {
            assertThat(taken.sequenceNumber()).isEqualTo(seq(1));
            assertThat(taken.image().root(seq(1))).isEqualTo(image().root(seq(1)));
        });
        await().until(() -> service.openViews() == 0);
        assertThat(failures).isEmpty();
    }

    @Test
    void theNextViewIsTakenOnceTheOneBeforeIsClosed() {
        thread.carryOut(snapshot(1));
        thread.carryOut(snapshot(2));
        thread.carryOut(execute(3));
        await().until(() -> service.openViews() == 1);
        service.writeOn();
        await().until(() -> done.size() == 3);
        assertThat(done.stream().filter(Event.SnapshotTaken.class::isInstance)).hasSize(2);
        await().until(() -> service.openViews() == 0);
        assertThat(service.mostOpenViews()).isEqualTo(1);
    }

    @Test
    void aStateIsInstalledOnceTheOldOneIsWritten() {
        thread.carryOut(snapshot(1));
        thread.carryOut(new Effect.InstallState(seq(4), image()));
        await().until(() -> service.openViews() == 1);
        assertThat(service.restored()).isZero();
        service.writeOn();
        await().until(() -> done.size() == 2);
        assertThat(done.get(0)).isInstanceOf(Event.SnapshotTaken.class);
        assertThat(done.get(1)).isEqualTo(new Event.StateInstalled(seq(4)));
        assertThat(service.restored()).isEqualTo(1);
    }

    @Test
    void statesAreKeptBeforeTheyAreReported() {
        List<String> order = new CopyOnWriteArrayList<>();
        ServiceThread keeping = new ServiceThread(
                "keeping",
                new ServiceRunner(service, Limits.defaults()),
                new KeepingStates(order, false),
                event -> order.add(event.getClass().getSimpleName()),
                failures::add);
        keeping.start();
        service.writeOn();
        keeping.carryOut(snapshot(1));
        keeping.carryOut(new Effect.InstallState(seq(4), image()));
        await().until(() -> order.size() == 4);
        assertThat(order).containsExactly("keep 1", "SnapshotTaken", "keep 4", "StateInstalled");
        keeping.stop();
        assertThat(failures).isEmpty();
    }

    @Test
    void d4AStateThatCannotBeKeptIsNotReportedAndStopsTheReplica() {
        ServiceThread failing = new ServiceThread(
                "failing",
                new ServiceRunner(service, Limits.defaults()),
                new KeepingStates(List.of(), true),
                done::add,
                failures::add);
        failing.start();
        service.writeOn();
        failing.carryOut(snapshot(1));
        await().until(() -> failures.size() == 1);
        assertThat(failures.get(0)).hasMessage("a test says so");
        assertThat(done).isEmpty();
        failing.stop();
    }

    /** Notes what is kept; fails if it cannot. */
    private record KeepingStates(List<String> order, boolean broken) implements Persistence {
        @Override
        public void persist(List<Effect.Persist> records) {
            throw new AssertionError("not for the service's threads");
        }

        @Override
        public void discard(Effect.Discard discard) {
            throw new AssertionError("not for the service's threads");
        }

        @Override
        public void endRejoin() {
            throw new AssertionError("not for the service's threads");
        }

        @Override
        public void accept(Effect.AcceptUsig accepted) {
            throw new AssertionError("not for the service's threads");
        }

        @Override
        public Event.UsigRenewed renew(Effect.RenewUsig renewal) {
            throw new AssertionError("not for the service's threads");
        }

        @Override
        public void keep(SequenceNumber at, StateImage image) throws StoreException {
            if (broken) {
                throw new StoreException(StoreException.Reason.FAILED, "a test says so");
            }
            order.add("keep " + at.value());
        }
    }

    @Test
    void aViewThatCannotBeWrittenStopsTheReplica() {
        service.failWriting();
        service.writeOn();
        thread.carryOut(snapshot(1));
        await().until(() -> failures.size() == 1);
        assertThat(failures.get(0)).hasMessage("a test says so");
        await().until(() -> service.openViews() == 0);
    }

    @Test
    void whatIsCutShortByStoppingIsNoFailure() throws InterruptedException {
        thread.carryOut(snapshot(1));
        thread.carryOut(snapshot(2));
        thread.carryOut(new Effect.InstallState(seq(4), image()));
        await().until(() -> service.openViews() == 1);
        thread.stop();
        assertThat(thread.join(30_000)).isTrue();
        assertThat(service.openViews()).isZero();
        assertThat(done).isEmpty();
        assertThat(failures).isEmpty();
    }

    private static StateImage image() {
        return StateImage.of(Bytes.EMPTY, Bytes.wrap(SlowlyWritten.state()));
    }

    private static Effect.ForService execute(long at) {
        return new Effect.Execute(seq(at), List.of());
    }

    private static Event executed(long at) {
        return new Event.Executed(seq(at), List.<Result>of());
    }

    private static Effect.ForService snapshot(long at) {
        return new Effect.TakeSnapshot(seq(at), Bytes.EMPTY);
    }

    private static SequenceNumber seq(long value) {
        return new SequenceNumber(value);
    }
}
