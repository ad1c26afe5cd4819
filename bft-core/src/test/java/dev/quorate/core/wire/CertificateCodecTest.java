package dev.quorate.core.wire;

import static dev.quorate.core.wire.WireFixture.CONFIG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.quorate.core.Limit;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.wire.proto.Wire;
import dev.quorate.crypto.Bytes;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a faulty replica may write into a certificate so that a correct one cannot quote it. */
class CertificateCodecTest {
    @Test
    @DisplayName("V4: a signed checkpoint that is none is rejected")
    void v4NoCheckpointIsRejected() {
        ByteString stable = Wire.StableCertificate.newBuilder()
                .addCheckpoints(ByteString.EMPTY)
                .build()
                .toByteString();
        Wire.ViewChange viewChange =
                Wire.ViewChange.newBuilder().setView(5).setStable(stable).build();

        assertRejected(MessageType.VIEW_CHANGE, viewChange, RejectionReason.MALFORMED);
    }

    @Test
    @DisplayName("V4: a NEW-VIEW that proposes nothing proposes it nowhere")
    void v4APositionOfNoProposalsIsRejected() {
        Wire.NewView newView = Wire.NewView.newBuilder().setView(5).setLow(256).build();
        assertRejected(MessageType.NEW_VIEW, newView, RejectionReason.MALFORMED);
    }

    @Test
    @DisplayName("X3: a certificate names at most n replicas, a VIEW-CHANGE at most a window of positions")
    void x3ElementsAreBoundedByReplicasAndPositions() {
        Wire.StableCertificate.Builder stable = Wire.StableCertificate.newBuilder();
        for (int i = 0; i <= CONFIG.n(); i++) {
            stable.addCheckpoints(ByteString.EMPTY);
        }
        Wire.ViewChange tooManySigners = Wire.ViewChange.newBuilder()
                .setView(5)
                .setStable(stable.build().toByteString())
                .build();
        Wire.ViewChange.Builder tooManyPositions = Wire.ViewChange.newBuilder().setView(5);
        for (int i = 0; i <= CONFIG.limits().get(Limit.WINDOW); i++) {
            tooManyPositions.addPrepared(ByteString.EMPTY);
        }
        Wire.NewView.Builder tooManyViewChanges = Wire.NewView.newBuilder().setView(5);
        for (int i = 0; i <= CONFIG.n(); i++) {
            tooManyViewChanges.addViewChanges(ByteString.EMPTY);
        }

        assertRejected(MessageType.VIEW_CHANGE, tooManySigners, RejectionReason.OVERSIZE);
        assertRejected(MessageType.VIEW_CHANGE, tooManyPositions.build(), RejectionReason.OVERSIZE);
        assertRejected(MessageType.NEW_VIEW, tooManyViewChanges.build(), RejectionReason.OVERSIZE);
    }

    private static void assertRejected(MessageType type, MessageLite payload, RejectionReason reason) {
        Envelope envelope = new Envelope(
                CONFIG.clusterId(), type, 1, 0, Bytes.wrap(payload.toByteArray()), Bytes.EMPTY, Bytes.EMPTY);
        assertThatThrownBy(() -> MessageCodec.decodePayload(envelope, Bounds.of(CONFIG)))
                .isInstanceOfSatisfying(
                        RejectedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
