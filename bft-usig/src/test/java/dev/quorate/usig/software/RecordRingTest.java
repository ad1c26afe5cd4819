package dev.quorate.usig.software;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.usig.UsigStateException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RecordRingTest {
    private static final int SLOTS = 4;
    private static final int COPY = RecordRing.bytes(SLOTS) / 2;
    private static final Bytes SALT = Bytes.fromHex("00112233445566778899aabbccddeeff");

    /** Around the first record, the first turn of the ring, and later turns. */
    private static final int[] RECORDS = {0, 1, 2, 3, 4, 5, 8, 11};

    @Test
    void d2ARecordCutOffAtAnyByteOfBothCopiesIsTheOldStateOrTheNew() throws IOException {
        for (int before : RECORDS) {
            MemoryStorage storage = filled(before);
            unsynced(storage, entry(before + 1));
            for (int first = 0; first <= RecordRing.RECORD_BYTES; first++) {
                for (int second = 0; second <= RecordRing.RECORD_BYTES; second++) {
                    int[] cuts = {first, second};
                    MemoryStorage left = storage.afterPowerLoss(
                            (write, old, written) -> MemoryStorage.prefix(old, written, cuts[write]));
                    boolean whole = first == RecordRing.RECORD_BYTES || second == RecordRing.RECORD_BYTES;
                    assertThat(numbers(ring(left).recover("it")))
                            .as("%d records, then %d and %d bytes of the next", before, first, second)
                            .isIn(whole ? List.of(newest(before + 1)) : oldStates(before));
                }
            }
        }
    }

    /** A disk that writes nonsense where it was writing does no more harm than one that writes nothing. */
    @Property(tries = 300)
    void d2NonsenseInTheRecordBeingWrittenDoesNoHarm(@ForAll long seed, @ForAll @IntRange(max = 12) int before)
            throws IOException {
        MemoryStorage storage = filled(before);
        unsynced(storage, entry(before + 1));
        Random random = new Random(seed);
        MemoryStorage left = storage.afterPowerLoss((write, old, written) -> {
            byte[] nonsense = new byte[written.length];
            random.nextBytes(nonsense);
            return nonsense;
        });
        RecordRing ring = ring(left);
        assertThat(numbers(ring.recover("it"))).isIn(oldStates(before));
        ring.append(entry(before + 1));
        assertThat(numbers(ring(left).recover("it"))).isEqualTo(newest(before + 1));
    }

    @Test
    void d1DamageToEitherCopyIsRepairedFromTheOther() throws IOException {
        for (int records : RECORDS) {
            for (int position = StateHeader.BYTES; position < StateHeader.BYTES + 2 * COPY; position++) {
                if ((position - StateHeader.BYTES) % COPY >= SLOTS * RecordRing.RECORD_BYTES) {
                    continue; // Between the copies is nothing that counts.
                }
                boolean firstCopy = position < StateHeader.BYTES + COPY;
                MemoryStorage storage = filled(records);
                storage.flip(position);
                assertThat(numbers(ring(storage).recover("it"))).isEqualTo(newest(records));
                if (slots(records).contains(slotOf(position))) {
                    // It has been repaired: now the other copy may be damaged.
                    storage.flip(firstCopy ? position + COPY : position - COPY);
                    assertThat(numbers(ring(storage).recover("it"))).isEqualTo(newest(records));
                }
            }
        }
    }

    @Test
    void d1DamageToBothCopiesIsRefusedAndNotGuessed() throws IOException {
        int records = 10;
        for (int number = 7; number <= 9; number++) {
            // 7 is the oldest, in whose place the next will be: nobody needs it.
            MemoryStorage storage = filled(records);
            int at = StateHeader.BYTES + (number % SLOTS) * RecordRing.RECORD_BYTES + 20;
            storage.flip(at);
            storage.flip(at + COPY);
            if (number == 7) {
                assertThat(numbers(ring(storage).recover("it"))).containsExactly(8L, 9L, 10L);
            } else {
                assertThatThrownBy(() -> ring(storage).recover("the file"))
                        .isInstanceOf(UsigStateException.class)
                        .hasMessageContaining("the file is damaged: both copies of record " + number)
                        .hasMessageContaining("begin a new epoch")
                        .extracting(e -> ((UsigStateException) e).reason())
                        .isEqualTo(UsigStateException.Reason.CORRUPT);
            }
        }
    }

    @Test
    void whatWasRecoveredSurvivesALossOfPowerRightAfterIt() throws IOException {
        MemoryStorage storage = filled(5);
        unsynced(storage, entry(6));
        // The process is killed before its sync: the next one finds the record in the system's cache.
        MemoryStorage killed = storage.afterKill();
        assertThat(numbers(ring(killed).recover("it"))).isEqualTo(newest(6));
        assertThat(killed.isSynced()).isTrue();
        MemoryStorage dark = killed.afterPowerLoss((write, old, written) -> old);
        assertThat(numbers(ring(dark).recover("it"))).isEqualTo(newest(6));
    }

    @Test
    void aSyncThatFailedIsMadeUpForWhenOpened() throws IOException {
        // After a failed sync a system may take its cache for written: only writing again helps.
        MemoryStorage storage = filled(5);
        int forcesBefore = storage.forces();
        ring(storage).recover("it");
        assertThat(storage.forces()).isGreaterThan(forcesBefore);
        MemoryStorage notForced = filled(5);
        notForced.failForces();
        assertThatThrownBy(() -> ring(notForced).recover("it")).isInstanceOf(IOException.class);
        assertThat(notForced.isSynced()).as("the last record was written again").isFalse();
    }

    @Test
    void recordsOfAnotherFileAreNone() throws IOException {
        MemoryStorage storage = filled(3);
        RecordRing other =
                new RecordRing(storage, StateHeader.BYTES, SLOTS, Bytes.fromHex("ffffffffffffffffffffffffffffffff"));
        assertThatThrownBy(() -> other.recover("it")).isInstanceOf(UsigStateException.class);
    }

    @Test
    void d3ARecordInAnotherOnesPlaceIsNone() throws IOException {
        MemoryStorage storage = filled(6);
        byte[] third = storage.read(StateHeader.BYTES + 3 * RecordRing.RECORD_BYTES, RecordRing.RECORD_BYTES);
        storage.write(StateHeader.BYTES, third);
        storage.write(StateHeader.BYTES + COPY, third);
        storage.force();
        assertThatThrownBy(() -> ring(storage).recover("it")).isInstanceOf(UsigStateException.class);
    }

    private static MemoryStorage filled(int records) throws IOException {
        MemoryStorage storage = new MemoryStorage(StateHeader.BYTES + RecordRing.bytes(SLOTS));
        for (int number = 1; number <= records; number++) {
            ring(storage).append(entry(number));
        }
        return storage;
    }

    /** Writes as {@link RecordRing#append} does, up to the sync. */
    private static void unsynced(MemoryStorage storage, RecordRing.Entry entry) throws IOException {
        Storage withoutSync = new Storage() {
            @Override
            public byte[] read(long position, int length) {
                return storage.read(position, length);
            }

            @Override
            public void write(long position, byte[] bytes) {
                storage.write(position, bytes);
            }

            @Override
            public void force() {
                // This is the instant of the crash.
            }

            @Override
            public void close() {
                storage.close();
            }
        };
        new RecordRing(withoutSync, StateHeader.BYTES, SLOTS, SALT).append(entry);
    }

    private static RecordRing ring(Storage storage) {
        return new RecordRing(storage, StateHeader.BYTES, SLOTS, SALT);
    }

    private static RecordRing.Entry entry(long number) {
        return new RecordRing.Entry(number, number / 2, Digest.sha256(Bytes.wrap(new byte[] {(byte) number})));
    }

    private static List<Long> numbers(List<RecordRing.Entry> entries) {
        entries.forEach(entry -> assertThat(entry).isEqualTo(entry(entry.number())));
        return entries.stream().map(RecordRing.Entry::number).toList();
    }

    /** What a ring of that many records holds. */
    private static List<Long> newest(int records) {
        List<Long> numbers = new ArrayList<>();
        for (long number = Math.max(1, records - SLOTS + 1); number <= records; number++) {
            numbers.add(number);
        }
        return numbers;
    }

    /** The same without the oldest, whose place the next one takes. */
    private static List<Long> tail(int records) {
        List<Long> all = newest(records);
        return all.size() < SLOTS ? all : all.subList(1, all.size());
    }

    private static List<List<Long>> oldStates(int records) {
        return List.of(newest(records), tail(records));
    }

    private static int slotOf(int position) {
        return (position - StateHeader.BYTES) % COPY / RecordRing.RECORD_BYTES;
    }

    private static List<Integer> slots(int records) {
        return newest(records).stream().map(number -> (int) (number % SLOTS)).toList();
    }
}
