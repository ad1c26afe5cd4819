package dev.quorate.core.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.InvocationException;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.TestCluster;
import dev.quorate.core.View;
import dev.quorate.core.message.Answer;
import dev.quorate.core.message.ClientMessage;
import dev.quorate.core.message.Read;
import dev.quorate.core.message.ReadReply;
import dev.quorate.core.message.Reply;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * One client, event by event: {@code client.on(reply(0, 1, "a")).completes(1, "a").nothingElse()}. Client 2 of a
 * cluster of four replicas, session 7; it may have two requests outstanding.
 */
final class ClientSteps {
    static final ClientId SELF = new ClientId(2);
    static final long SESSION = 7;
    static final int MAX_OUTSTANDING = 2;

    private final TestCluster cluster;
    private final ClientProtocol client;
    private final Deque<ClientEffect> effects = new ArrayDeque<>();

    private ClientSteps(int replicas, boolean fastReads, ClientParts parts) {
        cluster = TestCluster.of(
                Protocol.PBFT,
                replicas,
                4,
                Limits.defaults()
                        .with(Limit.REQUESTS_PER_SESSION, MAX_OUTSTANDING)
                        .with(Limit.CLIENT_RETRY, 100)
                        .with(Limit.CLIENT_TIMEOUT, 10_000),
                fastReads);
        client = new ClientProtocol(cluster.config(), SELF, SESSION, cluster.clientSealer(2), parts);
    }

    static ClientSteps ofFourReplicas() {
        return new ClientSteps(4, false, new ClientParts());
    }

    static ClientSteps ofSevenReplicas() {
        return new ClientSteps(7, false, new ClientParts());
    }

    /** Four replicas, of which three have to agree about a fast read. */
    static ClientSteps withFastReads() {
        return withFastReads(new ClientParts());
    }

    /** The same, with a client that counts by these rules. */
    static ClientSteps withFastReads(ClientParts parts) {
        return new ClientSteps(4, true, parts);
    }

    ClientProtocol client() {
        return client;
    }

    // --- events

    ClientSteps invokes(long ticket, String operation) {
        return on(new ClientEvent.Invoke(ticket, bytes(operation)));
    }

    ClientSteps reads(long ticket, String operation) {
        return on(new ClientEvent.Read(ticket, bytes(operation)));
    }

    /** The digest only of a result. */
    ClientSteps repliesByDigest(int replica, long number, String value) {
        Answer answer = Answer.byDigest(Result.ok(bytes(value)));
        Reply reply = new Reply(new ReplicaId(replica), View.ZERO, new RequestId(SELF, SESSION, number), answer);
        return on(new ClientEvent.ReplyReceived(cluster.replicaSealer(replica).seal(reply)));
    }

    /** What a replica read in its state, and the stamp. */
    ClientSteps repliesToRead(int replica, long number, long stamp, String value) {
        return repliesToRead(replica, number, stamp, Answer.whole(Result.ok(bytes(value))));
    }

    ClientSteps repliesToRead(int replica, long number, long stamp, Answer answer) {
        ReadReply reply = new ReadReply(
                new ReplicaId(replica), new RequestId(SELF, SESSION, number), new SequenceNumber(stamp), answer);
        return on(
                new ClientEvent.ReadReplyReceived(cluster.replicaSealer(replica).seal(reply)));
    }

    ClientSteps readTimerFires(long number) {
        return on(new ClientEvent.TimerFired(readTimer(number)));
    }

    ClientSteps loses(int replica) {
        return on(new ClientEvent.Disconnected(new ReplicaId(replica)));
    }

    ClientSteps regains(int replica) {
        return on(new ClientEvent.Connected(new ReplicaId(replica)));
    }

    /** A reply of {@code replica} in view 0 to request {@code number}. */
    ClientSteps replies(int replica, long number, String value) {
        return replies(replica, 0, number, value);
    }

    ClientSteps replies(int replica, long view, long number, String value) {
        return repliesTo(replica, view, new RequestId(SELF, SESSION, number), Result.ok(bytes(value)));
    }

    ClientSteps repliesTo(int replica, long view, RequestId request, Result result) {
        Reply reply = new Reply(new ReplicaId(replica), new View(view), request, result);
        return on(new ClientEvent.ReplyReceived(cluster.replicaSealer(replica).seal(reply)));
    }

    ClientSteps timerFires(long number) {
        return on(new ClientEvent.TimerFired(timer(number)));
    }

    private ClientSteps on(ClientEvent event) {
        assertThat(effects).as("what the event before led to").isEmpty();
        effects.addAll(client.handle(event));
        // When to sample is tested by itself.
        effects.removeIf(effect ->
                effect instanceof ClientEffect.StartTimer start && start.timer().kind() == ClientTimer.Kind.SAMPLE);
        return this;
    }

    /** Above 0 the timer of a request's retransmission, below 0 the deadline of an invocation. */
    private static ClientTimer timer(long number) {
        return number > 0
                ? new ClientTimer(ClientTimer.Kind.RETRY, number)
                : new ClientTimer(ClientTimer.Kind.DEADLINE, -number);
    }

    private static ClientTimer readTimer(long number) {
        return new ClientTimer(ClientTimer.Kind.READ, number);
    }

    // --- effects, in their order

    ClientSteps sends(int replica, long number, String operation) {
        assertThat(next()).isInstanceOfSatisfying(ClientEffect.Send.class, send -> {
            assertThat(send.to()).isEqualTo(new ReplicaId(replica));
            assertRequest(send.message(), number, operation);
        });
        return this;
    }

    ClientSteps sendsToAll(long number, String operation) {
        assertThat(next())
                .isInstanceOfSatisfying(
                        ClientEffect.SendToAll.class, send -> assertRequest(send.message(), number, operation));
        return this;
    }

    ClientSteps sendsReadToAll(long number, String operation) {
        assertThat(next())
                .isInstanceOfSatisfying(
                        ClientEffect.SendToAll.class,
                        send -> assertThat(send.message().message())
                                .isEqualTo(new Read(new RequestId(SELF, SESSION, number), bytes(operation))));
        return this;
    }

    ClientSteps startsReadTimer(long number, long millis) {
        return leadsTo(new ClientEffect.StartTimer(readTimer(number), Duration.ofMillis(millis)));
    }

    ClientSteps stopsReadTimer(long number) {
        return leadsTo(new ClientEffect.StopTimer(readTimer(number)));
    }

    ClientSteps startsTimer(long number, long millis) {
        return leadsTo(new ClientEffect.StartTimer(timer(number), Duration.ofMillis(millis)));
    }

    ClientSteps stopsTimer(long number) {
        return leadsTo(new ClientEffect.StopTimer(timer(number)));
    }

    ClientSteps completes(long ticket, String value) {
        return leadsTo(new ClientEffect.Complete(ticket, Result.ok(bytes(value))));
    }

    ClientSteps completes(long ticket, Result result) {
        return leadsTo(new ClientEffect.Complete(ticket, result));
    }

    ClientSteps fails(long ticket, InvocationException.Reason reason) {
        return leadsTo(new ClientEffect.Fail(ticket, reason));
    }

    /** Everything else that the event led to does not matter here. */
    ClientSteps whatever() {
        effects.clear();
        return this;
    }

    ClientSteps nothingElse() {
        assertThat(List.copyOf(effects)).isEmpty();
        return this;
    }

    private ClientSteps leadsTo(ClientEffect effect) {
        assertThat(next()).isEqualTo(effect);
        return this;
    }

    private ClientEffect next() {
        assertThat(effects).as("one more effect").isNotEmpty();
        return effects.remove();
    }

    private static void assertRequest(Verified<? extends ClientMessage> request, long number, String operation) {
        assertThat(request.message()).isEqualTo(new Request(new RequestId(SELF, SESSION, number), bytes(operation)));
    }

    static Bytes bytes(String text) {
        return Bytes.wrap(text.getBytes(US_ASCII));
    }
}
