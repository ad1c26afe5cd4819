package dev.quorate.sample.kv;

import dev.quorate.crypto.Bytes;
import dev.quorate.sample.kv.KvResult.Entry;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Operations and results of all kinds. */
final class Samples {
    private Samples() {}

    static Arbitrary<Bytes> bytes(int maxLength) {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(maxLength).map(Bytes::copyOf);
    }

    /** So few keys that operations meet each other's traces, and some with a sign bit: their order is unsigned. */
    static Arbitrary<Bytes> fewKeys() {
        return Arbitraries.of("", "00", "01", "0100", "7f", "80", "80ff", "ff").map(Bytes::fromHex);
    }

    static Arbitrary<KvOperation> operations(Arbitrary<Bytes> keys, Arbitrary<Bytes> values) {
        return Arbitraries.oneOf(
                Combinators.combine(keys, values).as(KvOperation.Put::new),
                keys.map(KvOperation.Get::new),
                keys.map(KvOperation.Delete::new),
                Combinators.combine(keys, values.optional(), values).as(KvOperation.CompareAndSet::new),
                Combinators.combine(
                                keys, keys.optional(), Arbitraries.integers().between(1, 10))
                        .as(KvOperation.Scan::new),
                Arbitraries.create(KvOperation.Size::new),
                Combinators.combine(values, Arbitraries.integers().between(0, 20))
                        .as(KvOperation.Noop::new));
    }

    static Arbitrary<KvResult> results() {
        Arbitrary<Entry> entries = Combinators.combine(bytes(10), bytes(10)).as(Entry::new);
        Arbitrary<Boolean> booleans = Arbitraries.of(true, false);
        return Arbitraries.oneOf(
                Arbitraries.create(KvResult.Done::new),
                booleans.map(KvResult.Applied::new),
                bytes(20).optional().map(KvResult.Value::new),
                Arbitraries.longs().map(KvResult.Count::new),
                Combinators.combine(entries.list().ofMaxSize(10), booleans).as(KvResult.Page::new),
                bytes(20).map(KvResult.Padding::new),
                Arbitraries.of(KvResult.Reason.class).map(KvResult.Refused::new));
    }
}
