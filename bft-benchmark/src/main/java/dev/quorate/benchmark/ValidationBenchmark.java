package dev.quorate.benchmark;

import dev.quorate.core.ClientId;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Request;
import dev.quorate.core.pbft.PbftRules;
import dev.quorate.core.wire.Batches;
import dev.quorate.core.wire.MessageValidator;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Validation;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.InvalidKeyException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to believe a message: from the bytes of a frame to a verified message. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ValidationBenchmark {
    private static final int CLIENTS = 64;
    private static final Peer PRIMARY = new Peer.OfReplica(new ReplicaId(0));

    private MessageValidator cold;
    private MessageValidator warm;
    private BenchmarkCluster cluster;
    private Bytes request;
    private Bytes proposal;
    private Bytes commit;

    @Setup
    public void frames() throws InvalidKeyException {
        cluster = new BenchmarkCluster(CLIENTS);
        warm = new MessageValidator(cluster.config(), new PbftRules(cluster.config()));
        List<Verified<Request>> requests = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            requests.add(cluster.request(client, 1, 100));
        }
        request = requests.get(0).frame();
        Batch batch = Batches.of(requests, 0, Bytes.EMPTY, Bytes.EMPTY);
        SequenceNumber at = new SequenceNumber(1);
        proposal = cluster.replica(0)
                .seal(new PrePrepare(new ReplicaId(0), View.ZERO, at, batch.digest(), Optional.of(batch)))
                .frame();
        commit = cluster.replica(0)
                .seal(new Commit(new ReplicaId(0), View.ZERO, at, batch.digest()))
                .frame();
    }

    /** A validator that remembers nothing: the price of the signatures is part of what is measured. */
    @Setup(Level.Invocation)
    public void forget() {
        cold = new MessageValidator(cluster.config(), new PbftRules(cluster.config()));
    }

    @Benchmark
    public Validation requestForTheFirstTime() {
        return cold.validate(request, new Peer.OfClient(new ClientId(0)));
    }

    @Benchmark
    public Validation requestSeenBefore() {
        return warm.validate(request, new Peer.OfClient(new ClientId(0)));
    }

    @Benchmark
    public Validation proposalOf64RequestsForTheFirstTime() {
        return cold.validate(proposal, PRIMARY);
    }

    @Benchmark
    public Validation proposalOf64RequestsSeenBefore() {
        return warm.validate(proposal, PRIMARY);
    }

    @Benchmark
    public Validation commit() {
        return warm.validate(commit, PRIMARY);
    }
}
