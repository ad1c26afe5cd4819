package dev.quorate.simulator;

import dev.quorate.core.Operation;
import dev.quorate.core.ReadResult;
import dev.quorate.core.ReplicatedService;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.SnapshotReader;
import dev.quorate.core.SnapshotWriter;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.kernel.Randomness;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The simulator's own service: registers that hold numbers. Operations and results are text, so that a history can be
 * read:
 *
 * <table>
 *   <caption>Operations</caption>
 *   <tr><td>{@code get x}</td><td>the value, 0 if it was never written</td></tr>
 *   <tr><td>{@code put x 5}</td><td>{@code ok}</td></tr>
 *   <tr><td>{@code cas x 5 7}</td><td>{@code true} if x was 5, and is 7 now; else {@code false}</td></tr>
 *   <tr><td>{@code add x 3}</td><td>the new value: an operation that executes twice shows</td></tr>
 * </table>
 */
public final class SimService implements ReplicatedService {
    private static final List<String> KEYS = List.of("x", "y", "z");
    /** Few values, so that they come back: a wrong read of a value that was there before (ABA) has to be possible. */
    private static final int VALUES = 3;

    private final SortedMap<String, Long> registers = new TreeMap<>();
    /** The position at which each register was last written. */
    private final SortedMap<String, SequenceNumber> lastChanged = new TreeMap<>();
    /** Over all agreed values so far, so that replicas differ if these do. */
    private long agreed;

    private long lastMillis;

    /** An operation of a workload that mixes reads and writes of few keys and few values. */
    public static Bytes randomOperation(Randomness random) {
        String key = random.pick(KEYS);
        String text =
                switch (random.below(8)) {
                    case 0, 1, 2 -> "get " + key;
                    case 3, 4 -> "put " + key + " " + random.below(VALUES);
                    case 5, 6 -> "cas " + key + " " + random.below(VALUES) + " " + random.below(VALUES);
                    default -> "add " + key + " 1";
                };
        return Bytes.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** An operation of a faulty client: on a register that correct clients do not use, or no operation at all. */
    public static Bytes faultyOperation(Randomness random) {
        String text = random.chance(0.9) ? "add faulty " + random.below(VALUES) : "nonsense w";
        return Bytes.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether an operation only reads. */
    public static boolean isRead(Bytes operation) {
        return new String(operation.unsafeArray(), StandardCharsets.US_ASCII).startsWith("get ");
    }

    /** The register that an operation touches. */
    public static Optional<Bytes> keyOf(Bytes operation) {
        String[] words = new String(operation.unsafeArray(), StandardCharsets.US_ASCII).split(" ", -1);
        return words.length < 2
                ? Optional.empty()
                : Optional.of(Bytes.wrap(words[1].getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    public byte[] execute(Operation operation) {
        long millis = operation.time().toEpochMilli();
        if (millis < lastMillis) {
            throw new IllegalStateException("the agreed time goes back from " + lastMillis + " to " + millis);
        }
        lastMillis = millis;
        if (millis > 0) {
            // Where nothing is agreed on, in the checker's model, reading must not change the state: it could not be
            // explored.
            agreed = 31 * agreed + millis + operation.random().nextLong();
        }
        return apply(operation.asString(), operation.sequenceNumber()).getBytes(StandardCharsets.US_ASCII);
    }

    /** Of all registers but one it is known when they last changed. */
    @Override
    public ReadResult read(Operation operation) {
        if (!isRead(operation.bytes())) {
            throw new UnsupportedOperationException("not a read: " + operation.asString());
        }
        String key = operation.asString().split(" ", -1)[1];
        byte[] value = Long.toString(registers.getOrDefault(key, 0L)).getBytes(StandardCharsets.US_ASCII);
        return key.equals(KEYS.get(0))
                ? ReadResult.of(value)
                : ReadResult.of(value, lastChanged.getOrDefault(key, SequenceNumber.ZERO));
    }

    private void set(String key, long value, SequenceNumber at) {
        registers.put(key, value);
        lastChanged.put(key, at);
    }

    private String apply(String operation, SequenceNumber at) {
        String[] words = operation.split(" ", -1);
        String key = words[1];
        long value = registers.getOrDefault(key, 0L);
        return switch (words[0]) {
            case "get" -> Long.toString(value);
            case "put" -> {
                set(key, Long.parseLong(words[2]), at);
                yield "ok";
            }
            case "cas" -> Boolean.toString(compareAndSet(key, value, words, at));
            case "add" -> {
                set(key, value + Long.parseLong(words[2]), at);
                yield Long.toString(value + Long.parseLong(words[2]));
            }
            default -> throw new IllegalArgumentException("no such operation: " + words[0]);
        };
    }

    private boolean compareAndSet(String key, long value, String[] words, SequenceNumber at) {
        if (value != Long.parseLong(words[2])) {
            return false;
        }
        set(key, Long.parseLong(words[3]), at);
        return true;
    }

    @Override
    public void snapshot(SnapshotWriter out) throws IOException {
        out.writeLong(agreed);
        out.writeLong(lastMillis);
        out.writeInt(registers.size());
        for (Map.Entry<String, Long> register : registers.entrySet()) {
            out.writeUTF(register.getKey());
            out.writeLong(register.getValue());
            out.writeLong(lastChanged.get(register.getKey()).value());
        }
    }

    @Override
    public void restore(SnapshotReader in) throws IOException {
        agreed = in.readLong();
        lastMillis = in.readLong();
        registers.clear();
        lastChanged.clear();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            set(in.readUTF(), in.readLong(), new SequenceNumber(in.readLong()));
        }
    }

    @Override
    public String toString() {
        return registers.toString();
    }
}
