package dev.quorate.sample.kv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.SnapshotPart;
import dev.quorate.core.SnapshotReader;
import dev.quorate.core.SnapshotWriter;
import dev.quorate.crypto.Bytes;
import dev.quorate.sample.kv.Leaf.Stored;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Leaves are split and joined, and nobody notices. */
class LeafMapTest {
    private static final int KEYS = 60;

    @Property(tries = 100)
    void itHoldsWhatASortedMapHolds(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        NavigableMap<Bytes, Stored> model = new TreeMap<>();
        LeafMap map = new LeafMap();
        for (int round = 0; round < 6; round++) {
            change(random, 40, round % 2 == 0 ? 9 : 2, List.of(map), model);
            assertSame(map, model);
        }
    }

    @Property(tries = 100)
    void aRestoredMapIsDividedInTheSameWayForEver(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        NavigableMap<Bytes, Stored> model = new TreeMap<>();
        LeafMap original = new LeafMap();
        change(random, 150, 8, List.of(original), model);
        change(random, 40, 1, List.of(original), model);
        LeafMap restored = LeafMap.read(new SnapshotReader(new ByteArrayInputStream(written(original.freeze()))));
        assertSame(restored, model);
        for (int round = 0; round < 4; round++) {
            change(random, 30, 5, List.of(original, restored), model);
            assertThat(written(restored.freeze())).isEqualTo(written(original.freeze()));
        }
        assertSame(restored, model);
    }

    @Property(tries = 50)
    void aViewStaysAsItWas(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        NavigableMap<Bytes, Stored> model = new TreeMap<>();
        LeafMap map = new LeafMap();
        change(random, 100, 8, List.of(map), model);
        byte[] before = written(map.freeze());
        List<Leaf> view = map.freeze();
        change(random, 100, 5, List.of(map), model);
        assertThat(written(view)).isEqualTo(before);
        assertSame(map, model);
    }

    @Test
    void onlyWhatChangedIsWrittenAgain() {
        LeafMap map = new LeafMap();
        for (int key = 0; key < 100; key++) {
            map.put(key(key), stored(10_000, key));
        }
        List<SnapshotPart> before = parts(map);
        map.put(key(50), stored(10_000, 1));
        List<SnapshotPart> after = parts(map);

        assertThat(before).hasSizeGreaterThan(15);
        assertThat(after).hasSameSizeAs(before);
        List<SnapshotPart> changed = new ArrayList<>(after);
        changed.removeAll(before);
        assertThat(changed).hasSize(1);
    }

    @Test
    void leavesAreNeitherLongNorMany() {
        LeafMap map = new LeafMap();
        for (int key = 0; key < 2000; key++) {
            map.put(key(key), stored(1000, key));
            assertThat(map.freeze()).allMatch(leaf -> leaf.bytes() <= LeafMap.MAX_LEAF_BYTES);
        }
        assertThat(map.freeze()).hasSizeBetween(2000 * 1000 / LeafMap.MAX_LEAF_BYTES, 90);
        for (int key = 0; key < 2000; key++) {
            if (key % 50 != 0) {
                map.remove(key(key));
            }
        }
        assertThat(map.freeze()).hasSizeLessThan(5);
        assertThat(map.size()).isEqualTo(40);
    }

    private static List<SnapshotPart> parts(LeafMap map) {
        return map.freeze().stream().map(Leaf::part).toList();
    }

    /** @param putsOfTen how many of ten operations put, on average; the others remove */
    private static void change(
            Random random, int count, int putsOfTen, List<LeafMap> maps, NavigableMap<Bytes, Stored> model) {
        for (int i = 0; i < count; i++) {
            Bytes key = key(random.nextInt(KEYS));
            if (random.nextInt(10) < putsOfTen) {
                Stored stored = stored(random.nextInt(random.nextBoolean() ? 100 : 40_000), i);
                maps.forEach(map -> map.put(key, stored));
                model.put(key, stored);
            } else if (model.remove(key) != null) {
                maps.forEach(map -> map.remove(key));
            }
        }
    }

    private static void assertSame(LeafMap map, NavigableMap<Bytes, Stored> model) {
        assertThat(map.size()).isEqualTo(model.size());
        for (int key = 0; key < KEYS; key++) {
            assertThat(map.get(key(key))).isEqualTo(model.get(key(key)));
            List<Map.Entry<Bytes, Stored>> rest = new ArrayList<>();
            map.iterator(key(key)).forEachRemaining(rest::add);
            assertThat(rest).isEqualTo(List.copyOf(model.tailMap(key(key), true).entrySet()));
        }
    }

    private static byte[] written(List<Leaf> leaves) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        LeafMap.write(new SnapshotWriter(bytes), leaves);
        return bytes.toByteArray();
    }

    private static Bytes key(int number) {
        return Bytes.wrap(new byte[] {(byte) (number >> 8), (byte) number});
    }

    private static Stored stored(int length, int at) {
        return new Stored(Bytes.wrap(new byte[length]), new SequenceNumber(at));
    }
}
