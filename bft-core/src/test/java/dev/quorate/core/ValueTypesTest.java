package dev.quorate.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.core.message.MessageType;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.crypto.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueTypesTest {
    @Test
    void numbersStartWhereTheirJavadocSays() {
        ClientId client = new ClientId(0);
        for (ThrowingCallable below : List.<ThrowingCallable>of(
                () -> new ReplicaId(-1),
                () -> new ClientId(-1),
                () -> new View(-1),
                () -> new SequenceNumber(-1),
                () -> new RequestId(client, 0, 1),
                () -> new RequestId(client, 1, 0))) {
            assertThatThrownBy(below).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(new RequestId(client, 1, 1)).hasToString("client 0/1#1");
    }

    @ParameterizedTest
    @CsvSource({"0, 4, 0", "1, 4, 1", "4, 4, 0", "7, 4, 3", "9223372036854775807, 4, 3", "5, 1, 0"})
    void thePrimaryOfAViewIsItsNumberModuloN(long view, int n, int primary) {
        assertThat(new View(view).primary(n)).isEqualTo(new ReplicaId(primary));
    }

    @ParameterizedTest
    @CsvSource({
        "PBFT, 1, 0",
        "PBFT, 3, 0",
        "PBFT, 4, 1",
        "PBFT, 6, 1",
        "PBFT, 7, 2",
        "MINBFT, 2, 0",
        "MINBFT, 3, 1",
        "MINBFT, 4, 1",
        "MINBFT, 5, 2"
    })
    void aProtocolToleratesAsManyFaultsAsItsPaperSays(Protocol protocol, int n, int f) {
        assertThat(protocol.maxFaulty(n)).isEqualTo(f);
        assertThat(Protocol.named(protocol.configName())).isEqualTo(protocol);
    }

    @Test
    void sequenceNumbersAreOrdered() {
        assertThat(SequenceNumber.ZERO.next().plus(4)).isEqualTo(new SequenceNumber(5));
        assertThat(new SequenceNumber(5).isAfter(new SequenceNumber(4))).isTrue();
        assertThat(new SequenceNumber(5).isAfter(new SequenceNumber(5))).isFalse();
        assertThat(new SequenceNumber(5)).isGreaterThan(new SequenceNumber(4));
        assertThat(View.ZERO.next()).isGreaterThan(View.ZERO);
    }

    @Test
    void anOperationIsReadInSeveralWays() {
        Operation text = new Operation(new ClientId(1), new SequenceNumber(2), Bytes.copyOf("größe".getBytes(UTF_8)));
        Operation number = new Operation(
                new ClientId(1),
                new SequenceNumber(2),
                Bytes.wrap(ByteBuffer.allocate(8).putLong(-3).array()));

        assertThat(text.asString()).isEqualTo("größe");
        assertThat(text.asByteBuffer().isReadOnly()).isTrue();
        assertThat(number.asLong()).isEqualTo(-3);
        assertThatThrownBy(text::asLong).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSnapshotIsReadAsItWasWritten() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (SnapshotWriter out = new SnapshotWriter(bytes)) {
            out.writeByteArray(new byte[] {1, 2});
            out.writeByteArray(new byte[0]);
            out.writeLong(7);
        }
        try (SnapshotReader in = new SnapshotReader(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readByteArray()).containsExactly(1, 2);
            assertThat(in.readByteArray()).isEmpty();
            assertThat(in.readLong()).isEqualTo(7);
        }
    }

    @Test
    void aDamagedSnapshotIsAnIoException() {
        for (byte[] damaged : new byte[][] {{-1, -1, -1, -1}, {0, 0, 0, 3, 1}, {127, -1, -1, -1}, {0}}) {
            SnapshotReader in = new SnapshotReader(new ByteArrayInputStream(damaged));
            assertThatThrownBy(in::readByteArray).isInstanceOf(IOException.class);
        }
    }

    @Test
    void onlyAnOrdinaryResultHasAValue() {
        assertThatThrownBy(() -> new Result(Result.Outcome.SERVICE_FAILED, Bytes.wrap(new byte[1])))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyTypeIsFoundByItsCode() {
        for (MessageType type : MessageType.values()) {
            assertThat(MessageType.ofCode(type.code())).contains(type);
        }
        assertThat(MessageType.ofCode(0)).isEmpty();
        assertThat(MessageType.ofCode(MessageType.values().length + 1)).isEmpty();
        assertThat(MessageType.ofCode(-1)).isEmpty();
    }
}
