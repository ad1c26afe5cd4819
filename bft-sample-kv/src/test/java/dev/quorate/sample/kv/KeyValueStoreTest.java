package dev.quorate.sample.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.core.ClientId;
import dev.quorate.core.Operation;
import dev.quorate.core.ReadResult;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.SnapshotReader;
import dev.quorate.core.SnapshotWriter;
import dev.quorate.core.StateView;
import dev.quorate.crypto.Bytes;
import dev.quorate.sample.kv.KvOperation.CompareAndSet;
import dev.quorate.sample.kv.KvOperation.Delete;
import dev.quorate.sample.kv.KvOperation.Get;
import dev.quorate.sample.kv.KvOperation.Noop;
import dev.quorate.sample.kv.KvOperation.Put;
import dev.quorate.sample.kv.KvOperation.Scan;
import dev.quorate.sample.kv.KvOperation.Size;
import dev.quorate.sample.kv.KvResult.Applied;
import dev.quorate.sample.kv.KvResult.Count;
import dev.quorate.sample.kv.KvResult.Done;
import dev.quorate.sample.kv.KvResult.Entry;
import dev.quorate.sample.kv.KvResult.Page;
import dev.quorate.sample.kv.KvResult.Reason;
import dev.quorate.sample.kv.KvResult.Refused;
import dev.quorate.sample.kv.KvResult.Value;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class KeyValueStoreTest {
    private final KeyValueStore store = new KeyValueStore();

    @Provide
    Arbitrary<List<KvOperation>> histories() {
        return Samples.operations(Samples.fewKeys(), Samples.bytes(2)).list().ofMaxSize(60);
    }

    @Property
    void theStoreAnswersLikeItsModel(@ForAll("histories") List<KvOperation> history) throws Exception {
        KeyValueStore tested = new KeyValueStore();
        Model model = new Model();
        for (KvOperation operation : history) {
            assertThat(execute(tested, operation)).isEqualTo(model.execute(operation));
        }
    }

    @Property
    void aSnapshotHoldsTheWholeState(@ForAll("histories") List<KvOperation> history) throws Exception {
        KeyValueStore original = new KeyValueStore();
        for (KvOperation operation : history) {
            execute(original, operation);
        }
        KeyValueStore restored = new KeyValueStore();
        execute(restored, new Put(Bytes.fromHex("abcdef"), Bytes.EMPTY));
        byte[] snapshot = snapshot(original);
        restore(restored, snapshot);

        assertThat(snapshot(restored)).isEqualTo(snapshot);
        Scan everything = new Scan(Bytes.EMPTY, Optional.empty(), KvLimits.MAX_SCAN_ENTRIES);
        assertThat(execute(restored, everything)).isEqualTo(execute(original, everything));
    }

    @Property
    void equalStatesWriteEqualBytesWhateverLedToThem(@ForAll("histories") List<KvOperation> history) throws Exception {
        KeyValueStore original = new KeyValueStore();
        for (KvOperation operation : history) {
            execute(original, operation);
        }
        Bytes scratch = Bytes.fromHex("abcdef");
        execute(original, new Put(scratch, Bytes.EMPTY));
        execute(original, new Delete(scratch));
        Page page = (Page) execute(original, new Scan(Bytes.EMPTY, Optional.empty(), KvLimits.MAX_SCAN_ENTRIES));
        List<Entry> backwards = new ArrayList<>(page.entries());
        Collections.reverse(backwards);
        KeyValueStore rebuilt = new KeyValueStore();
        execute(rebuilt, new Put(scratch, Bytes.EMPTY));
        execute(rebuilt, new Delete(scratch));
        for (Entry entry : backwards) {
            execute(rebuilt, new Put(entry.key(), entry.value()));
        }

        assertThat(snapshot(rebuilt)).isEqualTo(snapshot(original));
    }

    @Property
    void anyBytesGetAnAnswer(@ForAll byte[] bytes) throws Exception {
        KeyValueStore tested = new KeyValueStore();
        KvResult result = ResultFormat.decode(Bytes.wrap(tested.execute(operation(bytes))));
        boolean valid;
        try {
            OperationFormat.decode(Bytes.copyOf(bytes));
            valid = true;
        } catch (FormatException e) {
            valid = false;
        }
        assertThat(result.equals(new Refused(Reason.INVALID_OPERATION))).isEqualTo(!valid);
    }

    @Test
    void aScanStopsAtTheSizeOfAResultAndGoesOnFromThere() throws Exception {
        Bytes large = Bytes.wrap(new byte[KvLimits.MAX_VALUE_BYTES]);
        for (int i = 0; i < 5; i++) {
            execute(store, new Put(key(i), large));
        }
        List<Bytes> found = new ArrayList<>();
        Bytes from = Bytes.EMPTY;
        boolean more = true;
        while (more) {
            byte[] answer = store.execute(operation(OperationFormat.encode(new Scan(from, Optional.empty(), 100))));
            assertThat(answer).hasSizeLessThanOrEqualTo(KvLimits.MAX_RESULT_BYTES);
            Page page = (Page) ResultFormat.decode(Bytes.wrap(answer));
            assertThat(page.entries()).isNotEmpty();
            page.entries().forEach(entry -> found.add(entry.key()));
            more = page.more();
            from = Bytes.fromHex(found.get(found.size() - 1).toHex() + "00");
        }
        assertThat(found).containsExactly(key(0), key(1), key(2), key(3), key(4));
    }

    @Test
    void aScanFillsAResultToTheLastByte() throws Exception {
        // Two entries that fill a page exactly, and a third that no longer fits.
        int header = ResultFormat.pageBytes(2, 0);
        int second = KvLimits.MAX_RESULT_BYTES - header - 2 - KvLimits.MAX_VALUE_BYTES;
        execute(store, new Put(key(1), Bytes.wrap(new byte[KvLimits.MAX_VALUE_BYTES])));
        execute(store, new Put(key(2), Bytes.wrap(new byte[second])));
        execute(store, new Put(key(3), Bytes.EMPTY));

        byte[] answer = store.execute(operation(OperationFormat.encode(new Scan(Bytes.EMPTY, Optional.empty(), 100))));

        assertThat(answer).hasSize(KvLimits.MAX_RESULT_BYTES);
        Page page = (Page) ResultFormat.decode(Bytes.wrap(answer));
        assertThat(page.entries()).hasSize(2);
        assertThat(page.more()).isTrue();
    }

    @Test
    void aFullStoreRefusesToGrowAndStillTakesTheRest() throws Exception {
        KeyValueStore small = new KeyValueStore(3 * (1 + 10 + KvLimits.ENTRY_OVERHEAD_BYTES));
        Bytes value = Bytes.wrap(new byte[10]);
        for (int i = 0; i < 3; i++) {
            assertThat(execute(small, new Put(key(i), value))).isEqualTo(new Done());
        }
        Put oneMore = new Put(key(3), Bytes.EMPTY);

        assertThat(execute(small, oneMore)).isEqualTo(new Refused(Reason.STORE_FULL));
        assertThat(execute(small, new CompareAndSet(key(3), Optional.empty(), value)))
                .isEqualTo(new Refused(Reason.STORE_FULL));
        assertThat(execute(small, new Get(key(3)))).isEqualTo(new Value(Optional.empty()));
        assertThat(execute(small, new Put(key(0), Bytes.wrap(new byte[11])))).isEqualTo(new Refused(Reason.STORE_FULL));
        assertThat(execute(small, new Put(key(0), value))).isEqualTo(new Done());
        assertThat(execute(small, new Delete(key(1)))).isEqualTo(new Applied(true));
        assertThat(execute(small, oneMore)).isEqualTo(new Done());
        assertThat(execute(small, new Size())).isEqualTo(new Count(3));
    }

    @Test
    void aRestoredStoreKnowsHowFullItIs() throws Exception {
        long room = 2 * (1 + 10 + KvLimits.ENTRY_OVERHEAD_BYTES);
        KeyValueStore original = new KeyValueStore(room);
        execute(original, new Put(key(0), Bytes.wrap(new byte[10])));
        KeyValueStore restored = new KeyValueStore(room);
        restore(restored, snapshot(original));

        assertThat(execute(restored, new Put(key(1), Bytes.wrap(new byte[11]))))
                .isEqualTo(new Refused(Reason.STORE_FULL));
        assertThat(execute(restored, new Put(key(1), Bytes.wrap(new byte[10])))).isEqualTo(new Done());
    }

    @Test
    void aStateOfAStoreOfAnotherSizeIsRefused() throws Exception {
        byte[] snapshot = snapshot(new KeyValueStore(1 << 20));
        assertThatThrownBy(() -> restore(store, snapshot))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("1048576")
                .hasMessageContaining("give all replicas the same size");
    }

    @Test
    void aNoopReturnsAsManyBytesAsAsked() throws Exception {
        assertThat(execute(store, new Noop(Bytes.fromHex("0102"), 3)))
                .isEqualTo(new KvResult.Padding(Bytes.fromHex("000000")));
        assertThat(execute(store, new Size())).isEqualTo(new Count(0));
    }

    @Property
    void aViewHoldsTheStateOfItsMomentWhateverHappensMeanwhile(
            @ForAll("histories") List<KvOperation> before,
            @ForAll("histories") List<KvOperation> meanwhile,
            @ForAll("histories") List<KvOperation> after)
            throws Exception {
        KeyValueStore tested = new KeyValueStore();
        Model model = new Model();
        for (KvOperation operation : before) {
            assertThat(execute(tested, operation)).isEqualTo(model.execute(operation));
        }
        byte[] expected = snapshot(tested);
        StateView view = tested.freeze().orElseThrow();
        for (KvOperation operation : meanwhile) {
            assertThat(execute(tested, operation)).isEqualTo(model.execute(operation));
        }
        byte[] expectedAfter = snapshot(tested);

        ByteArrayOutputStream written = new ByteArrayOutputStream();
        view.write(new SnapshotWriter(written));
        assertThat(written.toByteArray()).isEqualTo(expected);
        view.close();
        assertThat(snapshot(tested)).isEqualTo(expectedAfter);
        for (KvOperation operation : after) {
            assertThat(execute(tested, operation)).isEqualTo(model.execute(operation));
        }
    }

    @Test
    void aReadSaysWhenItsKeyLastChanged() throws Exception {
        executeAt(5, new Put(key(0), key(9)));
        executeAt(6, new Put(key(1), key(9)));
        assertRead(key(0), Optional.of(key(9)), 5);
        executeAt(7, new Put(key(0), key(8)));
        executeAt(8, new CompareAndSet(key(0), Optional.of(key(8)), key(9)));
        // The value came back, but not the stamp.
        assertRead(key(0), Optional.of(key(9)), 8);
        executeAt(9, new CompareAndSet(key(0), Optional.of(key(8)), key(9)));
        assertRead(key(0), Optional.of(key(9)), 8);
    }

    @Test
    void whatIsNotThereChangedNoLaterThanTheLastRemoval() throws Exception {
        assertRead(key(0), Optional.empty(), 0);
        executeAt(5, new Put(key(0), key(9)));
        executeAt(6, new Delete(key(0)));
        assertRead(key(0), Optional.empty(), 6);
        assertRead(key(1), Optional.empty(), 6);
        executeAt(7, new Delete(key(0)));
        assertRead(key(0), Optional.empty(), 6);
        byte[] snapshot = snapshot(store);
        restore(store, snapshot);
        assertRead(key(0), Optional.empty(), 6);
    }

    @Test
    void onlyAGetIsReadWithoutBeingOrdered() {
        for (KvOperation operation : List.of(new Put(key(0), key(1)), new Size(), new Delete(key(0)))) {
            assertThatThrownBy(() -> store.read(operation(OperationFormat.encode(operation))))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
        assertThatThrownBy(() -> store.read(operation(new byte[] {99}))).isInstanceOf(FormatException.class);
    }

    private void executeAt(long at, KvOperation operation) {
        store.execute(new Operation(
                new ClientId(0), new SequenceNumber(at), Bytes.copyOf(OperationFormat.encode(operation))));
    }

    private void assertRead(Bytes key, Optional<Bytes> value, long stamp) throws FormatException {
        ReadResult read = store.read(operation(OperationFormat.encode(new Get(key))));
        assertThat(ResultFormat.decode(Bytes.wrap(read.value()))).isEqualTo(new Value(value));
        assertThat(read.lastChanged()).contains(new SequenceNumber(stamp));
    }

    @Test
    void aSnapshotOfAnotherFormatIsRefused() {
        assertThatThrownBy(() -> restore(store, new byte[] {0, 0, 0, 9, 0, 0, 0, 0}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("format 9");
    }

    private static Bytes key(int i) {
        return Bytes.wrap(new byte[] {(byte) i});
    }

    private static Operation operation(byte[] bytes) {
        return new Operation(new ClientId(0), new SequenceNumber(1), Bytes.copyOf(bytes));
    }

    private static KvResult execute(KeyValueStore store, KvOperation operation) throws FormatException {
        return ResultFormat.decode(Bytes.wrap(store.execute(operation(OperationFormat.encode(operation)))));
    }

    private static byte[] snapshot(KeyValueStore store) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (SnapshotWriter out = new SnapshotWriter(bytes)) {
            store.snapshot(out);
        }
        return bytes.toByteArray();
    }

    private static void restore(KeyValueStore store, byte[] snapshot) throws IOException {
        try (SnapshotReader in = new SnapshotReader(new ByteArrayInputStream(snapshot))) {
            store.restore(in);
        }
    }
}
