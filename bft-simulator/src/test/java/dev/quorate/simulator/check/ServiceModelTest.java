package dev.quorate.simulator.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.Operation;
import dev.quorate.core.ReplicatedService;
import dev.quorate.core.SnapshotReader;
import dev.quorate.core.SnapshotWriter;
import dev.quorate.core.message.Result;
import dev.quorate.crypto.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServiceModelTest {
    private static final class Counter implements ReplicatedService {
        private long value;

        @Override
        public byte[] execute(Operation operation) {
            value = Math.addExact(value, operation.asLong());
            return longs(value).toArray();
        }

        @Override
        public void snapshot(SnapshotWriter out) throws IOException {
            out.writeLong(value);
        }

        @Override
        public void restore(SnapshotReader in) throws IOException {
            value = in.readLong();
        }
    }

    private final ServiceModel model = new ServiceModel(Counter::new, 8, operation -> Optional.empty());

    private static Bytes longs(long value) {
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }

    private static Invocation add(long value) {
        return new Invocation(new ClientId(0), longs(value));
    }

    @Test
    void executesFromTheStateThatItIsGiven() {
        Bytes five = model.apply(model.initial(), add(5));
        assertThat(model.apply(five, add(2))).isEqualTo(longs(7));
        assertThat(model.step(five, add(2), Result.ok(longs(7)))).contains(longs(7));
        assertThat(model.step(five, add(2), Result.ok(longs(8)))).isEmpty();
        assertThat(model.step(model.initial(), add(2), Result.ok(longs(2)))).contains(longs(2));
    }

    @Test
    void exceptionIsTheResultThatReplicasGive() {
        Bytes max = model.apply(model.initial(), add(Long.MAX_VALUE));
        assertThat(model.step(max, add(1), Result.error(Result.Outcome.SERVICE_FAILED)))
                .contains(max);
    }
}
