package dev.quorate.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.wire.WireShape.Kind;
import dev.quorate.core.wire.proto.Wire;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireShapeTest {
    private static final WireShape SHAPE =
            new WireShape(Kind.UINT32, Kind.UINT64, Kind.BYTES, Kind.REPEATED_BYTES, Kind.PACKED_UINT32);

    @ParameterizedTest
    @EnumSource
    void payloadsHaveTheShapesOfTheSchema(MessageType type) {
        Descriptor schema =
                switch (type) {
                    case REQUEST -> Wire.Request.getDescriptor();
                    case REPLY -> Wire.Reply.getDescriptor();
                    case PRE_PREPARE, PREPARE, COMMIT -> Wire.Vote.getDescriptor();
                    case CHECKPOINT -> Wire.Checkpoint.getDescriptor();
                    case STATUS -> Wire.Status.getDescriptor();
                    case STABLE -> Wire.StableCertificate.getDescriptor();
                    case MIN_PREPARE -> Wire.MinPrepare.getDescriptor();
                    case MIN_COMMIT -> Wire.MinCommit.getDescriptor();
                    case MIN_VIEW_CHANGE -> Wire.MinViewChange.getDescriptor();
                    case MIN_NEW_VIEW -> Wire.MinNewView.getDescriptor();
                    case MIN_STATUS -> Wire.MinStatus.getDescriptor();
                    case FETCH_LOG -> Wire.FetchLog.getDescriptor();
                    case READ -> Wire.Read.getDescriptor();
                    case READ_REPLY -> Wire.ReadReply.getDescriptor();
                    case INSPECT -> Wire.Inspect.getDescriptor();
                    case INSPECTION -> Wire.Inspection.getDescriptor();
                    case REJOIN -> Wire.Rejoin.getDescriptor();
                    case REQ_VIEW_CHANGE -> Wire.ReqViewChange.getDescriptor();
                    case VIEW_CHANGE -> Wire.ViewChange.getDescriptor();
                    case NEW_VIEW -> Wire.NewView.getDescriptor();
                    case COMMITTED -> Wire.Committed.getDescriptor();
                    case FETCH_BATCH -> Wire.FetchBatch.getDescriptor();
                    case FETCH_STATE -> Wire.FetchState.getDescriptor();
                    case STATE_PART -> Wire.StatePart.getDescriptor();
                    case BATCH_BODY -> Wire.BatchBody.getDescriptor();
                };
        assertThat(Shapes.payload(type).fields()).isEqualTo(kinds(schema));
    }

    @Test
    void partsHaveTheShapesOfTheSchema() {
        assertThat(Shapes.SIGNATURE.fields()).isEqualTo(kinds(Wire.Signature.getDescriptor()));
        assertThat(Shapes.STABLE_CERTIFICATE.fields()).isEqualTo(kinds(Wire.StableCertificate.getDescriptor()));
        assertThat(Shapes.PREPARED_CERTIFICATE.fields()).isEqualTo(kinds(Wire.PreparedCertificate.getDescriptor()));
        assertThat(Shapes.SIGNED_VIEW_CHANGE.fields()).isEqualTo(kinds(Wire.SignedViewChange.getDescriptor()));
        assertThat(Shapes.SIGNED_CHECKPOINT.fields()).isEqualTo(kinds(Wire.SignedCheckpoint.getDescriptor()));
        assertThat(Shapes.STREAM_POSITION.fields()).isEqualTo(kinds(Wire.StreamPosition.getDescriptor()));
        assertThat(Shapes.REFERENCE.fields()).isEqualTo(kinds(Wire.Reference.getDescriptor()));
        assertThat(Shapes.PROPOSAL.fields()).isEqualTo(kinds(Wire.Proposal.getDescriptor()));
        assertThat(Shapes.ENVELOPE.fields()).isEqualTo(kinds(Wire.Envelope.getDescriptor()));
        assertThat(Shapes.BATCH.fields()).isEqualTo(kinds(Wire.Batch.getDescriptor()));
    }

    @ParameterizedTest(name = "[{0}]")
    @ValueSource(
            strings = {
                "",
                "0801",
                "08ffffffff0f", // 2^32 - 1
                "10ffffffffffffffffff01", // 2^64 - 1
                "1a0100",
                "2200220022020000",
                "2a0100",
                "2a06ffffffff0f01",
                "08011001" + "1a0100" + "2200" + "2a0101"
            })
    void letsThroughWhatProtobufWrites(String hex) throws RejectedException {
        assertThat(SHAPE.check(HexFormat.of().parseHex(hex), 3)).isEqualTo(hex.split("22", -1).length - 1);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "a field beyond the last,            3001",
        "field 0,                            0001",
        "a field of two bytes' number,       800101",
        "a group,                            0b0c",
        "a fixed64,                          090000000000000000",
        "a fixed32,                          0d00000000",
        "bytes where a number belongs,       0a0100",
        "a number where bytes belong,        1801",
        "a number where a list belongs,      2001",
        "an unpacked element,                2801",
        "fields out of order,                10010801",
        "a field twice,                      08010801",
        "a list twice,                       2a01012a0101",
        "a list that goes on later,          22002a01012200",
        "a default written out,              0800",
        "empty bytes written out,            1a00",
        "an empty list written out,          2a00",
        "a number not in its shortest form,  088100",
        "zero not in its shortest form,      2a028000",
        "2^32 where 32 bits fit,             088080808010",
        "2^64,                               10ffffffffffffffffff02",
        "a number of eleven bytes,           10ffffffffffffffffffff01",
        "a number that does not end,         08ff",
        "a tag and nothing else,             08",
        "a length and nothing else,          1a01",
        "a length beyond the end,            1a0200",
        "length 2^31-1,                      1affffffff07",
        "length -1,                          1affffffffffffffffff01",
        "a length not in its shortest form,  1a810000",
        "a list's element over the edge,     2a01ff01",
        "a list's element of 33 bits,        2a058080808010"
    })
    @DisplayName("X3: anything but the one encoding of the schema is refused")
    void x3AnythingButTheOneEncodingIsRefused(String what, String hex) {
        assertThatThrownBy(() -> SHAPE.check(HexFormat.of().parseHex(hex), 3))
                .as(what)
                .isInstanceOfSatisfying(
                        RejectedException.class, e -> assertThat(e.reason()).isEqualTo(RejectionReason.MALFORMED));
    }

    @Test
    @DisplayName("X3: a repeated field is counted")
    void x3RepeatedFieldsAreCounted() {
        assertThatThrownBy(() -> SHAPE.check(new byte[] {0x22, 0, 0x22, 0, 0x22, 0, 0x22, 0}, 3))
                .isInstanceOfSatisfying(
                        RejectedException.class, e -> assertThat(e.reason()).isEqualTo(RejectionReason.OVERSIZE));
    }

    @Test
    void aRejectionCostsNoStackTrace() {
        assertThat(new RejectedException(RejectionReason.MALFORMED, "x").getStackTrace())
                .isEmpty();
    }

    private static List<Kind> kinds(Descriptor schema) {
        List<Kind> kinds = new ArrayList<>();
        for (FieldDescriptor field : schema.getFields()) {
            assertThat(field.getNumber()).isEqualTo(kinds.size() + 1);
            kinds.add(
                    switch (field.getType()) {
                        case BOOL -> Kind.BOOL;
                        case UINT32 -> field.isRepeated() ? Kind.PACKED_UINT32 : Kind.UINT32;
                        case UINT64 -> field.isRepeated() ? Kind.PACKED_UINT64 : Kind.UINT64;
                        case BYTES -> field.isRepeated() ? Kind.REPEATED_BYTES : Kind.BYTES;
                        default -> throw new AssertionError("no kind for " + field);
                    });
        }
        return kinds;
    }
}
