package dev.quorate.core.wire;

import static dev.quorate.core.wire.WireFixture.CONFIG;
import static dev.quorate.core.wire.WireFixture.accepted;
import static dev.quorate.core.wire.WireFixture.fromReplica;
import static dev.quorate.core.wire.WireFixture.proposal;
import static dev.quorate.core.wire.WireFixture.rejected;
import static dev.quorate.core.wire.WireFixture.request;
import static dev.quorate.core.wire.WireFixture.seal;
import static dev.quorate.core.wire.WireFixture.signed;
import static dev.quorate.core.wire.WireFixture.viewChange;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.message.NewView;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.Signed;
import dev.quorate.core.message.ViewChange;
import dev.quorate.crypto.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What has been verified is remembered, and nothing else is taken for it. */
class SignatureCheckerTest {
    @Test
    @DisplayName("P2: an operation moved into its own signature is not taken for the request that was verified")
    void p2AnOperationMovedIntoTheSignatureIsRejected() {
        Verified<Request> good = request(1, 1, "transfer 5 to Ada");
        assertThat(accepted(good.frame(), fromReplica(0))).isEqualTo(good.message());

        // Session and number alone are a request, too: one with an empty operation.
        Envelope envelope = good.envelope();
        int kept = envelope.payload().length() - "transfer 5 to Ada".length() - 2;
        Bytes forged = moved(envelope, kept);

        assertThat(rejected(forged, fromReplica(0))).isEqualTo(RejectionReason.BAD_SIGNATURE);
        assertThat(rejected(
                        seal(proposal(0, 4, 9, WireFixture.batchOfFrames(forged)))
                                .frame(),
                        fromReplica(0)))
                .isEqualTo(RejectionReason.FORGED_REQUEST);
    }

    @Test
    @DisplayName("V5: a VIEW-CHANGE cannot be robbed of what it says was prepared")
    void v5ACertificateMovedIntoTheSignatureIsRejected() {
        ViewChange good = viewChange(2, 5);
        Verified<ViewChange> sealed = seal(good);
        assertThat(accepted(sealed.frame(), fromReplica(2))).isEqualTo(good);

        ViewChange robbed = new ViewChange(good.replica(), good.view(), good.stable(), List.of());
        int kept = MessageCodec.encodePayload(robbed).length();
        assertThat(rejected(moved(sealed.envelope(), kept), fromReplica(2))).isEqualTo(RejectionReason.BAD_SIGNATURE);
    }

    @Test
    @DisplayName("V4: neither does a robbed VIEW-CHANGE count inside a NEW-VIEW")
    void v4ARobbedViewChangeInANewViewIsRejected() {
        NewView good = WireFixture.newView(5);
        assertThat(accepted(seal(good).frame(), fromReplica(1))).isEqualTo(good);

        List<Signed<ViewChange>> robbed =
                good.viewChanges().stream().map(SignatureCheckerTest::robbed).toList();
        NewView forged = new NewView(good.replica(), good.view(), robbed, List.of());
        assertThat(rejected(seal(forged).frame(), fromReplica(1))).isEqualTo(RejectionReason.BAD_SIGNATURE);
    }

    @Test
    void whatWasVerifiedIsAcceptedAgainAndWhatWasNotIsNot() {
        Message prepare = WireFixture.messages().get(3);
        Envelope envelope = seal(prepare).envelope();
        byte[] wrong = envelope.signature().toArray();
        wrong[0] ^= 1;
        Bytes forged = MessageCodec.encode(new Envelope(
                envelope.clusterId(),
                envelope.type(),
                envelope.sender(),
                0,
                envelope.payload(),
                Bytes.wrap(wrong),
                Bytes.EMPTY));
        for (int i = 0; i < 3; i++) {
            assertThat(accepted(seal(prepare).frame(), fromReplica(1))).isEqualTo(prepare);
            assertThat(rejected(forged, fromReplica(1))).isEqualTo(RejectionReason.BAD_SIGNATURE);
        }
    }

    @Test
    void aQuotedMessageHasTheSignatureOfTheOriginal() {
        for (Message message : WireFixture.messages()) {
            if (message.type() == MessageType.VIEW_CHANGE || message.type() == MessageType.PREPARE) {
                Verified<Message> sealed = seal(message);
                Signed<? extends ReplicaMessage> quoted =
                        signed(sealed.envelope().sender(), (ReplicaMessage) message);
                assertThat(Envelope.quoting(CONFIG.clusterId(), 0, quoted)).isEqualTo(sealed.envelope());
            }
        }
    }

    /** The same bytes, hashed one behind the other: all of the payload beyond {@code kept} moves into the signature. */
    private static Bytes moved(Envelope envelope, int kept) {
        byte[] payload = envelope.payload().toArray();
        ByteArrayOutputStream signature = new ByteArrayOutputStream();
        signature.write(payload, kept, payload.length - kept);
        signature.writeBytes(envelope.signature().toArray());
        return MessageCodec.encode(new Envelope(
                envelope.clusterId(),
                envelope.type(),
                envelope.sender(),
                0,
                Bytes.copyOf(java.util.Arrays.copyOf(payload, kept)),
                Bytes.copyOf(signature.toByteArray()),
                Bytes.EMPTY));
    }

    private static Signed<ViewChange> robbed(Signed<ViewChange> whole) {
        ViewChange message = whole.message();
        ViewChange robbed = new ViewChange(message.replica(), message.view(), message.stable(), List.of());
        byte[] payload = MessageCodec.encodePayload(message).toArray();
        int kept = MessageCodec.encodePayload(robbed).length();
        ByteArrayOutputStream signature = new ByteArrayOutputStream();
        signature.write(payload, kept, payload.length - kept);
        signature.writeBytes(whole.signature().toArray());
        return new Signed<>(robbed, Bytes.copyOf(signature.toByteArray()));
    }
}
