package dev.quorate.core.wire;

import static dev.quorate.core.wire.WireFixture.CLUSTER;
import static dev.quorate.core.wire.WireFixture.CONFIG;
import static dev.quorate.core.wire.WireFixture.DIGEST;
import static dev.quorate.core.wire.WireFixture.rejected;
import static dev.quorate.core.wire.WireFixture.replica;
import static dev.quorate.core.wire.WireFixture.seal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.message.Prepare;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.SignatureScheme;
import dev.quorate.crypto.SignatureVerifier;
import dev.quorate.crypto.Signer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A signature stands for one type, one cluster, one sender, one membership and one payload: nothing carries over. */
class SignatureBindingTest {
    private static final Prepare PREPARE = new Prepare(replica(0), new View(5), new SequenceNumber(9), DIGEST);

    private final Envelope good = seal(PREPARE).envelope();

    @Test
    @DisplayName("U10: a signature is bound to the type of message")
    void u10BoundToTheType() {
        // The payload of a PREPARE is one of a PRE-PREPARE, too; and a replica's number is also a client's.
        for (MessageType type : MessageType.values()) {
            Envelope moved = new Envelope(
                    good.clusterId(), type, good.sender(), 0, good.payload(), good.signature(), Bytes.EMPTY);
            assertThat(verifies(moved)).isEqualTo(type == MessageType.PREPARE);
        }
        Envelope asProposal = new Envelope(
                good.clusterId(), MessageType.PRE_PREPARE, 1, 0, good.payload(), good.signature(), Bytes.EMPTY);
        assertThat(rejected(MessageCodec.encode(asProposal), WireFixture.fromReplica(1)))
                .isEqualTo(RejectionReason.BAD_SIGNATURE);
    }

    @Test
    @DisplayName("K1: a signature is bound to the cluster")
    void k1BoundToTheCluster() {
        for (int i = 0; i < CONFIG.clusterId().length(); i++) {
            byte[] other = CONFIG.clusterId().toArray();
            other[i] ^= 1;
            assertThat(verifies(new Envelope(
                            Bytes.wrap(other), good.type(), 0, 0, good.payload(), good.signature(), Bytes.EMPTY)))
                    .isFalse();
        }
    }

    @Test
    @DisplayName("K1: a signature is bound to the sender and the membership epoch")
    void k1BoundToSenderAndEpoch() {
        assertThat(verifies(new Envelope(
                        good.clusterId(), good.type(), 1, 0, good.payload(), good.signature(), Bytes.EMPTY)))
                .isFalse();
        assertThat(verifies(new Envelope(
                        good.clusterId(), good.type(), 0, 1, good.payload(), good.signature(), Bytes.EMPTY)))
                .isFalse();
    }

    @Test
    @DisplayName("V10: a signature is bound to the view, the sequence number and the digest")
    void v10BoundToThePayload() {
        for (int i = 0; i < good.payload().length(); i++) {
            byte[] other = good.payload().toArray();
            other[i] ^= 1;
            assertThat(verifies(new Envelope(
                            good.clusterId(), good.type(), 0, 0, Bytes.wrap(other), good.signature(), Bytes.EMPTY)))
                    .isFalse();
        }
    }

    @Test
    @DisplayName("K1: a signature made for another purpose does not fit: everything starts with a domain tag")
    void k1BoundToTheProtocol() throws Exception {
        Signer signer = SignatureScheme.named(CONFIG.signatureScheme())
                .signer(CLUSTER.replica(0).key());
        byte[] untagged = java.util.Arrays.copyOfRange(good.signedBytes(), 11, good.signedBytes().length);
        Bytes signature = Bytes.wrap(signer.sign(untagged));

        assertThat(verifies(new Envelope(good.clusterId(), good.type(), 0, 0, good.payload(), signature, Bytes.EMPTY)))
                .isFalse();
        assertThat(good.signedBytes()).startsWith("quorate-v1\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    private static boolean verifies(Envelope envelope) {
        try {
            SignatureVerifier verifier = SignatureScheme.named(CONFIG.signatureScheme())
                    .verifier(CONFIG.replica(replica(0)).key());
            return verifier.verify(envelope.signedBytes(), envelope.signature().toArray());
        } catch (dev.quorate.crypto.InvalidKeyException e) {
            throw new AssertionError(e);
        }
    }
}
