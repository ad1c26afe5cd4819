package dev.quorate.core.wire;

import static dev.quorate.core.wire.WireFixture.VALIDATOR;
import static dev.quorate.core.wire.WireFixture.fromClient;
import static dev.quorate.core.wire.WireFixture.fromReplica;
import static dev.quorate.core.wire.WireFixture.seal;
import static dev.quorate.core.wire.WireFixture.senderOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.message.Message;
import dev.quorate.core.message.MessageType;
import dev.quorate.crypto.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever the bytes: validation ends with a verdict, never with an exception, and believes nothing unsigned. */
class HostileFramesFuzzTest {
    private static final List<Peer> PEERS = List.of(fromReplica(0), fromReplica(1), fromClient(1), fromClient(2));

    @Property(tries = 2000)
    @Label("X1: random bytes")
    void x1RandomBytes(@ForAll byte[] bytes, @ForAll @IntRange(max = 3) int peer) {
        assertThat(VALIDATOR.validate(Bytes.copyOf(bytes), PEERS.get(peer))).isInstanceOf(Validation.Rejected.class);
    }

    @Property(tries = 2000)
    @Label("X1: valid frames with a few bytes changed")
    void x1MutatedFrames(@ForAll("messages") Message message, @ForAll @Size(min = 1, max = 4) int[] changes) {
        Bytes frame = seal(message).frame();
        byte[] mutated = frame.toArray();
        for (int change : changes) {
            mutated[Math.floorMod(change >> 8, mutated.length)] = (byte) change;
        }
        Validation validation = VALIDATOR.validate(Bytes.wrap(mutated), senderOf(message));
        if (validation instanceof Validation.Accepted accepted && message.type().isTransferable()) {
            assertThat(accepted.message().frame())
                    .as("no byte of a signed message can be changed")
                    .isEqualTo(frame);
        }
    }

    @Property(tries = 1000)
    @Label("X1: truncated frames, and frames with something behind them")
    void x1FramesOfAnotherLength(@ForAll("messages") Message message, @ForAll @IntRange(max = 400) int length) {
        Bytes frame = seal(message).frame();
        Bytes cut = Bytes.wrap(Arrays.copyOf(frame.toArray(), length));
        if (length != frame.length()) {
            boolean harmless = length < frame.length() && !message.type().isTransferable();
            Validation validation = VALIDATOR.validate(cut, senderOf(message));
            assertThat(harmless || validation instanceof Validation.Rejected).isTrue();
        }
    }

    @Property(tries = 1000)
    @Label("X1: envelopes in order around random payloads, signatures and bodies")
    void x1RandomContents(@ForAll("envelopes") Envelope envelope, @ForAll @IntRange(max = 3) int peer) {
        Validation validation = VALIDATOR.validate(MessageCodec.encode(envelope), PEERS.get(peer));
        if (validation instanceof Validation.Accepted) {
            assertThat(envelope.type().isTransferable()).isFalse();
        }
    }

    @Property(tries = 500)
    @Label("X3: valid frames with an unknown field anywhere between the fields")
    void x3UnknownFields(@ForAll("messages") Message message, @ForAll @IntRange(min = 8, max = 2000) int number)
            throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(seal(message).frame().toArray());
        com.google.protobuf.CodedOutputStream out = com.google.protobuf.CodedOutputStream.newInstance(bytes);
        out.writeUInt32(number, 1);
        out.flush();
        assertThat(VALIDATOR.validate(Bytes.wrap(bytes.toByteArray()), senderOf(message)))
                .isInstanceOf(Validation.Rejected.class);
    }

    /** A correct replica quotes a VIEW-CHANGE by encoding it again: that has to give what was signed. */
    @Property(tries = 3000)
    @Label("V4: whatever can be decoded encodes to the bytes that it came from")
    void v4WhatIsDecodedEncodesToTheSame(
            @ForAll("quoting") Message message,
            @ForAll @Size(min = 1, max = 3) int[] changes,
            @ForAll @IntRange(max = 3) int cut) {
        Envelope envelope = seal(message).envelope();
        byte[] payload = Arrays.copyOf(
                envelope.payload().toArray(), Math.max(1, envelope.payload().length() - cut));
        for (int change : changes) {
            payload[Math.floorMod(change >> 8, payload.length)] = (byte) change;
        }
        Envelope mutated = new Envelope(
                envelope.clusterId(),
                envelope.type(),
                envelope.sender(),
                0,
                Bytes.wrap(payload),
                Bytes.EMPTY,
                Bytes.EMPTY);
        try {
            Message decoded = MessageCodec.decodePayload(mutated, Bounds.of(WireFixture.CONFIG));
            assertThat(MessageCodec.encodePayload(decoded)).isEqualTo(mutated.payload());
        } catch (RejectedException e) {
            assertThat(e.reason()).isNotNull();
        }
    }

    @Provide
    Arbitrary<Message> quoting() {
        return Arbitraries.of(WireFixture.messages());
    }

    @Provide
    Arbitrary<Message> messages() {
        return WireGenerators.messages();
    }

    @Provide
    Arbitrary<Envelope> envelopes() {
        Arbitrary<Bytes> bytes =
                Arbitraries.bytes().array(byte[].class).ofMaxSize(100).map(Bytes::copyOf);
        return Combinators.combine(
                        Arbitraries.of(MessageType.class),
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.frequency(net.jqwik.api.Tuple.of(4, 0L), net.jqwik.api.Tuple.of(1, Long.MAX_VALUE)),
                        bytes,
                        bytes,
                        bytes)
                .as((type, sender, epoch, payload, signature, body) ->
                        new Envelope(WireFixture.CONFIG.clusterId(), type, sender, epoch, payload, signature, body));
    }
}
