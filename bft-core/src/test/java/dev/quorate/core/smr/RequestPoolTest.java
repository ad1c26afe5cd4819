package dev.quorate.core.smr;

import static dev.quorate.core.smr.RequestPool.Offer.ADDED;
import static dev.quorate.core.smr.RequestPool.Offer.KNOWN;
import static dev.quorate.core.smr.RequestPool.Offer.REFUSED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.TestCluster;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Two sessions for each client, three requests for each session. */
class RequestPoolTest {
    private final TestCluster cluster = TestCluster.pbft(4);
    private final RequestPool pool =
            new RequestPool(Limits.defaults().with(Limit.SESSIONS_PER_CLIENT, 2).with(Limit.REQUESTS_PER_SESSION, 3));

    @Test
    void sessionsTakeTurnsAndKeepTheirOrder() {
        offer(0, 1, 1);
        offer(0, 1, 2);
        offer(1, 1, 1);
        offer(1, 1, 2);
        assertThat(next(10)).containsExactly(id(0, 1, 1), id(1, 1, 1), id(0, 1, 2), id(1, 1, 2));
        assertThat(pool.hasReady()).isFalse();
        assertThat(pool.size()).isEqualTo(4);
    }

    @Test
    void aNumberWaitsForTheOneBeforeIt() {
        offer(0, 1, 2);
        assertThat(next(10)).isEmpty();
        offer(0, 1, 1);
        assertThat(next(10)).containsExactly(id(0, 1, 1), id(0, 1, 2));
    }

    @Test
    void aBatchStopsAtItsLimits() {
        for (int client = 0; client < 4; client++) {
            offer(client, 1, 1);
        }
        assertThat(next(3)).hasSize(3);
        assertThat(pool.nextBatch(10, 1)).hasSize(1);
    }

    @Test
    @DisplayName("L1 a session that was given up with a request missing makes room for one of which nothing is missing")
    void l1AGivenUpSessionMakesRoom() {
        assertThat(offer(0, 2, 3)).isEqualTo(ADDED);
        assertThat(offer(0, 3, 1)).isEqualTo(ADDED);
        assertThat(offer(0, 1, 1)).isEqualTo(ADDED);
        assertThat(offer(0, 4, 1)).isEqualTo(REFUSED);
        assertThat(pool.size()).isEqualTo(2);
        assertThat(next(10)).containsExactly(id(0, 3, 1), id(0, 1, 1));
    }

    @Test
    @DisplayName("where a request is missing before, an older session makes room for a newer one, but not the reverse")
    void ofSessionsThatWaitForSomethingTheNewerStay() {
        assertThat(offer(0, 2, 2)).isEqualTo(ADDED);
        assertThat(offer(0, 3, 2)).isEqualTo(ADDED);
        assertThat(offer(0, 1, 2)).isEqualTo(REFUSED);
        assertThat(offer(0, 4, 2)).isEqualTo(ADDED);
        assertThat(offer(0, 3, 3)).isEqualTo(ADDED);
        assertThat(offer(0, 2, 3)).isEqualTo(REFUSED);
        assertThat(pool.size()).isEqualTo(3);
    }

    @Test
    @DisplayName("L3 a client holds no more than its quota")
    void l3AClientHoldsNoMoreThanItsQuota() {
        assertThat(offer(0, 1, 3)).isEqualTo(ADDED);
        assertThat(offer(0, 1, 4)).isEqualTo(REFUSED);
        assertThat(offer(0, 1, Long.MAX_VALUE)).isEqualTo(REFUSED);
        assertThat(offer(0, 1, 1)).isEqualTo(ADDED);
        assertThat(offer(0, 2, 1)).isEqualTo(ADDED);
        assertThat(offer(0, 3, 1)).isEqualTo(REFUSED);
        assertThat(offer(1, 3, 1)).isEqualTo(ADDED);
        assertThat(pool.size()).isEqualTo(4);
    }

    @Test
    @DisplayName("L2 the first payload of a number stays")
    void l2TheFirstPayloadOfANumberStays() {
        offer(0, 1, 1);
        Verified<Request> other = cluster.clientSealer(0).seal(new Request(id(0, 1, 1), Bytes.copyOf(new byte[9])));
        assertThat(pool.offer(other, 0, 0)).isEqualTo(KNOWN);
    }

    @Test
    void whatHasExecutedLeaves() {
        offer(0, 1, 1);
        offer(0, 1, 2);
        next(10);
        pool.settle(id(0, 1, 1), 1, 0);
        assertThat(pool.size()).isEqualTo(1);
        pool.settle(id(0, 1, 2), 2, 0);
        assertThat(pool.isEmpty()).isTrue();
        // The client's places are free again.
        assertThat(offer(0, 2, 1)).isEqualTo(ADDED);
        assertThat(offer(0, 3, 1)).isEqualTo(ADDED);
    }

    @Test
    @DisplayName("a backup, which never proposes, keeps no turn of a session whose requests have executed")
    void whatHasExecutedLeavesNoTurnBehind() {
        offer(0, 1, 1);
        pool.settle(id(0, 1, 1), 1, 0);
        assertThat(pool.hasReady()).isFalse();
        offer(0, 2, 1);
        pool.drop(id(0, 2, 1));
        assertThat(pool.hasReady()).isFalse();
    }

    @Test
    @DisplayName("P6 how long a request had to wait for the one before it is not counted")
    void p6AClientThatWaitsForItself() {
        offerAt(100, 2);
        offerAt(300, 3);
        offerAt(200, 1);
        pool.settle(id(0, 1, 3), 3, 350);
        assertThat(pool.takeWaits()).isEqualTo(new RequestPool.Waits(3, 150 + 150 + 50));
    }

    @Test
    @DisplayName("P6 requests that come in their order wait from when they came")
    void p6RequestsInTheirOrder() {
        offerAt(100, 1);
        offerAt(200, 2);
        pool.settle(id(0, 1, 1), 1, 350);
        pool.settle(id(0, 1, 2), 2, 400);
        assertThat(pool.takeWaits()).isEqualTo(new RequestPool.Waits(2, 250 + 200));
    }

    @Test
    void whatWasPassedOverBecomesReadyAgain() {
        offer(0, 1, 1);
        offer(0, 1, 2);
        next(10);
        pool.settle(id(0, 1, 2), 0, 0);
        assertThat(next(10)).containsExactly(id(0, 1, 1), id(0, 1, 2));
    }

    @Test
    void anEvictedSessionsRequestsAreDropped() {
        offer(0, 1, 1);
        offer(0, 1, 2);
        pool.drop(id(0, 1, 2));
        assertThat(pool.isEmpty()).isTrue();
        assertThat(next(10)).isEmpty();
    }

    private RequestPool.Offer offer(int client, long session, long number) {
        return pool.offer(request(client, session, number), 0, 0);
    }

    /** A request of session 1 of client 0, at this time. */
    private void offerAt(long millis, long number) {
        assertThat(pool.offer(request(0, 1, number), 0, millis)).isEqualTo(ADDED);
    }

    private Verified<Request> request(int client, long session, long number) {
        return cluster.clientSealer(client).seal(new Request(id(client, session, number), Bytes.EMPTY));
    }

    private List<RequestId> next(int max) {
        return pool.nextBatch(max, Integer.MAX_VALUE).stream()
                .map(request -> request.message().id())
                .toList();
    }

    private static RequestId id(int client, long session, long number) {
        return new RequestId(new ClientId(client), session, number);
    }
}
