package dev.quorate.core.smr;

import dev.quorate.core.Operation;
import dev.quorate.core.ReplicatedService;
import dev.quorate.core.SnapshotReader;
import dev.quorate.core.SnapshotWriter;
import dev.quorate.core.message.Result;
import dev.quorate.crypto.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out on a service what the protocol asks for. Not thread-safe: for the one thread of the service. */
public final class ServiceRunner {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceRunner.class);

    private final ReplicatedService service;
    private final int maxResultBytes;

    public ServiceRunner(ReplicatedService service, int maxResultBytes) {
        this.service = service;
        this.maxResultBytes = maxResultBytes;
    }

    public Event.Executed execute(Effect.Execute effect) {
        List<Result> results = new ArrayList<>(effect.operations().size());
        for (Operation operation : effect.operations()) {
            results.add(execute(operation));
        }
        return new Event.Executed(effect.sequenceNumber(), results);
    }

    private Result execute(Operation operation) {
        byte[] value;
        try {
            value = service.execute(operation);
        } catch (Exception e) {
            // The message stays here: it may differ between machines, and a reply must not.
            LOG.warn("The service failed at {}", operation, e);
            return Result.error(Result.Outcome.SERVICE_FAILED);
        }
        if (value == null) {
            LOG.warn("The service returned null for {}", operation);
            return Result.error(Result.Outcome.SERVICE_FAILED);
        }
        if (value.length > maxResultBytes) {
            return Result.error(Result.Outcome.RESULT_TOO_LARGE);
        }
        return Result.ok(Bytes.copyOf(value));
    }

    /** Throws if the service cannot write its state: a replica without checkpoints cannot go on. */
    public Event.SnapshotTaken takeSnapshot(Effect.TakeSnapshot effect) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        SnapshotWriter writer = new SnapshotWriter(bytes);
        service.snapshot(writer);
        writer.flush();
        Bytes state = Bytes.wrap(bytes.toByteArray());
        return new Event.SnapshotTaken(effect.sequenceNumber(), StateImage.of(effect.sessionTable(), state));
    }

    /** Throws if the service does not accept a state that another replica's service wrote. */
    public Event.StateInstalled install(Effect.InstallState effect) throws IOException {
        byte[] state = effect.image().service().unsafeArray();
        service.restore(new SnapshotReader(new ByteArrayInputStream(state)));
        return new Event.StateInstalled(effect.sequenceNumber());
    }
}
