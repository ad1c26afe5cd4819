package dev.quorate.simulator.check;

import dev.quorate.core.ClientId;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Operation;
import dev.quorate.core.ReplicatedService;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.SnapshotReader;
import dev.quorate.core.SnapshotWriter;
import dev.quorate.core.message.Result;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.ServiceRunner;
import dev.quorate.crypto.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A service as its own model: its states are its snapshots. It shows whether replication keeps to what the service does
 * by itself, not whether the service does what it should. Not for a service whose results depend on sequence numbers.
 * Slow for large states; not thread-safe.
 */
public final class ServiceModel implements DeterministicModel<Bytes> {
    private static final int MAX_KNOWN = 1_000;

    private record Case(Bytes state, ClientId client, Bytes operation) {}

    private final ReplicatedService service;
    private final ServiceRunner runner;
    private final Function<Bytes, Optional<Bytes>> keyOf;
    private final Bytes initial;
    /** Looked up only, never iterated over. */
    private final Map<Case, Step<Bytes>> known = new HashMap<>();

    /**
     * @param newService makes a service in its initial state
     * @param maxResultBytes as in the cluster's limits
     * @param keyOf see {@link Model#key}
     */
    public ServiceModel(
            Supplier<? extends ReplicatedService> newService,
            int maxResultBytes,
            Function<Bytes, Optional<Bytes>> keyOf) {
        this.service = newService.get();
        this.runner = new ServiceRunner(service, Limits.defaults().with(Limit.MAX_RESULT_BYTES, maxResultBytes));
        this.keyOf = keyOf;
        this.initial = snapshot();
    }

    @Override
    public Bytes initial() {
        return initial;
    }

    @Override
    public Optional<Bytes> key(Invocation invocation) {
        return keyOf.apply(invocation.operation());
    }

    /** A search comes by the same states again and again. */
    @Override
    public Step<Bytes> execute(Bytes state, Invocation invocation) {
        Case key = new Case(state, invocation.client(), invocation.operation());
        Step<Bytes> step = known.get(key);
        if (step == null) {
            step = executeAnew(state, invocation);
            if (known.size() >= MAX_KNOWN) {
                known.clear();
            }
            known.put(key, step);
        }
        return step;
    }

    private Step<Bytes> executeAnew(Bytes state, Invocation invocation) {
        try (SnapshotReader in = new SnapshotReader(new ByteArrayInputStream(state.unsafeArray()))) {
            service.restore(in);
        } catch (IOException e) {
            throw new UncheckedIOException("the service cannot restore what it wrote itself", e);
        }
        Operation operation = new Operation(invocation.client(), SequenceNumber.ZERO, invocation.operation());
        Result result = runner.execute(new Effect.Execute(SequenceNumber.ZERO, List.of(operation)))
                .results()
                .get(0);
        return new Step<>(snapshot(), result);
    }

    private Bytes snapshot() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (SnapshotWriter out = new SnapshotWriter(bytes)) {
            service.snapshot(out);
        } catch (IOException e) {
            throw new UncheckedIOException("the service cannot write its state", e);
        }
        return Bytes.wrap(bytes.toByteArray());
    }
}
