package dev.quorate.core.wire;

import static dev.quorate.core.wire.WireFixture.CLUSTER;
import static dev.quorate.core.wire.WireFixture.accepted;
import static dev.quorate.core.wire.WireFixture.fromReplica;
import static dev.quorate.core.wire.WireFixture.rejected;
import static dev.quorate.core.wire.WireFixture.replica;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.View;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.crypto.Bytes;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A UI stands for one counter of one replica, and for one message. */
class UiBindingTest {
    private static final int EPOCH = 0;
    private static final int COUNTER = Long.BYTES;
    private static final int CERTIFICATE = 2 * Long.BYTES;

    private final Verified<MinViewChange> sealed =
            CLUSTER.replicaSealer(1).seal(new MinViewChange(replica(1), new View(5)));
    private final Envelope good = sealed.envelope();

    private static RejectionReason reason(Envelope envelope) {
        return rejected(MessageCodec.encode(envelope), fromReplica(2));
    }

    private Envelope withNumber(int offset, long number) {
        byte[] ui = good.signature().toArray();
        ByteBuffer.wrap(ui).putLong(offset, number);
        return good.with(Bytes.wrap(ui));
    }

    @Test
    @DisplayName("U2 a counter of zero, and any other that the certificate is not for")
    void u2WrongCounter() {
        assertThat(accepted(sealed.frame(), fromReplica(2))).isEqualTo(sealed.message());

        assertThat(reason(withNumber(COUNTER, 0))).isEqualTo(RejectionReason.MALFORMED);
        assertThat(reason(withNumber(COUNTER, -1))).isEqualTo(RejectionReason.MALFORMED);
        assertThat(reason(withNumber(COUNTER, 2))).isEqualTo(RejectionReason.BAD_SIGNATURE);
        assertThat(reason(withNumber(EPOCH, 1))).isEqualTo(RejectionReason.BAD_SIGNATURE);
    }

    @Test
    @DisplayName("U2 a wrong certificate, or none")
    void u2WrongCertificate() {
        for (int i = CERTIFICATE; i < good.signature().length(); i++) {
            byte[] ui = good.signature().toArray();
            ui[i] ^= 1;
            assertThat(reason(good.with(Bytes.wrap(ui)))).isEqualTo(RejectionReason.BAD_SIGNATURE);
        }
        byte[] numbers = Arrays.copyOf(good.signature().toArray(), CERTIFICATE);
        assertThat(reason(good.with(Bytes.wrap(numbers)))).isEqualTo(RejectionReason.BAD_SIGNATURE);
        assertThat(reason(good.with(Bytes.EMPTY))).isEqualTo(RejectionReason.MALFORMED);
    }

    @Test
    @DisplayName("U10 a UI is bound to the view")
    void u10BoundToTheView() {
        Bytes otherView = CLUSTER.replicaSealer(1)
                .seal(new MinViewChange(replica(1), new View(6)))
                .envelope()
                .payload();

        assertThat(reason(new Envelope(good.clusterId(), good.type(), 1, 0, otherView, good.signature(), Bytes.EMPTY)))
                .isEqualTo(RejectionReason.BAD_SIGNATURE);
    }

    @Test
    @DisplayName("U10 a UI is bound to the replica, and to the type of message")
    void u10BoundToReplicaAndType() {
        assertThat(reason(new Envelope(
                        good.clusterId(), good.type(), 2, 0, good.payload(), good.signature(), Bytes.EMPTY)))
                .isEqualTo(RejectionReason.BAD_SIGNATURE);
        // Nothing of another type has that payload; what is certified names the type all the same.
        Envelope otherType = new Envelope(
                good.clusterId(), MessageType.MIN_NEW_VIEW, 1, 0, good.payload(), good.signature(), Bytes.EMPTY);
        assertThat(otherType.signedBytes()).isNotEqualTo(good.signedBytes());
    }

    @Test
    @DisplayName("U10 a UI is bound to the cluster")
    void u10BoundToTheCluster() {
        byte[] other = good.clusterId().toArray();
        other[0] ^= 1;

        Envelope moved =
                new Envelope(Bytes.wrap(other), good.type(), 1, 0, good.payload(), good.signature(), Bytes.EMPTY);

        assertThat(moved.signedBytes()).isNotEqualTo(good.signedBytes());
        assertThat(reason(moved)).isEqualTo(RejectionReason.FOREIGN_CLUSTER);
    }
}
