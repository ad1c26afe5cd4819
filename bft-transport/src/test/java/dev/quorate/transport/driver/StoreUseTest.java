package dev.quorate.transport.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StoreUseTest {
    private final StoreUse use = new StoreUse();
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();

    private Thread startUser() throws InterruptedException {
        Thread user = new Thread(() -> {
            try {
                use.run(() -> {
                    inside.countDown();
                    while (goOn.getCount() > 0) {
                        Thread.onSpinWait(); // Nothing that an interrupt would end.
                    }
                    interrupted.complete(Thread.currentThread().isInterrupted());
                });
            } catch (Exception e) {
                interrupted.completeExceptionally(e);
            }
        });
        user.start();
        inside.await();
        return user;
    }

    @Test
    void whoUsesTheStoreIsNotInterrupted() throws Exception {
        Thread user = startUser();
        use.interrupt(user);
        goOn.countDown();
        assertThat(interrupted.get()).isFalse();
    }

    @Test
    void whoDoesNotIs() throws Exception {
        use.run(() -> {});
        use.interrupt(Thread.currentThread());
        assertThatThrownBy(() -> use.run(() -> interrupted.complete(true))).isInstanceOf(InterruptedException.class);
        assertThat(interrupted).isNotDone();
        use.run(() -> interrupted.complete(Thread.currentThread().isInterrupted()));
        assertThat(interrupted.get()).isFalse();
    }

    @Test
    void afterTheEndNobodyBegins() throws Exception {
        Thread user = startUser();
        assertThat(use.end(1)).as("somebody uses it").isFalse();
        goOn.countDown();
        user.join();
        assertThat(use.end(1)).isTrue();
        assertThatThrownBy(() -> use.run(() -> {})).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void theEndWaitsForTheUser() throws Exception {
        Thread user = startUser();
        CompletableFuture<Boolean> ended = CompletableFuture.supplyAsync(() -> {
            try {
                return use.end(60_000);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        goOn.countDown();
        user.join();
        await().until(ended::isDone);
        assertThat(ended.get()).isTrue();
    }
}
