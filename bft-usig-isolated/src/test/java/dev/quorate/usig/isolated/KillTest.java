package dev.quorate.usig.isolated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.usig.IssuedUi;
import dev.quorate.usig.KnownCounter;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigContext;
import dev.quorate.usig.UsigIdentity;
import dev.quorate.usig.UsigProvider;
import dev.quorate.usig.UsigVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kills processes in the middle of what they do. */
class KillTest {
    private static final int LIVES = 10;

    @TempDir
    private Path folder;

    private final IsolatedUsigProvider provider = new IsolatedUsigProvider();

    /** SIGKILL for the USIG's process while identifiers are created as fast as it can. */
    @Test
    void b4AUsigThatIsKilledAtAnyInstantGoesOnWhereItWas() throws Exception {
        UsigContext context = new UsigContext(folder.resolve("usig"));
        UsigIdentity identity = provider.init(context, 0);
        UsigVerifier verifier = provider.verifier(context, identity);
        Random random = new Random(3);
        long received = 0;
        for (int life = 0; life < LIVES; life++) {
            UsigProcess process = UsigProcess.serve(context.directory());
            Optional<KnownCounter> known = Optional.of(new KnownCounter(0, received));
            try (Usig usig = provider.open(context, known)) {
                // At most the one that was under way when it was killed is new to the caller.
                assertThat(usig.lastCounter()).isBetween(received, received + 1);
                List<IssuedUi> again = usig.certificatesAfter(Math.max(usig.lastConfirmed(), received - 5));
                assertThat(again).allMatch(CountingClient::isRight);
                assertThat(again).allMatch(issued -> verifier.verify(issued.message(), issued.ui()));
                received = usig.lastCounter();
                long killAt = received + 1 + random.nextInt(200);
                received = createUntilKilled(usig, process, killAt);
                assertThat(received).isGreaterThanOrEqualTo(killAt);
            }
        }
    }

    private static long createUntilKilled(Usig usig, UsigProcess process, long killAt) throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CompletableFuture<Void> killer = CompletableFuture.runAsync(() -> {
            try {
                reached.await();
                process.kill();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        long received = usig.lastCounter();
        try {
            while (true) {
                received = usig.createUi(CountingClient.message(received + 1)).counter();
                usig.confirm(Math.max(usig.lastConfirmed(), received - 5));
                if (received == killAt) {
                    reached.countDown();
                }
            }
        } catch (IOException e) {
            killer.join();
            assertThatThrownBy(() -> usig.createUi(CountingClient.message(0))).isInstanceOf(IOException.class);
            return received;
        }
    }

    /** SIGKILL for the replica, whose USIG lives on, or dies with it. */
    @ParameterizedTest
    @ValueSource(strings = {"isolated", "ed25519", "hmac"})
    void b4AReplicaThatIsKilledAtAnyInstantFindsItsLastIdentifiers(String name) throws Exception {
        UsigContext context = new UsigContext(folder.resolve("usig"));
        UsigProvider kind = UsigProvider.named(name);
        UsigVerifier verifier = kind.verifier(context, kind.init(context, 0));
        UsigProcess process = name.equals("isolated") ? UsigProcess.serve(context.directory()) : null;
        Random random = new Random(4);
        long printed = 0;
        for (int life = 0; life < LIVES; life++) {
            UsigProcess replica = UsigProcess.start(
                    CountingClient.class, List.of(name, context.directory().toString()));
            printed = Long.parseLong(replica.firstLine());
            for (int more = random.nextInt(150); more > 0; more--) {
                printed = Long.parseLong(replica.readLine());
            }
            replica.kill();
            try (Usig usig = kind.open(context, Optional.of(new KnownCounter(0, printed)))) {
                assertThat(usig.lastCounter()).isGreaterThanOrEqualTo(printed);
                List<IssuedUi> again = usig.certificatesAfter(usig.lastConfirmed());
                assertThat(again).isNotEmpty().allMatch(CountingClient::isRight);
                assertThat(again).allMatch(issued -> verifier.verify(issued.message(), issued.ui()));
                assertThat(again.get(again.size() - 1).ui().counter()).isEqualTo(usig.lastCounter());
            }
        }
        if (process != null) {
            assertThat(process.terminate()).isZero();
        }
    }
}
