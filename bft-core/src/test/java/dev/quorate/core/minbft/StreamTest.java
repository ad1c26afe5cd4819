package dev.quorate.core.minbft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.message.StreamPosition;
import dev.quorate.core.wire.Verified;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class StreamTest extends History {
    private final MinSteps steps = steps(3, 0);

    private Verified<MinViewChange> handle(Stream stream, long view) {
        Verified<MinViewChange> said = steps.viewChange(2, view);
        assertThat(stream.offer(said.ui().counter(), said)).isTrue();
        stream.advance();
        return said;
    }

    @Test
    @DisplayName("A14 a position names the VIEW-CHANGE of the highest view before it, not the newest one")
    void a14HighestNotNewest() {
        Stream stream = new Stream(new ReplicaId(2), rules);
        Verified<MinViewChange> highest = handle(stream, 4);
        handle(stream, 2);

        StreamPosition position = stream.positionAfter(SequenceNumber.ZERO);

        assertThat(position.counter()).isEqualTo(3);
        assertThat(position.left()).contains(new StreamPosition.Left(new View(4), highest.ui()));
    }

    @Test
    @DisplayName("A14 who was told of a VIEW-CHANGE before its start tells others")
    void a14IsPassedOn() {
        Stream stream = new Stream(new ReplicaId(2), rules);
        StreamPosition.Left told =
                new StreamPosition.Left(new View(4), steps.viewChange(2, 4).ui());

        stream.startFrom(new StreamPosition(5, Optional.of(told)), new SequenceNumber(4));

        assertThat(stream.left()).isEqualTo(new View(4));
        assertThat(stream.positionAfter(new SequenceNumber(4)).left()).contains(told);
    }
}
