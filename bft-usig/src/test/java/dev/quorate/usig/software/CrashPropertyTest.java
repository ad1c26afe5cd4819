package dev.quorate.usig.software;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.usig.IssuedUi;
import dev.quorate.usig.KnownCounter;
import dev.quorate.usig.UniqueIdentifier;
import dev.quorate.usig.UsigIdentity;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** A synced USIG on a disk that fails and loses power in every way the ring is made for. */
class CrashPropertyTest {
    private static final StateHeader HEADER =
            StateHeader.of(CounterMode.SYNCED, false, new UsigIdentity("hmac", 0, Bytes.fromHex("00"), Bytes.EMPTY));

    /** Certificates are of no interest here. */
    private static final Certifier CERTIFIER = new Certifier() {
        @Override
        public Bytes identityKey() {
            return Bytes.fromHex("00");
        }

        @Override
        public Bytes certify(byte[] certified) {
            return Bytes.copyOf(certified);
        }
    };

    private static MemoryStorage emptyDisk() {
        return new MemoryStorage(StateHeader.BYTES + RecordRing.bytes(HEADER.slots()));
    }

    private static SoftwareUsig open(MemoryStorage disk, Optional<KnownCounter> known) throws IOException {
        StateFile file = StateFile.open(HEADER, disk, "the disk");
        return new SoftwareUsig(HEADER.identity(), CounterMode.SYNCED, CERTIFIER, Opening.synced(file, known), file);
    }

    @Property(tries = 150)
    void whateverHappensNoCounterIsGivenToTwoMessages(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        MemoryStorage disk = emptyDisk();
        TreeMap<Long, Digest> given = new TreeMap<>();
        long confirmed = 0;
        long message = 0;
        for (int life = 0; life < 12; life++) {
            long last = given.isEmpty() ? 0 : given.lastKey();
            SoftwareUsig usig = open(disk, Optional.of(new KnownCounter(0, last)));
            // One more than was given out, if it crashed between the two.
            assertThat(usig.lastCounter()).isBetween(last, last + 1);
            assertThat(usig.lastConfirmed()).isLessThanOrEqualTo(confirmed);
            for (IssuedUi issued : usig.certificatesAfter(usig.lastConfirmed())) {
                Digest before = given.putIfAbsent(issued.ui().counter(), issued.message());
                assertThat(before == null || before.equals(issued.message())).isTrue();
            }
            assertThat(given).hasSize((int) usig.lastCounter());
            // Now and then enough to go round the ring.
            int creations = random.nextInt(life % 4 == 3 ? 1500 : 30);
            for (int i = 0; i < creations; i++) {
                Digest next = message(message++);
                UniqueIdentifier ui = usig.createUi(next);
                assertThat(given.put(ui.counter(), next)).isNull();
                if (usig.lastCounter() - usig.lastConfirmed() > 900 || random.nextInt(4) == 0) {
                    confirmed = random.nextLong(usig.lastConfirmed(), usig.lastCounter() + 1);
                    confirmed = Math.max(confirmed, usig.lastCounter() - 900);
                    usig.confirm(confirmed);
                }
            }
            confirmed = usig.lastConfirmed();
            disk.failForces();
            Digest lost = message(message++);
            assertThatThrownBy(() -> usig.createUi(lost)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> usig.createUi(lost)).hasMessageContaining("has to be opened again");
            disk = random.nextBoolean() ? disk.afterKill() : disk.afterPowerLoss(tear(random));
        }
    }

    /** The first record after a full turn takes the place of one that is confirmed, which no record may say yet. */
    @Test
    void aRecordCutOffInThePlaceOfAConfirmedOneLosesNothing() throws IOException {
        MemoryStorage disk = emptyDisk();
        SoftwareUsig usig = open(disk, Optional.empty());
        for (int i = 1; i <= CounterMode.SYNCED.maxUnconfirmed(); i++) {
            usig.createUi(message(i));
        }
        usig.confirm(5);
        disk.failForces();
        assertThatThrownBy(() -> usig.createUi(message(0))).isInstanceOf(IOException.class);
        MemoryStorage left = disk.afterPowerLoss((write, before, written) -> new byte[written.length]);
        SoftwareUsig again = open(left, Optional.of(new KnownCounter(0, CounterMode.SYNCED.maxUnconfirmed())));
        assertThat(again.lastCounter()).isEqualTo(CounterMode.SYNCED.maxUnconfirmed());
        assertThat(again.lastConfirmed()).isEqualTo(1);
        assertThat(again.certificatesAfter(1).get(0).message()).isEqualTo(message(2));
        assertThat(again.createUi(message(0)).counter()).isEqualTo(CounterMode.SYNCED.maxUnconfirmed() + 1L);
    }

    private static MemoryStorage.Tear tear(Random random) {
        return (write, before, written) -> switch (random.nextInt(4)) {
            case 0 -> before;
            case 1 -> written;
            case 2 -> MemoryStorage.prefix(before, written, random.nextInt(written.length));
            default -> {
                byte[] nonsense = new byte[written.length];
                random.nextBytes(nonsense);
                yield nonsense;
            }
        };
    }

    @Test
    void theLastCounterOfAnEpochIsTheLast() throws IOException {
        Opening atTheEnd =
                new Opening(Long.MAX_VALUE - 1, List.of(), Opening.fresh().log());
        SoftwareUsig usig = new SoftwareUsig(HEADER.identity(), CounterMode.SYNCED, CERTIFIER, atTheEnd, () -> {});
        assertThat(usig.createUi(message(1)).counter()).isEqualTo(Long.MAX_VALUE);
        usig.confirm(Long.MAX_VALUE);
        assertThatThrownBy(() -> usig.createUi(message(2)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no more counters");
    }

    private static Digest message(long number) {
        return Digest.sha256(Long.toString(number).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
}
