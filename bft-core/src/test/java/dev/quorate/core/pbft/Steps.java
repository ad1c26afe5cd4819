package dev.quorate.core.pbft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.TestCluster;
import dev.quorate.core.View;
import dev.quorate.core.message.Answer;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.Read;
import dev.quorate.core.message.ReadReply;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.Reply;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.message.Status;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.Notice;
import dev.quorate.core.smr.ProtocolStatus;
import dev.quorate.core.smr.StateImage;
import dev.quorate.core.wire.Batches;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One replica and what happens to it, step by step: given an event, exactly these effects in this order. What is not
 * asked for by the time of the next event, or at {@link #nothingElse()}, is a failure, but for reports that carry no
 * rejection.
 */
final class Steps {
    private final TestCluster cluster;
    private final PbftReplica replica;
    private Deque<Effect> effects = new ArrayDeque<>();

    private Steps(int id, TestCluster cluster, boolean predicts) {
        this.cluster = cluster;
        ReplicaId self = new ReplicaId(id);
        this.replica = new PbftReplica(cluster.config(), self, cluster.replicaSealer(id), predicts, new PbftParts());
    }

    static Steps replica(int id, Limits limits) {
        return new Steps(id, TestCluster.of(Protocol.PBFT, 4, 4, limits), false);
    }

    /** A replica with a service that predicts. */
    static Steps predicting(int id) {
        return new Steps(id, TestCluster.of(Protocol.PBFT, 4, 4, Limits.defaults()), true);
    }

    /** A replica of a cluster with fast reads. */
    static Steps withFastReads(int id, Limits limits) {
        return new Steps(id, TestCluster.of(Protocol.PBFT, 4, 4, limits, true), false);
    }

    static Steps primary() {
        return replica(0, Limits.defaults());
    }

    static Steps backup(int id) {
        return replica(id, Limits.defaults());
    }

    // --- what happens

    Steps on(Event event) {
        nothingElse();
        effects = new ArrayDeque<>(replica.handle(event));
        effects.removeIf(effect -> effect instanceof Effect.Report report
                && !(report.notice() instanceof Notice.Rejected)
                && !(report.notice() instanceof Notice.Equivocation)
                && !(report.notice() instanceof Notice.Diverged)
                && !(report.notice() instanceof Notice.CheckpointsStall)
                && !(report.notice() instanceof Notice.FellBehind));
        return this;
    }

    Steps on(Verified<? extends Message> message) {
        return on(new Event.Received(message));
    }

    Steps on(Read read) {
        return on(cluster.clientSealer(read.client().value()).seal(read));
    }

    /** A message from another replica, sealed by it. */
    Steps on(ReplicaMessage message) {
        return on(cluster.replicaSealer(message.replica().value()).seal(message));
    }

    /** The replica starts with that in its store, said by itself, and no state. */
    Steps recovers(ReplicaMessage... said) {
        List<Verified<? extends Message>> records = new ArrayList<>();
        for (ReplicaMessage message : said) {
            records.add(cluster.replicaSealer(message.replica().value()).seal(message));
        }
        return on(new Event.Recovered(new TreeMap<>(), records, false, false));
    }

    Steps drained() {
        return on(new Event.Drained(0));
    }

    /** The machine's clock shows this. */
    Steps clock(long millis) {
        return on(new Event.ClockRead(millis));
    }

    Steps predicted(long view, long at, String prediction) {
        return on(new Event.Predicted(seq(at), new View(view), bytes(prediction)));
    }

    Steps judged(long at, Batch batch, boolean accepted) {
        return on(new Event.Judged(seq(at), batch.digest(), accepted));
    }

    Steps executed(long at, String... results) {
        return on(new Event.Executed(
                seq(at), Arrays.stream(results).map(r -> Result.ok(bytes(r))).toList()));
    }

    Steps snapshotTaken(long at, String state) {
        return on(new Event.SnapshotTaken(seq(at), StateImage.of(Bytes.EMPTY, bytes(state))));
    }

    // --- what has to follow

    Steps broadcasts(ReplicaMessage message) {
        Effect.Broadcast broadcast = next(Effect.Broadcast.class, message);
        assertThat(broadcast.message().message()).isEqualTo(message);
        return this;
    }

    Steps sends(int to, Message message) {
        Effect.Send send = next(Effect.Send.class, message);
        assertThat(send.message().message()).isEqualTo(message);
        assertThat(send.to()).isEqualTo(new ReplicaId(to));
        return this;
    }

    Steps persists(ReplicaMessage message) {
        Effect.Persist persist = next(Effect.Persist.class, "persisting " + message);
        assertThat(persist.record())
                .isEqualTo(cluster.replicaSealer(message.replica().value())
                        .seal(message)
                        .frame());
        return this;
    }

    /** A checkpoint became stable: its proof is kept, and what is below it goes. */
    Steps discardsBelow(long stable) {
        Effect.Persist proof = next(Effect.Persist.class, "keeping the proof of " + stable);
        assertThat(proof.sequenceNumber()).isEqualTo(seq(stable));
        assertThat(next(Effect.Discard.class, "discarding").stable()).isEqualTo(seq(stable));
        return this;
    }

    Steps executes(long at, String... operations) {
        Effect.Execute execute = next(Effect.Execute.class, "executing " + at);
        assertThat(execute.sequenceNumber()).isEqualTo(seq(at));
        assertThat(execute.operations().stream().map(o -> o.asString())).containsExactly(operations);
        return this;
    }

    /** Operations of one batch, with the time that was agreed on for it. */
    Steps executesAtTime(long at, long millis) {
        Effect.Execute execute = next(Effect.Execute.class, "executing " + at);
        assertThat(execute.sequenceNumber()).isEqualTo(seq(at));
        assertThat(execute.operations()).isNotEmpty().allMatch(o -> o.time().toEpochMilli() == millis);
        return this;
    }

    Steps predicts(long view, long at, String... operations) {
        Effect.Predict predict = next(Effect.Predict.class, "a prediction");
        assertThat(predict.view()).isEqualTo(new View(view));
        assertThat(predict.sequenceNumber()).isEqualTo(seq(at));
        assertThat(predict.operations().stream().map(o -> o.asString())).containsExactly(operations);
        return this;
    }

    Steps judges(long at, Batch batch, String prediction) {
        Effect.Judge judge = next(Effect.Judge.class, "a judgement");
        assertThat(judge.sequenceNumber()).isEqualTo(seq(at));
        assertThat(judge.batch()).isEqualTo(batch.digest());
        assertThat(judge.prediction()).isEqualTo(bytes(prediction));
        return this;
    }

    Steps takesSnapshot(long at) {
        assertThat(next(Effect.TakeSnapshot.class, "a snapshot").sequenceNumber())
                .isEqualTo(seq(at));
        return this;
    }

    Steps replies(RequestId request, Result result) {
        Effect.SendToClient reply = next(Effect.SendToClient.class, result);
        assertThat(reply.to()).isEqualTo(request.client());
        assertThat(((Reply) reply.reply().message()).request()).isEqualTo(request);
        assertThat(((Reply) reply.reply().message()).answer()).isEqualTo(Answer.whole(result));
        return this;
    }

    /** The last reply of the step, to be looked at. */
    Answer sendsToClient() {
        ReplicaMessage reply =
                next(Effect.SendToClient.class, "a reply").reply().message();
        return reply instanceof Reply ordered ? ordered.answer() : ((ReadReply) reply).answer();
    }

    Steps reads(RequestId read, String operation) {
        assertThat(next(Effect.Read.class, "a read")).isEqualTo(new Effect.Read(read, bytes(operation)));
        return this;
    }

    Steps answersRead(ReadReply reply) {
        Effect.SendToClient sent = next(Effect.SendToClient.class, reply);
        assertThat(sent.to()).isEqualTo(reply.read().client());
        assertThat(sent.reply().message()).isEqualTo(reply);
        return this;
    }

    Steps rejects(RejectionReason reason) {
        Effect.Report report = next(Effect.Report.class, reason);
        assertThat(report.notice())
                .isInstanceOfSatisfying(
                        Notice.Rejected.class,
                        rejected -> assertThat(rejected.reason()).isEqualTo(reason));
        return this;
    }

    <N extends Notice> Steps reports(Class<N> notice) {
        assertThat(next(Effect.Report.class, notice).notice()).isInstanceOf(notice);
        return this;
    }

    Steps startsTimer() {
        next(Effect.StartTimer.class, "a timer");
        return this;
    }

    Steps halts() {
        next(Effect.Halt.class, "halting");
        return this;
    }

    Steps nothingElse() {
        assertThat(effects).as("effects that nobody expected").isEmpty();
        return this;
    }

    /** Any effects are fine: they belong to a step that is not the one under test. */
    Steps whatever() {
        effects.clear();
        return this;
    }

    List<Effect> effects() {
        List<Effect> all = List.copyOf(effects);
        effects.clear();
        return all;
    }

    ProtocolStatus status() {
        return replica.status();
    }

    private <E extends Effect> E next(Class<E> type, Object what) {
        assertThat(effects).as("effects, of which the next has to be %s", what).isNotEmpty();
        Effect effect = effects.remove();
        assertThat(effect).as("instead of %s", what).isInstanceOf(type);
        return type.cast(effect);
    }

    // --- what is said

    Verified<Request> request(int client, long number, String operation) {
        return request(client, 1, number, operation);
    }

    Verified<Request> request(int client, long session, long number, String operation) {
        return cluster.clientSealer(client)
                .seal(new Request(new RequestId(new ClientId(client), session, number), bytes(operation)));
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    static Batch batch(Verified<Request>... requests) {
        return Batches.of(List.of(requests), 0, Bytes.EMPTY, Bytes.EMPTY);
    }

    /** A batch as a primary with that clock proposes it. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    static Batch batchAt(long millis, String prediction, Verified<Request>... requests) {
        return Batches.of(List.of(requests), millis, Bytes.EMPTY, bytes(prediction));
    }

    static PrePrepare prePrepare(long view, long at, Batch batch) {
        return new PrePrepare(new View(view).primary(4), new View(view), seq(at), batch.digest(), Optional.of(batch));
    }

    static Prepare prepare(int from, long view, long at, Batch batch) {
        return new Prepare(new ReplicaId(from), new View(view), seq(at), batch.digest());
    }

    static Commit commit(int from, long view, long at, Batch batch) {
        return new Commit(new ReplicaId(from), new View(view), seq(at), batch.digest());
    }

    static Checkpoint checkpoint(int from, long at, Digest root) {
        return new Checkpoint(new ReplicaId(from), seq(at), root);
    }

    static Status status(int from, long stable, long executed) {
        return new Status(new ReplicaId(from), View.ZERO, false, seq(stable), seq(executed));
    }

    static SequenceNumber seq(long value) {
        return new SequenceNumber(value);
    }

    static Bytes bytes(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
