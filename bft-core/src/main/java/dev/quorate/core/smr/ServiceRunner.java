package dev.quorate.core.smr;

import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Operation;
import dev.quorate.core.PredictingService;
import dev.quorate.core.ReadResult;
import dev.quorate.core.ReplicatedService;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.SnapshotReader;
import dev.quorate.core.StateView;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.crypto.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out on a service what the protocol asks for. Not thread-safe: for the one thread of the service. */
public final class ServiceRunner {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceRunner.class);

    private final ReplicatedService service;
    private final int maxResultBytes;
    private final int maxPredictionBytes;
    private SequenceNumber executed = SequenceNumber.ZERO;
    /** Shares its chunks with the next one where they are equal. */
    private volatile StateImage lastImage;

    public ServiceRunner(ReplicatedService service, Limits limits) {
        this.service = service;
        this.maxResultBytes = limits.get(Limit.MAX_RESULT_BYTES);
        this.maxPredictionBytes = limits.get(Limit.MAX_PREDICTION_BYTES);
    }

    /** Whether the service predicts: see {@link PredictingService}. */
    public boolean predicts() {
        return service instanceof PredictingService;
    }

    // --- operations

    public Event.Executed execute(Effect.Execute effect) {
        List<Result> results = new ArrayList<>(effect.operations().size());
        for (Operation operation : effect.operations()) {
            results.add(execute(operation));
        }
        executed = effect.sequenceNumber();
        return new Event.Executed(executed, results);
    }

    private Result execute(Operation operation) {
        try {
            return result(service.execute(operation), operation);
        } catch (Exception e) {
            return failed(operation, e);
        }
    }

    /** Reads in the present state. */
    public Event.ReadDone read(Effect.Read effect) {
        RequestId id = effect.read();
        Operation operation = new Operation(id.client(), executed, effect.operation());
        try {
            ReadResult read = service.read(operation);
            SequenceNumber stamp = read.lastChanged().orElse(executed);
            if (stamp.isAfter(executed)) {
                throw new IllegalStateException("last changed at " + stamp + ", but executed up to " + executed);
            }
            return new Event.ReadDone(id, stamp, result(read.value(), operation));
        } catch (UnsupportedOperationException e) {
            return new Event.ReadDone(id, executed, Result.error(Result.Outcome.SERVICE_FAILED));
        } catch (Exception e) {
            return new Event.ReadDone(id, executed, failed(operation, e));
        }
    }

    private Result result(byte[] value, Operation operation) {
        if (value == null) {
            LOG.warn("The service returned null for {}", operation);
            return Result.error(Result.Outcome.SERVICE_FAILED);
        }
        if (value.length > maxResultBytes) {
            return Result.error(Result.Outcome.RESULT_TOO_LARGE);
        }
        return Result.ok(Bytes.copyOf(value));
    }

    private static Result failed(Operation operation, Exception e) {
        // The message stays here: it may differ between machines, and a reply must not.
        LOG.warn("The service failed at {}", operation, e);
        return Result.error(Result.Outcome.SERVICE_FAILED);
    }

    // --- predictions

    public Event.Predicted predict(Effect.Predict effect) {
        return new Event.Predicted(effect.sequenceNumber(), effect.view(), prediction(effect.operations()));
    }

    private Bytes prediction(List<Operation> operations) {
        try {
            byte[] prediction = ((PredictingService) service).predict(operations);
            if (prediction != null && prediction.length <= maxPredictionBytes) {
                return Bytes.copyOf(prediction);
            }
            LOG.warn("The service predicted {} bytes", prediction == null ? "null instead of" : prediction.length);
        } catch (Exception e) {
            LOG.warn("The service could not predict", e);
        }
        return Bytes.EMPTY;
    }

    public Event.Judged judge(Effect.Judge effect) {
        boolean accepted = false;
        try {
            accepted = ((PredictingService) service)
                    .accepts(effect.operations(), effect.prediction().toArray());
        } catch (Exception e) {
            LOG.warn("The service could not judge a prediction", e);
        }
        return new Event.Judged(effect.sequenceNumber(), effect.batch(), accepted);
    }

    // --- states

    /** A snapshot that is still to be written: on any thread, while the service goes on. */
    public interface PendingSnapshot {
        /** Throws if the service cannot write its state: a replica without checkpoints cannot go on. */
        Event.SnapshotTaken write() throws IOException;

        /** To be called on the service's thread once it is written. */
        default void close() {}
    }

    /** The state at this moment; throws if the service cannot write it. */
    public PendingSnapshot takeSnapshot(Effect.TakeSnapshot effect) throws IOException {
        Optional<StateView> frozen = service.freeze();
        if (frozen.isPresent()) {
            return new FrozenSnapshot(effect, frozen.get());
        }
        StateImage.Builder image = new StateImage.Builder(effect.bookkeeping(), Optional.ofNullable(lastImage));
        service.snapshot(image.writer());
        return () -> taken(effect, image);
    }

    private Event.SnapshotTaken taken(Effect.TakeSnapshot effect, StateImage.Builder builder) {
        StateImage image = builder.build();
        lastImage = image;
        return new Event.SnapshotTaken(effect.sequenceNumber(), image);
    }

    private final class FrozenSnapshot implements PendingSnapshot {
        private final Effect.TakeSnapshot effect;
        private final StateView view;

        private FrozenSnapshot(Effect.TakeSnapshot effect, StateView view) {
            this.effect = effect;
            this.view = view;
        }

        @Override
        public Event.SnapshotTaken write() throws IOException {
            StateImage.Builder image = new StateImage.Builder(effect.bookkeeping(), Optional.ofNullable(lastImage));
            view.write(image.writer());
            return taken(effect, image);
        }

        @Override
        public void close() {
            view.close();
        }
    }

    /** Throws if the service does not accept a state that another replica's service wrote. */
    public Event.StateInstalled install(Effect.InstallState effect) throws IOException {
        service.restore(new SnapshotReader(effect.image().service()));
        executed = effect.sequenceNumber();
        lastImage = effect.image();
        return new Event.StateInstalled(executed);
    }
}
