package dev.quorate.sample.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.crypto.Bytes;
import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class FormatTest {
    @Provide
    Arbitrary<KvOperation> operations() {
        return Samples.operations(Samples.bytes(40), Samples.bytes(40));
    }

    @Provide
    Arbitrary<KvResult> results() {
        return Samples.results();
    }

    @Property
    void anOperationSurvives(@ForAll("operations") KvOperation operation) throws Exception {
        assertThat(OperationFormat.decode(Bytes.wrap(OperationFormat.encode(operation))))
                .isEqualTo(operation);
    }

    @Property
    void aResultSurvives(@ForAll("results") KvResult result) throws Exception {
        assertThat(ResultFormat.decode(Bytes.wrap(ResultFormat.encode(result)))).isEqualTo(result);
    }

    /** Whatever is accepted has this one encoding: nothing is ignored, nothing has two forms. */
    @Property
    void anyBytesAreRefusedOrTheEncodingOfWhatIsRead(@ForAll byte[] bytes) {
        try {
            KvOperation operation = OperationFormat.decode(Bytes.copyOf(bytes));
            assertThat(OperationFormat.encode(operation)).isEqualTo(bytes);
        } catch (FormatException e) {
            assertThat(e).hasMessageMatching(".+");
        }
    }

    @Property
    void aDamagedByteIsRefusedOrMeansSomethingElse(
            @ForAll("operations") KvOperation operation, @ForAll int place, @ForAll byte value) {
        byte[] bytes = OperationFormat.encode(operation);
        bytes[Math.floorMod(place, bytes.length)] = value;
        anyBytesAreRefusedOrTheEncodingOfWhatIsRead(bytes);
    }

    @Property
    void aDamagedResultIsRefusedOrMeansSomethingElse(
            @ForAll("results") KvResult result, @ForAll int place, @ForAll byte value) {
        byte[] bytes = ResultFormat.encode(result);
        bytes[Math.floorMod(place, bytes.length)] = value;
        try {
            assertThat(ResultFormat.encode(ResultFormat.decode(Bytes.copyOf(bytes))))
                    .isEqualTo(bytes);
        } catch (FormatException e) {
            assertThat(e).hasMessageMatching(".+");
        }
    }

    @Property
    void aCutOrPaddedOperationIsRefused(@ForAll("operations") KvOperation operation) {
        byte[] bytes = OperationFormat.encode(operation);
        for (int length = 0; length < bytes.length; length++) {
            Bytes cut = Bytes.wrap(Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> OperationFormat.decode(cut)).isInstanceOf(FormatException.class);
        }
        Bytes padded = Bytes.wrap(Arrays.copyOf(bytes, bytes.length + 1));
        assertThatThrownBy(() -> OperationFormat.decode(padded)).isInstanceOf(FormatException.class);
    }

    @Test
    void aHugeLengthIsRefusedBeforeItIsAllocated() {
        assertThatThrownBy(() -> OperationFormat.decode(Bytes.fromHex("027fffffff")))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("missing");
        assertThatThrownBy(() -> OperationFormat.decode(Bytes.fromHex("02ffffffff")))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("negative");
        assertThatThrownBy(() -> ResultFormat.decode(Bytes.fromHex("057fffffff")))
                .isInstanceOf(FormatException.class);
    }

    @Test
    void theFormatStays() {
        Bytes key = Bytes.fromHex("6b");
        assertThat(OperationFormat.encode(new KvOperation.Put(key, Bytes.fromHex("aabb"))))
                .isEqualTo(Bytes.fromHex("01000000016b00000002aabb").toArray());
        assertThat(OperationFormat.encode(new KvOperation.Scan(key, Optional.empty(), 7)))
                .isEqualTo(Bytes.fromHex("05000000016b0000000007").toArray());
        assertThat(ResultFormat.encode(new KvResult.Value(Optional.of(key))))
                .isEqualTo(Bytes.fromHex("0301000000016b").toArray());
    }

    @Test
    void keysAndValuesHaveBoundsAtWhichTheyStillPass() throws Exception {
        Bytes longestKey = Bytes.wrap(new byte[KvLimits.MAX_KEY_BYTES]);
        Bytes largestValue = Bytes.wrap(new byte[KvLimits.MAX_VALUE_BYTES]);
        KvOperation largest = new KvOperation.CompareAndSet(longestKey, Optional.of(largestValue), largestValue);
        assertThat(OperationFormat.decode(Bytes.wrap(OperationFormat.encode(largest))))
                .isEqualTo(largest);

        Bytes tooLongKey = Bytes.wrap(new byte[KvLimits.MAX_KEY_BYTES + 1]);
        Bytes tooLargeValue = Bytes.wrap(new byte[KvLimits.MAX_VALUE_BYTES + 1]);
        assertThatThrownBy(() -> new KvOperation.Put(tooLongKey, largestValue))
                .hasMessage("the key has 1025 bytes, but at most 1024 are allowed");
        assertThatThrownBy(() -> new KvOperation.Put(longestKey, tooLargeValue))
                .hasMessageStartingWith("the value has 262145 bytes");
        assertThatThrownBy(() -> new KvOperation.Scan(longestKey, Optional.empty(), 0))
                .hasMessage("the limit of a scan is 0, but has to be from 1 to 10000");
        byte[] overLong = new StrictWriter().writeByte(2).writeBytes(tooLongKey).toByteArray();
        assertThatThrownBy(() -> OperationFormat.decode(Bytes.wrap(overLong))).isInstanceOf(FormatException.class);
    }
}
