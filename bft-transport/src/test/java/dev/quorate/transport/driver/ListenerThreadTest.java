package dev.quorate.transport.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quorate.core.ReplicaListener;
import dev.quorate.core.SequenceNumber;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ListenerThreadTest {
    private static final int CAPACITY = 10;

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final CountDownLatch busy = new CountDownLatch(1);

    /** Is stuck in the call about checkpoint 0 until the gate opens, and fails in the one about checkpoint 1. */
    private final class Slow implements ReplicaListener {
        @Override
        public void checkpointStable(SequenceNumber sequenceNumber) {
            if (sequenceNumber.value() == 0) {
                busy.countDown();
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    heard.add("interrupted");
                    return;
                }
            }
            if (sequenceNumber.value() == 1) {
                throw new IllegalStateException("a test says so");
            }
            heard.add("stable " + sequenceNumber.value());
        }

        @Override
        public void missed(long calls) {
            heard.add("missed " + calls);
        }

        @Override
        public void stopped() {
            heard.add("stopped");
        }
    }

    private ListenerThread started() {
        ListenerThread thread = new ListenerThread("test-listener", new Slow(), CAPACITY);
        thread.start();
        return thread;
    }

    private static void post(ListenerThread thread, long sequenceNumber) {
        thread.post(to -> to.checkpointStable(new SequenceNumber(sequenceNumber)));
    }

    @Test
    void callsComeInOrderWhateverOneOfThemThrowsAndTheEndComesLast() throws Exception {
        gate.countDown();
        ListenerThread thread = started();
        for (int i = 0; i < 4; i++) {
            post(thread, i);
        }
        thread.end();
        assertThat(thread.join(10_000)).isTrue();
        assertThat(heard).containsExactly("stable 0", "stable 2", "stable 3", "stopped");
        assertThat(thread.leftOut()).isZero();
    }

    @Test
    void whatASlowListenerMissesIsSaidWhereItIsMissing() throws Exception {
        ListenerThread thread = started();
        post(thread, 0);
        busy.await();
        for (int i = 2; i < 20; i++) {
            post(thread, i);
        }
        // Of 18 calls 9 wait: one place is kept for saying what is missing.
        assertThat(thread.leftOut()).isEqualTo(9);
        gate.countDown();
        await().until(() -> heard.contains("stable 10"));
        post(thread, 20);
        await().until(() -> heard.contains("stable 20"));
        assertThat(heard).endsWith("stable 10", "missed 9", "stable 20");
        thread.end();
        assertThat(thread.join(10_000)).isTrue();
    }

    @Test
    void aListenerThatDoesNotComeBackIsInterrupted() throws Exception {
        ListenerThread thread = started();
        post(thread, 0);
        busy.await();
        post(thread, 2);
        thread.end();
        assertThat(thread.join(10)).isTrue();
        assertThat(heard).first().isEqualTo("interrupted");
        assertThat(heard).doesNotContain("stable 2");
    }
}
