package dev.quorate.core.minbft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.message.StreamPosition;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import java.util.ArrayList;
import java.util.List;
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

    @Test
    @DisplayName("B8 what waited before the place at which a stream goes on can still be named")
    void b8SkippedIsStillHere() {
        Stream stream = new Stream(new ReplicaId(2), rules);
        steps.viewChange(2, 1); // This one is missing.
        Verified<MinViewChange> named = steps.viewChange(2, 2);
        assertThat(stream.offer(named.ui().counter(), named)).isTrue();

        stream.startFrom(new StreamPosition(5, Optional.empty()), new SequenceNumber(4));

        assertThat(stream.landmarks).containsEntry(named.ui().counter(), named);
    }

    @Test
    @DisplayName("X4 what comes too early is bounded in bytes, and the nearest stays")
    void x4EarlyMessagesAreBoundedInBytes() {
        Stream stream = new Stream(new ReplicaId(0), rules);
        Bytes large = Bytes.wrap(new byte[8 << 20]);
        List<Verified<MinPrepare>> early = new ArrayList<>();
        for (int i = 1; i <= 10; i++) {
            early.add(steps.prepare(i, MinSteps.batch(i, large)));
        }
        for (Verified<MinPrepare> prepare : early) {
            assertThat(stream.offer(prepare.ui().counter(), prepare)).isTrue();
        }
        long held = early.stream()
                .filter(prepare -> stream.at(prepare.ui().counter()).isPresent())
                .count();
        assertThat(held).isBetween(1L, 8L);
        assertThat(stream.at(1)).isPresent();
        for (int i = 0; i < held; i++) {
            stream.advance();
        }
        // Room again.
        assertThat(stream.offer(held + 1, early.get((int) held))).isTrue();
        assertThat(stream.at(held + 1)).isPresent();
    }
}
