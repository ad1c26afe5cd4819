package dev.quorate.usig.testkit;

import static dev.quorate.usig.testkit.Workbench.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quorate.crypto.Digest;
import dev.quorate.usig.IssuedUi;
import dev.quorate.usig.UniqueIdentifier;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigContext;
import dev.quorate.usig.UsigVerifier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** How a counter counts while the USIG is open. */
public interface CounterContract extends HasWorkbench {
    @Test
    default void countersStartAtOneAndAreConsecutive() throws Exception {
        Usig usig = bench().open(bench().usig());
        assertThat(usig.lastCounter()).isZero();
        for (long counter = 1; counter <= 100; counter++) {
            UniqueIdentifier ui = usig.createUi(message(counter));
            assertThat(ui.counter()).isEqualTo(counter);
            assertThat(ui.epoch()).isEqualTo(usig.identity().epoch());
            assertThat(usig.lastCounter()).isEqualTo(counter);
            usig.confirm(counter);
        }
    }

    @Test
    default void theSameMessageGetsANewCounter() throws Exception {
        UsigContext context = bench().usig();
        Usig usig = bench().open(context);
        UsigVerifier verifier = bench().verifier(context, usig.identity());
        UniqueIdentifier first = usig.createUi(message(7));
        UniqueIdentifier second = usig.createUi(message(7));
        assertThat(List.of(first.counter(), second.counter())).containsExactly(1L, 2L);
        assertThat(verifier.verify(message(7), first)).isTrue();
        assertThat(verifier.verify(message(7), second)).isTrue();
    }

    @Test
    default void theIdentityStaysTheSameWhileOpen() throws Exception {
        Usig usig = bench().open(bench().usig());
        var before = usig.identity();
        assertThat(before.provider()).isEqualTo(bench().provider().name());
        Workbench.create(usig, 10);
        assertThat(usig.identity()).isEqualTo(before);
    }

    @Test
    default void whatIsNotConfirmedIsGivenOutAgain() throws Exception {
        UsigContext context = bench().usig();
        Usig usig = bench().open(context);
        List<IssuedUi> created = Workbench.create(usig, 10);
        assertSame(context, usig, usig.certificatesAfter(0), created);
        assertSame(context, usig, usig.certificatesAfter(7), created.subList(7, 10));
        assertThat(usig.certificatesAfter(10)).isEmpty();
        usig.confirm(4);
        assertSame(context, usig, usig.certificatesAfter(4), created.subList(4, 10));
        assertThat(usig.lastCounter()).isEqualTo(10);
    }

    @Test
    default void whatWasConfirmedMayNotBeAskedFor() throws Exception {
        Usig usig = bench().open(bench().usig());
        Workbench.create(usig, 10);
        assertThat(usig.lastConfirmed()).isZero();
        usig.confirm(4);
        usig.confirm(2);
        assertThat(usig.lastConfirmed()).isEqualTo(4);
        assertThat(usig.certificatesAfter(4)).hasSize(6);
        assertThatThrownBy(() -> usig.certificatesAfter(3)).isInstanceOf(IllegalArgumentException.class);
        assertThat(Workbench.create(usig, 1).get(0).ui().counter()).isEqualTo(11);
    }

    @Test
    default void aCounterThatIsYetToComeIsRefused() throws Exception {
        Usig usig = bench().open(bench().usig());
        Workbench.create(usig, 3);
        assertThatThrownBy(() -> usig.confirm(4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> usig.certificatesAfter(4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> usig.certificatesAfter(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(usig.certificatesAfter(0)).hasSize(3);
        assertThat(Workbench.create(usig, 1).get(0).ui().counter()).isEqualTo(4);
    }

    @Test
    default void tooManyUnconfirmedAreRefusedWithoutMovingTheCounter() throws Exception {
        UsigContext context = bench().usig();
        Usig usig = bench().open(context);
        int max = usig.maxUnconfirmed();
        assertThat(max).isPositive();
        assumeTrue(max <= 10_000, "a limit that a test does not reach");
        List<IssuedUi> created = Workbench.create(usig, max);
        assertThatThrownBy(() -> usig.createUi(message(0))).isInstanceOf(IllegalStateException.class);
        assertThat(usig.lastCounter()).isEqualTo(max);
        assertSame(context, usig, usig.certificatesAfter(0), created);
        usig.confirm(1);
        assertThat(Workbench.create(usig, 1).get(0).ui().counter()).isEqualTo(max + 1L);
    }

    @Test
    default void aClosedUsigGivesOutNothing() throws Exception {
        Usig usig = bench().open(bench().usig());
        Workbench.create(usig, 1);
        usig.close();
        usig.close();
        assertThatThrownBy(() -> usig.createUi(message(2))).isInstanceOf(IOException.class);
    }

    /** One caller at a time is the contract; whoever breaks it may be refused or made to wait, and no more. */
    @Test
    default void callersAtTheSameTimeNeitherRepeatNorSkipACounter() throws Exception {
        UsigContext context = bench().usig();
        Usig usig = bench().open(context);
        int each = Math.min(100, usig.maxUnconfirmed() / 4);
        assumeTrue(each > 0, "too few may be unconfirmed");
        List<Callable<List<IssuedUi>>> tasks = new ArrayList<>();
        CyclicBarrier together = new CyclicBarrier(4);
        for (int thread = 0; thread < 4; thread++) {
            long own = thread * 1000L;
            tasks.add(() -> {
                List<IssuedUi> got = new ArrayList<>();
                together.await();
                for (int i = 0; i < each; i++) {
                    got.add(new IssuedUi(message(own + i), createAmongOthers(usig, message(own + i))));
                }
                return got;
            });
        }
        List<IssuedUi> all =
                Expectations.together(tasks).stream().flatMap(List::stream).toList();
        assertThat(all).isNotEmpty();
        assertThat(all.stream().map(issued -> issued.ui().counter()))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, all.size()).boxed().toList());
        assertThat(usig.lastCounter()).isEqualTo(all.size());
        UsigVerifier verifier = bench().verifier(context, usig.identity());
        assertThat(all).allMatch(issued -> verifier.verify(issued.message(), issued.ui()));
    }

    /** Tries again as long as it is refused: while another caller is inside, which is soon over. */
    private static UniqueIdentifier createAmongOthers(Usig usig, Digest message) throws IOException {
        for (int refused = 0; ; refused++) {
            try {
                return usig.createUi(message);
            } catch (IllegalStateException e) {
                assertThat(refused).as("times refused without end").isLessThan(100_000_000);
                Thread.onSpinWait();
            }
        }
    }

    private void assertSame(UsigContext context, Usig usig, List<IssuedUi> again, List<IssuedUi> first)
            throws IOException {
        Expectations.assertSame(bench().verifier(context, usig.identity()), again, first);
    }
}
