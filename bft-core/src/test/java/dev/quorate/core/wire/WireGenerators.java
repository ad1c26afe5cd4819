package dev.quorate.core.wire;

import dev.quorate.core.ClientId;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicaStatus;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.Committed;
import dev.quorate.core.message.FetchBatch;
import dev.quorate.core.message.Inspect;
import dev.quorate.core.message.Inspection;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.Rejoin;
import dev.quorate.core.message.Reply;
import dev.quorate.core.message.ReqViewChange;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.message.Status;
import dev.quorate.core.storage.Durability;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Every message that a member of the cluster of {@link WireFixture} can send. */
final class WireGenerators {
    private static final int N = WireFixture.CONFIG.n();
    private static final List<Durability> DURABILITIES = List.of(Durability.MEMORY, Durability.ASYNC, Durability.SYNC);

    private WireGenerators() {}

    static Arbitrary<Message> messages() {
        return Arbitraries.oneOf(
                requests(),
                replies(),
                prePrepares(),
                prepares(),
                Combinators.combine(replicas(), views(), sequenceNumbers(), digests())
                        .as(Commit::new),
                Combinators.combine(replicas(), sequenceNumbers(), digests()).as(Checkpoint::new),
                Combinators.combine(
                                replicas(), views(), Arbitraries.of(true, false), sequenceNumbers(), sequenceNumbers())
                        .as(Status::new),
                Combinators.combine(replicas(), views()).as(ReqViewChange::new),
                Combinators.combine(replicas(), Arbitraries.longs().between(1, 1L << 60), digests())
                        .as((replica, incarnation, nonce) ->
                                new Rejoin(replica, incarnation, Bytes.wrap(nonce.toArray()), Bytes.EMPTY)),
                Combinators.combine(
                                replicas(), sequenceNumbers(), digests().list().ofMaxSize(20))
                        .as(Committed::new),
                Combinators.combine(replicas(), sequenceNumbers(), digests()).as(FetchBatch::new),
                Combinators.combine(clients(), Arbitraries.longs()).as(Inspect::new),
                inspections());
    }

    static Arbitrary<Request> requests() {
        return Combinators.combine(requestIds(), bytes(WireFixture.MAX_OPERATION))
                .as(Request::new);
    }

    private static Arbitrary<Reply> replies() {
        Arbitrary<Result> ok = bytes(WireFixture.MAX_RESULT).map(Result::ok);
        Arbitrary<Result> errors = Arbitraries.of(Result.Outcome.class)
                .filter(outcome -> outcome != Result.Outcome.OK)
                .map(Result::error);
        return Combinators.combine(replicas(), views(), requestIds(), Arbitraries.oneOf(ok, errors))
                .as(Reply::new);
    }

    static Arbitrary<PrePrepare> prePrepares() {
        return Combinators.combine(
                        views(),
                        sequenceNumbers(),
                        requests().map(WireFixture::seal).list().ofMaxSize(WireFixture.MAX_BATCH_REQUESTS))
                .as((view, sequenceNumber, requests) -> WireFixture.proposal(
                        view.primary(N).value(), view.number(), sequenceNumber.value(), WireFixture.batch(requests)));
    }

    private static Arbitrary<Prepare> prepares() {
        return Combinators.combine(replicas(), views(), sequenceNumbers(), digests())
                .as(Prepare::new)
                .filter(prepare -> !prepare.view().primary(N).equals(prepare.replica()));
    }

    private static Arbitrary<Inspection> inspections() {
        Arbitrary<Integer> counts = Arbitraries.integers().greaterOrEqual(0);
        Arbitrary<long[]> numbers = Arbitraries.longs()
                .between(0, MessageCodec.MAX_NUMBER)
                .array(long[].class)
                .ofSize(4);
        return Combinators.combine(
                        replicas(),
                        Arbitraries.longs(),
                        numbers,
                        counts,
                        counts,
                        Arbitraries.longs().greaterOrEqual(0),
                        counts.map(ReplicaId::new).list().ofMaxSize(20),
                        replicas())
                .as((replica, nonce, at, pending, clients, rejected, connected, primary) -> new Inspection(
                        replica,
                        nonce,
                        new ReplicaStatus(
                                replica,
                                new View(at[0]),
                                primary,
                                new SequenceNumber(at[1]),
                                new SequenceNumber(at[2]),
                                new SequenceNumber(at[3]),
                                pending,
                                connected,
                                clients,
                                rejected,
                                at[1],
                                at[2] % 2 == 0
                                        ? Optional.empty()
                                        : Optional.of(new SequenceNumber(Math.min(at[3], MessageCodec.MAX_NUMBER - 1))),
                                at[0] % 4 == 3 ? Optional.empty() : Optional.of(DURABILITIES.get((int) (at[0] % 4))))));
    }

    private static Arbitrary<RequestId> requestIds() {
        Arbitrary<Long> positive = Arbitraries.longs().between(1, MessageCodec.MAX_NUMBER);
        return Combinators.combine(clients(), positive, positive).as(RequestId::new);
    }

    private static Arbitrary<ClientId> clients() {
        return Arbitraries.integers().between(0, 3).map(ClientId::new);
    }

    private static Arbitrary<ReplicaId> replicas() {
        return Arbitraries.integers().between(0, N - 1).map(ReplicaId::new);
    }

    private static Arbitrary<View> views() {
        return Arbitraries.longs().between(0, MessageCodec.MAX_NUMBER).map(View::new);
    }

    private static Arbitrary<SequenceNumber> sequenceNumbers() {
        return Arbitraries.longs().between(0, MessageCodec.MAX_NUMBER).map(SequenceNumber::new);
    }

    private static Arbitrary<Digest> digests() {
        return Arbitraries.bytes().array(byte[].class).ofSize(Digest.LENGTH).map(Digest::of);
    }

    private static Arbitrary<Bytes> bytes(int max) {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(max).map(Bytes::copyOf);
    }
}
