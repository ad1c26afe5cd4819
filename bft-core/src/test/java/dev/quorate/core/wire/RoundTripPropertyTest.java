package dev.quorate.core.wire;

import static dev.quorate.core.wire.WireFixture.VALIDATOR;
import static dev.quorate.core.wire.WireFixture.seal;
import static dev.quorate.core.wire.WireFixture.senderOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.message.Message;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Request;
import dev.quorate.crypto.Bytes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is sealed arrives as it was, whatever it holds. */
class RoundTripPropertyTest {
    @Property
    void everyMessageArrivesAsItWas(@ForAll("messages") Message message) {
        Verified<Message> sealed = seal(message);
        Validation validation = VALIDATOR.validate(sealed.frame(), senderOf(message));

        assertThat(validation).isInstanceOf(Validation.Accepted.class);
        Verified<? extends Message> received = ((Validation.Accepted) validation).message();
        assertThat(received.message()).isEqualTo(message);
        assertThat(received.envelope()).isEqualTo(sealed.envelope());
        assertThat(received).isEqualTo(sealed).hasSameHashCodeAs(sealed);
    }

    @Property(tries = 100)
    void aBatchArrivesRequestByRequest(@ForAll("prePrepares") PrePrepare prePrepare) throws RejectedException {
        Message arrived = WireFixture.accepted(
                seal(prePrepare).frame(),
                WireFixture.fromReplica(prePrepare.replica().value()));
        PrePrepare received = (PrePrepare) arrived;

        // Batches are equal if their digests are: look inside.
        assertThat(received.batch().orElseThrow().requests())
                .isEqualTo(prePrepare.batch().orElseThrow().requests());
        assertThat(received.batch().orElseThrow().values())
                .isEqualTo(prePrepare.batch().orElseThrow().values());
        List<Bytes> frames = MessageCodec.openBatch(
                        received.batch().orElseThrow().encoded(), 100)
                .requestFrames();
        List<Request> decoded = new ArrayList<>();
        for (Bytes frame : frames) {
            decoded.add((Request)
                    MessageCodec.decodePayload(MessageCodec.decodeEnvelope(frame), Bounds.of(WireFixture.CONFIG)));
        }
        assertThat(decoded).isEqualTo(received.batch().orElseThrow().requests());
    }

    @Example
    void theFixtureHasOneMessageOfEachType() {
        Set<MessageType> types = EnumSet.noneOf(MessageType.class);
        for (Message message : WireFixture.messages()) {
            assertThat(types.add(message.type())).isTrue();
            assertThat(WireFixture.accepted(seal(message).frame(), senderOf(message)))
                    .isEqualTo(message);
        }
        assertThat(types).containsExactlyInAnyOrder(MessageType.values());
    }

    @Provide
    Arbitrary<Message> messages() {
        return WireGenerators.messages();
    }

    @Provide
    Arbitrary<PrePrepare> prePrepares() {
        return WireGenerators.prePrepares();
    }
}
