package dev.quorate.usig.testkit;

import static dev.quorate.usig.testkit.Workbench.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quorate.usig.IssuedUi;
import dev.quorate.usig.KnownCounter;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigContext;
import dev.quorate.usig.UsigDurability;
import dev.quorate.usig.UsigIdentity;
import dev.quorate.usig.UsigStateException;
import dev.quorate.usig.UsigVerifier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a restart leaves. */
public interface RestartContract extends HasWorkbench {
    @Test
    default void aRestartKeepsWhatItsDurabilityPromises() throws Exception {
        UsigContext context = bench().usig();
        Usig usig = bench().open(context);
        UsigIdentity before = usig.identity();
        List<IssuedUi> created = Workbench.create(usig, 10);
        usig.confirm(6);
        assertGoesOn(context, bench().reopen(context, usig), before, created, 6);
    }

    @Test
    default void aCrashKeepsWhatItsDurabilityPromises() throws Exception {
        UsigContext context = bench().usig();
        Usig usig = bench().open(context);
        UsigIdentity before = usig.identity();
        List<IssuedUi> created = Workbench.create(usig, 10);
        usig.confirm(6);
        Optional<KnownCounter> known = Workbench.known(usig);
        UsigContext after = bench().crash(context);
        assertGoesOn(after, bench().open(after, known), before, created, 6);
    }

    @Test
    default void aCrashBeforeTheFirstIdentifierLosesNothing() throws Exception {
        UsigContext context = bench().usig();
        Usig usig = bench().open(context);
        UsigIdentity before = usig.identity();
        Optional<KnownCounter> known = Workbench.known(usig);
        UsigContext after = bench().crash(context);
        assertGoesOn(after, bench().open(after, known), before, List.of(), 0);
    }

    /** However often and however it ends: no counter is ever given to two messages, none is left out. */
    @Test
    default void noRestartEverRepeatsOrSkipsACounter() throws Exception {
        Random random = new Random(17);
        UsigContext context = bench().usig();
        Usig usig = bench().open(context);
        List<IssuedUi> created = new ArrayList<>();
        for (int life = 0; life < 12; life++) {
            created.addAll(Workbench.create(usig, random.nextInt(25)));
            long confirmed = random.nextLong(usig.lastConfirmed(), usig.lastCounter() + 1);
            usig.confirm(confirmed);
            UsigIdentity before = usig.identity();
            Optional<KnownCounter> known = Workbench.known(usig);
            if (random.nextBoolean()) {
                usig.close();
            } else {
                context = bench().crash(context);
            }
            usig = bench().open(context, known);
            created = assertGoesOn(context, usig, before, created, confirmed);
        }
    }

    @Test
    default void aLogThatLostWhatWasNeverSyncedDecides() throws Exception {
        UsigContext context = bench().usig();
        Usig usig = bench().open(context);
        assumeTrue(usig.durability() == UsigDurability.LOG);
        Workbench.create(usig, 10);
        usig.confirm(4);
        UsigContext after = bench().crash(context);
        Optional<KnownCounter> known =
                Optional.of(new KnownCounter(usig.identity().epoch(), 7));
        Usig again = bench().open(after, known);
        assertThat(again.lastCounter()).isEqualTo(7);
        assertThat(again.createUi(message(-8)).counter()).isEqualTo(8);
    }

    @Test
    default void u3ACounterInALogDoesNotStartAgainWithoutTheLog() throws Exception {
        UsigContext context = bench().usig();
        Usig usig = bench().open(context);
        assumeTrue(usig.durability() == UsigDurability.LOG);
        Workbench.create(usig, 1);
        UsigContext after = bench().crash(context);
        assertNeedsNewEpoch(after, Optional.empty());
        long epoch = usig.identity().epoch();
        // A log that was synced before the first identifier, and no more, is enough: nothing has left the replica.
        assertThat(bench().open(after, Optional.of(new KnownCounter(epoch, 0))).lastCounter())
                .isZero();
    }

    @Test
    default void u4ALogThatKnowsAHigherCounterIsBelieved() throws Exception {
        UsigContext context = bench().usig();
        Usig usig = bench().open(context);
        assumeTrue(usig.durability() == UsigDurability.DURABLE);
        Workbench.create(usig, 5);
        long epoch = usig.identity().epoch();
        usig.close();
        assertNeedsNewEpoch(context, Optional.of(new KnownCounter(epoch, 6)));
        // A log that is behind is not a contradiction: that is a crash between createUi and the log's own write.
        assertThat(bench().open(context, Optional.of(new KnownCounter(epoch, 3)))
                        .lastCounter())
                .isEqualTo(5);
    }

    @Test
    default void u4ALogThatKnowsALaterEpochIsBelieved() throws Exception {
        UsigContext context = bench().usig();
        Usig usig = bench().open(context);
        long epoch = usig.identity().epoch();
        usig.close();
        assertNeedsNewEpoch(context, Optional.of(new KnownCounter(epoch + 1, 0)));
    }

    @Test
    default void u4AnOlderCopyOfItsDirectoryIsNotBelieved() throws Exception {
        UsigContext context = bench().usig();
        UsigContext copy = new UsigContext(bench().copyOf(context.directory()), context.settings());
        Usig usig = bench().open(context);
        Workbench.create(usig, 8);
        KnownCounter known = Workbench.known(usig).orElseThrow();
        usig.close();
        bench().stop(context);
        try {
            bench().start(copy);
            Usig older = bench().open(copy, Optional.of(known));
            boolean goesOn = older.identity().epoch() == known.epoch() && older.lastCounter() == known.counter();
            assertThat(goesOn || older.identity().epoch() > known.epoch()).isTrue();
        } catch (UsigStateException e) {
            assertThat(e.needsNewEpoch()).isTrue();
        }
    }

    @Test
    default void aNewEpochHasANewIdentityAndCountsFromOne() throws Exception {
        UsigContext context = bench().usig();
        Usig usig = bench().open(context);
        UsigIdentity old = usig.identity();
        IssuedUi before = Workbench.create(usig, 1).get(0);
        Optional<KnownCounter> known = Workbench.known(usig);
        usig.close();
        bench().stop(context);
        assertThatThrownBy(() -> bench().provider().renew(context, old.epoch()))
                .isInstanceOf(IllegalArgumentException.class);
        UsigIdentity promised = bench().provider().renew(context, old.epoch() + 3);
        bench().start(context);
        Usig renewed = bench().open(context, known);
        assertThat(renewed.identity()).isEqualTo(promised);
        assertThat(promised.epoch()).isEqualTo(old.epoch() + 3);
        assertThat(promised.key()).isNotEqualTo(old.key());
        IssuedUi after = Workbench.create(renewed, 1).get(0);
        assertThat(after.ui().counter()).isEqualTo(1);
        assertApart(context, old, before, promised, after);
    }

    // --- what they share

    /** Checks how it goes on after a restart; returns what is known of the epoch that it is in now. */
    private List<IssuedUi> assertGoesOn(
            UsigContext context, Usig usig, UsigIdentity before, List<IssuedUi> created, long confirmed)
            throws IOException {
        UsigVerifier verifier = bench().verifier(context, usig.identity());
        List<IssuedUi> all = new ArrayList<>();
        if (usig.durability() == UsigDurability.VOLATILE) {
            assertThat(usig.identity().epoch()).isGreaterThan(before.epoch());
            assertThat(usig.lastCounter()).isZero();
            assertThat(created).noneMatch(issued -> verifier.verify(issued.message(), issued.ui()));
        } else {
            all.addAll(created);
            assertThat(usig.identity()).isEqualTo(before);
            assertThat(usig.lastCounter()).isEqualTo(created.size());
            if (usig.durability() == UsigDurability.DURABLE) {
                assertThat(usig.lastConfirmed()).isLessThanOrEqualTo(confirmed);
                List<IssuedUi> expected = created.subList((int) confirmed, created.size());
                Expectations.assertSame(verifier, usig.certificatesAfter(confirmed), expected);
            }
        }
        IssuedUi next = Workbench.create(usig, 1).get(0);
        all.add(next);
        assertThat(next.ui().counter()).isEqualTo(all.size());
        assertThat(next.ui().epoch()).isEqualTo(usig.identity().epoch());
        assertThat(verifier.verify(next.message(), next.ui())).isTrue();
        if (usig.durability() == UsigDurability.VOLATILE && !created.isEmpty()) {
            assertApart(context, before, created.get(created.size() - 1), usig.identity(), next);
        }
        return all;
    }

    private void assertApart(UsigContext context, UsigIdentity one, IssuedUi ofOne, UsigIdentity two, IssuedUi ofTwo)
            throws IOException {
        UsigVerifier first = bench().verifier(context, one);
        UsigVerifier second = bench().verifier(context, two);
        assertThat(first.verify(ofOne.message(), ofOne.ui())).isTrue();
        assertThat(first.verify(ofTwo.message(), ofTwo.ui())).isFalse();
        assertThat(second.verify(ofOne.message(), ofOne.ui())).isFalse();
        assertThat(second.verify(ofTwo.message(), ofTwo.ui())).isTrue();
    }

    private void assertNeedsNewEpoch(UsigContext context, Optional<KnownCounter> known) {
        assertThatThrownBy(() -> bench().open(context, known))
                .isInstanceOfSatisfying(
                        UsigStateException.class,
                        e -> assertThat(e.needsNewEpoch()).as(e.getMessage()).isTrue());
    }
}
