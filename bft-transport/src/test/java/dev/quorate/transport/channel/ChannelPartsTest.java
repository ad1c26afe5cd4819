package dev.quorate.transport.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.core.ClientId;
import dev.quorate.core.ConfigException;
import dev.quorate.core.Identity;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.wire.Peer;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.PrivateKey;
import dev.quorate.crypto.SignatureScheme;
import dev.quorate.transport.LocalCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The small parts that channels are made of. */
class ChannelPartsTest {
    @Test
    void certificatesTellWhoseKeyTheyHoldAndNothingElse() throws Exception {
        LocalCluster cluster = LocalCluster.of(4, 2);
        Members everybody = Members.of(cluster.config());
        Members replicas = Members.replicasOf(cluster.config());
        var ofReplica =
                KeyCertificate.of(cluster.replica(2), SignatureScheme.DEFAULT).certificate();
        var ofClient =
                KeyCertificate.of(cluster.client(1), SignatureScheme.DEFAULT).certificate();
        var ofNobody = KeyCertificate.of(LocalCluster.newIdentity(), SignatureScheme.DEFAULT)
                .certificate();
        ofReplica.verify(ofReplica.getPublicKey());
        assertThat(everybody.owner(ofReplica)).contains(new Peer.OfReplica(new ReplicaId(2)));
        assertThat(everybody.owner(ofClient)).contains(new Peer.OfClient(new ClientId(1)));
        assertThat(everybody.owner(ofNobody)).isEmpty();
        assertThat(replicas.owner(ofReplica)).contains(new Peer.OfReplica(new ReplicaId(2)));
        assertThat(replicas.owner(ofClient)).isEmpty();
        assertThat(ofReplica.getSubjectX500Principal()).isEqualTo(ofClient.getSubjectX500Principal());
    }

    @Test
    @DisplayName("K2 A key that is none is refused")
    void k2KeysOfTheWrongKindAreRefused() {
        Identity tooShort = new Identity(new PrivateKey(SignatureScheme.DEFAULT, Bytes.wrap(new byte[7])));
        assertThatThrownBy(() -> KeyCertificate.of(tooShort, SignatureScheme.DEFAULT))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> KeyCertificate.of(LocalCluster.newIdentity(), "no such scheme"))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void helloSurvivesTheWire() throws IOException {
        Hello hello = Hello.of(LocalCluster.of(4, 1).config(), 1234567890123L);
        assertThat(Hello.decode(hello.encode())).contains(hello);
        assertThat(hello.encode().length()).isEqualTo(Hello.LENGTH);
        assertThat(hello.refusedBy(hello)).isEmpty();
        Hello foreign = Hello.of(LocalCluster.of(4, 1).config(), 0);
        assertThat(hello.refusedBy(foreign)).map(Refusal::reason).contains(RejectionReason.FOREIGN_CLUSTER);
        Hello newer = new Hello(Hello.VERSION + 1, hello.clusterId(), 0);
        assertThat(newer.refusedBy(hello).orElseThrow().detail())
                .contains("version " + (Hello.VERSION + 1), "this side " + Hello.VERSION);
    }

    @Test
    void whatIsNoHelloIsNotTakenForOne() {
        assertThat(Hello.decode(Bytes.EMPTY)).isEqualTo(Optional.empty());
        assertThat(Hello.decode(Bytes.wrap(new byte[Hello.LENGTH]))).isEmpty();
        assertThat(Hello.decode(Bytes.wrap(new byte[Hello.LENGTH + 1]))).isEmpty();
    }

    @RepeatedTest(20)
    void backOffDoublesUpToItsCapAndStartsAnew() {
        BackOff backOff = new BackOff(Duration.ofMillis(20), Duration.ofSeconds(1));
        long expected = Duration.ofMillis(20).toNanos();
        for (int i = 0; i < 10; i++) {
            assertThat(backOff.nextNanos()).isBetween(expected / 2, expected);
            expected = Math.min(2 * expected, Duration.ofSeconds(1).toNanos());
        }
        backOff.reset();
        assertThat(backOff.nextNanos())
                .isLessThanOrEqualTo(Duration.ofMillis(20).toNanos());
    }

    @Test
    void dialsWaitForTheirTurn() {
        DialLimit limit = new DialLimit(2);
        List<Integer> dialled = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int number = i;
            limit.acquire(() -> dialled.add(number));
        }
        assertThat(dialled).containsExactly(0, 1);
        limit.release();
        assertThat(dialled).containsExactly(0, 1, 2);
        limit.release();
        limit.release();
        limit.release();
        limit.acquire(() -> dialled.add(4));
        limit.acquire(() -> dialled.add(5));
        limit.acquire(() -> dialled.add(6));
        assertThat(dialled).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    void rejectionsAreAllCountedAndFewAreLogged() {
        Rejections rejections = new Rejections("a test");
        for (int i = 0; i < 1000; i++) {
            rejections.rejected(RejectionReason.MALFORMED, "somebody", "something");
        }
        rejections.unfitting(RejectionReason.WRONG_VIEW, "something");
        assertThat(rejections.count(RejectionReason.MALFORMED)).isEqualTo(1000);
        assertThat(rejections.total()).isEqualTo(1001);
        assertThat(rejections.counts())
                .containsOnlyKeys(RejectionReason.values())
                .containsEntry(RejectionReason.WRONG_VIEW, 1L)
                .containsEntry(RejectionReason.OVERSIZE, 0L);
        List<String> lines = new ArrayList<>();
        LogThrottle throttle = new LogThrottle();
        for (int i = 0; i < 1000; i++) {
            throttle.log(lines::add);
        }
        assertThat(lines).hasSizeBetween(1, 100);
    }
}
