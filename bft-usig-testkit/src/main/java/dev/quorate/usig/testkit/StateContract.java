package dev.quorate.usig.testkit;

import static dev.quorate.usig.testkit.Workbench.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.usig.KnownCounter;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigContext;
import dev.quorate.usig.UsigDurability;
import dev.quorate.usig.UsigIdentity;
import dev.quorate.usig.UsigProvider;
import dev.quorate.usig.UsigStateException;
import dev.quorate.usig.UsigStateException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How a USIG is made and opened, and what becomes of one whose state is not what it was. */
public interface StateContract extends HasWorkbench {
    @Test
    default void itIsFoundByItsName() {
        UsigProvider provider = bench().provider();
        assertThat(UsigProvider.named(provider.name()))
                .as("META-INF/services/%s", UsigProvider.class.getName())
                .hasSameClassAs(provider);
    }

    @Test
    default void theFirstOpeningHasTheIdentityOfTheInitialisation() throws Exception {
        UsigContext context = bench().nowhere();
        UsigIdentity made = bench().provider().init(context, 4);
        assertThat(made.epoch()).isEqualTo(4);
        bench().start(context);
        Usig usig = bench().open(context);
        assertThat(usig.identity()).isEqualTo(made);
        assertThat(usig.createUi(message(1)).epoch()).isEqualTo(4);
    }

    @Test
    default void withoutInitialisationThereIsNone() throws Exception {
        UsigContext nowhere = bench().nowhere();
        assertRefused(nowhere);
        Files.createDirectories(nowhere.directory());
        assertRefused(nowhere);
    }

    private void assertRefused(UsigContext context) {
        assertThatThrownBy(() -> bench().open(context)).isInstanceOfSatisfying(UsigStateException.class, e -> {
            assertThat(e.reason()).isIn(Reason.NOT_INITIALISED, Reason.UNREACHABLE);
            assertThat(e).hasMessageContaining(context.directory().toString());
        });
    }

    @Test
    default void aSecondInitialisationIsRefusedAndChangesNothing() throws Exception {
        UsigContext context = bench().usig();
        Usig usig = bench().open(context);
        UsigIdentity before = usig.identity();
        Workbench.create(usig, 3);
        Optional<KnownCounter> known = Workbench.known(usig);
        usig.close();
        bench().stop(context);
        assertThatThrownBy(() -> bench().provider().init(context, before.epoch() + 1))
                .isInstanceOfSatisfying(
                        UsigStateException.class, e -> assertThat(e.reason()).isEqualTo(Reason.ALREADY_INITIALISED));
        bench().start(context);
        Usig again = bench().open(context, known);
        if (again.durability() == UsigDurability.VOLATILE) {
            assertThat(again.identity().epoch()).isGreaterThan(before.epoch());
        } else {
            assertThat(again.identity()).isEqualTo(before);
            assertThat(again.lastCounter()).isEqualTo(3);
        }
    }

    @Test
    default void aSecondOpeningIsRefusedAndTheFirstGoesOn() throws Exception {
        UsigContext context = bench().usig();
        Usig first = bench().open(context);
        Workbench.create(first, 2);
        Optional<KnownCounter> known = Workbench.known(first);
        for (int attempt = 0; attempt < 2; attempt++) {
            assertInUse(() -> bench().open(context, known));
            assertThat(Workbench.create(first, 1)).hasSize(1);
        }
        assertThat(first.lastCounter()).isEqualTo(4);
        assertThat(bench().reopen(context, first).durability()).isEqualTo(first.durability());
    }

    @Test
    default void noNewEpochBeginsWhileItIsOpen() throws Exception {
        UsigContext context = bench().usig();
        Usig usig = bench().open(context);
        assertInUse(() -> bench().provider().renew(context, usig.identity().epoch() + 1));
        assertThat(usig.createUi(message(1)).counter()).isEqualTo(1);
    }

    private static void assertInUse(org.assertj.core.api.ThrowableAssert.ThrowingCallable attempt) {
        assertThatThrownBy(attempt)
                .isInstanceOfSatisfying(
                        UsigStateException.class, e -> assertThat(e.reason()).isEqualTo(Reason.IN_USE));
    }

    @Test
    default void aSettingThatItDoesNotKnowIsRefused() throws Exception {
        UsigContext context = bench().usig();
        UsigContext mistaken = new UsigContext(context.directory(), Map.of("no-such-setting", "1"));
        UsigProvider provider = bench().provider();
        assertThatThrownBy(() -> provider.init(mistaken, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> provider.renew(mistaken, 9)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> bench().open(mistaken, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no-such-setting");
    }

    /** Whatever happens to one file: it is refused, or nothing was lost by it. */
    @Test
    default void d1DamageIsRefusedOrDoesNoHarm() throws Exception {
        UsigContext context = bench().usig();
        Usig usig = bench().open(context);
        UsigIdentity before = usig.identity();
        Workbench.create(usig, 5);
        Optional<KnownCounter> known = Workbench.known(usig);
        usig.close();
        bench().stop(context);
        try (Stream<Path> files = Files.walk(context.directory())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path name = context.directory().relativize(file);
                byte[] whole = Files.readAllBytes(file);
                for (byte[] damaged : damaged(whole)) {
                    UsigContext copy = new UsigContext(bench().copyOf(context.directory()), context.settings());
                    Files.write(copy.directory().resolve(name), damaged);
                    assertNoHarm(
                            copy, before, known, name + " with a byte changed, or of " + damaged.length + " bytes");
                }
                UsigContext copy = new UsigContext(bench().copyOf(context.directory()), context.settings());
                Files.delete(copy.directory().resolve(name));
                assertNoHarm(copy, before, known, name + " deleted");
            }
        }
    }

    /** The content with one byte changed, at places all over it, and cut off. */
    private List<byte[]> damaged(byte[] whole) {
        int places = Math.min(bench().damagedPlaces(), whole.length);
        Stream<byte[]> changed = Stream.iterate(0, i -> i + 1).limit(places).map(i -> {
            byte[] copy = whole.clone();
            // Beginnings matter most, so half of the places are there.
            int at = i < places / 2 ? i : (int) ((long) i * whole.length / places);
            copy[at] ^= 0x21;
            return copy;
        });
        Stream<byte[]> cut = Stream.of(0, whole.length / 2, whole.length - 1)
                .filter(length -> length >= 0 && length < whole.length)
                .map(length -> Arrays.copyOf(whole, length));
        return Stream.concat(changed, cut).toList();
    }

    private void assertNoHarm(UsigContext context, UsigIdentity before, Optional<KnownCounter> known, String what)
            throws Exception {
        Usig usig;
        try {
            bench().start(context);
        } catch (Exception e) {
            // It does not even start, which is a way to refuse.
            return;
        }
        try {
            usig = bench().open(context, known.filter(k -> !keepsItself()));
        } catch (IOException e) {
            bench().stop(context);
            return;
        }
        if (usig.durability() == UsigDurability.VOLATILE) {
            assertThat(usig.identity().epoch()).as(what).isGreaterThan(before.epoch());
        } else {
            assertThat(usig.identity()).as(what).isEqualTo(before);
            assertThat(usig.lastCounter()).as(what).isEqualTo(5);
        }
        usig.close();
        bench().stop(context);
    }

    /** Whether the counter has to survive without the help of a log. */
    private boolean keepsItself() {
        return bench().durability() != UsigDurability.LOG;
    }
}
