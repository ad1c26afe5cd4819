package dev.quorate.core.smr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Operation;
import dev.quorate.core.PredictingService;
import dev.quorate.core.ReadResult;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.SnapshotReader;
import dev.quorate.core.SnapshotWriter;
import dev.quorate.core.View;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever a service does, its replica and the others get along with it. */
class ServiceRunnerTest {
    private static final RequestId READ = new RequestId(new ClientId(0), 1, 1);
    private static final Limits LIMITS =
            Limits.defaults().with(Limit.MAX_PREDICTION_BYTES, 3).with(Limit.MAX_RESULT_BYTES, 3);

    /** Does as a test says. */
    private static class Obedient implements PredictingService {
        @Override
        public byte[] execute(Operation operation) {
            return new byte[0];
        }

        @Override
        public byte[] predict(List<Operation> operations) throws Exception {
            return new byte[3];
        }

        @Override
        public boolean accepts(List<Operation> operations, byte[] prediction) throws Exception {
            return true;
        }

        @Override
        public void snapshot(SnapshotWriter out) {}

        @Override
        public void restore(SnapshotReader in) {}
    }

    @Test
    void aReadIsStampedWithTheLastPositionThatWasExecuted() {
        ServiceRunner runner = reading(operation -> ReadResult.of(new byte[] {7}));
        assertThat(read(runner)).isEqualTo(new Event.ReadDone(READ, seq(0), ok(7)));
        execute(runner, 5);
        assertThat(read(runner)).isEqualTo(new Event.ReadDone(READ, seq(5), ok(7)));
    }

    @Test
    void aReadIsStampedWithThePositionThatTheServiceNames() {
        ServiceRunner runner = reading(operation -> ReadResult.of(new byte[] {7}, seq(3)));
        execute(runner, 5);
        assertThat(read(runner)).isEqualTo(new Event.ReadDone(READ, seq(3), ok(7)));
    }

    @Test
    void aReadThatFailsIsAnError() {
        assertFailed(reading(operation -> {
            throw new IllegalStateException("a test says so");
        }));
        assertFailed(reading(operation -> null));
        // From the future.
        assertFailed(reading(operation -> ReadResult.of(new byte[0], seq(1))));
        assertFailed(new ServiceRunner(new Obedient(), LIMITS));
        assertThat(read(reading(operation -> ReadResult.of(new byte[4])))
                        .result()
                        .outcome())
                .isEqualTo(Result.Outcome.RESULT_TOO_LARGE);
    }

    @Test
    void aPredictionThatFailsIsEmpty() {
        assertThat(predict(new Obedient()).length()).isEqualTo(3);
        assertThat(predict(new Obedient() {
                    @Override
                    public byte[] predict(List<Operation> operations) {
                        return new byte[4];
                    }
                }))
                .isEqualTo(Bytes.EMPTY);
        assertThat(predict(new Obedient() {
                    @Override
                    public byte[] predict(List<Operation> operations) {
                        return null;
                    }
                }))
                .isEqualTo(Bytes.EMPTY);
        assertThat(predict(new Obedient() {
                    @Override
                    public byte[] predict(List<Operation> operations) throws Exception {
                        throw new IOException("a test says so");
                    }
                }))
                .isEqualTo(Bytes.EMPTY);
    }

    @Test
    void aJudgementThatFailsIsARefusal() {
        Effect.Judge judge = new Effect.Judge(seq(1), Digest.sha256(Bytes.EMPTY), List.of(), Bytes.EMPTY);
        assertThat(new ServiceRunner(new Obedient(), LIMITS).judge(judge).accepted())
                .isTrue();
        assertThat(new ServiceRunner(
                                new Obedient() {
                                    @Override
                                    public boolean accepts(List<Operation> operations, byte[] prediction) {
                                        throw new IllegalStateException("a test says so");
                                    }
                                },
                                LIMITS)
                        .judge(judge)
                        .accepted())
                .isFalse();
    }

    private interface Reader {
        ReadResult read(Operation operation);
    }

    private static ServiceRunner reading(Reader reader) {
        return new ServiceRunner(
                new Obedient() {
                    @Override
                    public ReadResult read(Operation operation) {
                        return reader.read(operation);
                    }
                },
                LIMITS);
    }

    private static Event.ReadDone read(ServiceRunner runner) {
        return runner.read(new Effect.Read(READ, Bytes.EMPTY));
    }

    private static void assertFailed(ServiceRunner runner) {
        assertThat(read(runner).result()).isEqualTo(Result.error(Result.Outcome.SERVICE_FAILED));
    }

    private static void execute(ServiceRunner runner, long at) {
        runner.execute(new Effect.Execute(seq(at), List.of()));
    }

    private static Bytes predict(PredictingService service) {
        return new ServiceRunner(service, LIMITS)
                .predict(new Effect.Predict(seq(1), View.ZERO, List.of()))
                .prediction();
    }

    private static Result ok(int value) {
        return Result.ok(Bytes.wrap(new byte[] {(byte) value}));
    }

    private static SequenceNumber seq(long value) {
        return new SequenceNumber(value);
    }
}
