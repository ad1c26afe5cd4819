package dev.quorate.core.smr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.SequenceNumber;
import dev.quorate.crypto.Bytes;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** States are cut into chunks as they are written. */
class StateImageTest {
    private static final int CHUNK = StateImage.CHUNK_BYTES;
    private static final Bytes BOOKKEEPING = Bytes.wrap(new byte[100]);
    /** What stands before the service's bytes. */
    private static final int HEADER = Integer.BYTES + 100;

    @ParameterizedTest
    @ValueSource(
            ints = {0, 1, CHUNK - HEADER - 1, CHUNK - HEADER, CHUNK - HEADER + 1, 3 * CHUNK - HEADER, 3 * CHUNK + 7})
    void whatWasWrittenComesOutAgain(int length) throws IOException {
        byte[] state = random(length, 1);
        StateImage image = StateImage.of(BOOKKEEPING, Bytes.wrap(state));

        assertThat(image.bookkeeping()).isEqualTo(BOOKKEEPING);
        assertThat(image.service().readAllBytes()).isEqualTo(state);
        assertThat(image.chunks()).hasSize((HEADER + length + CHUNK - 1) / CHUNK);
        assertThat(image.chunks().subList(0, image.chunks().size() - 1)).allMatch(chunk -> chunk.length() == CHUNK);
        assertThat(StateImage.chunkDigests(image.manifest()).orElseThrow())
                .hasSize(image.chunks().size());
    }

    @Property(tries = 30)
    void theRootDoesNotDependOnHowItWasWritten(
            @ForAll @IntRange(min = 0, max = 3 * CHUNK) int length, @ForAll @IntRange(min = 1, max = 100_000) int piece)
            throws IOException {
        byte[] state = random(length, 2);
        StateImage whole = StateImage.of(BOOKKEEPING, Bytes.wrap(state));
        StateImage.Builder pieces = new StateImage.Builder(BOOKKEEPING, Optional.of(whole));
        for (int at = 0; at < length; at += piece) {
            if (piece == 1) {
                pieces.writer().write(state[at]);
            } else {
                pieces.writer().write(state, at, Math.min(piece, length - at));
            }
        }
        assertThat(pieces.build().root(new SequenceNumber(7))).isEqualTo(whole.root(new SequenceNumber(7)));
    }

    @Test
    void equalChunksAreSharedWithTheImageBefore() throws IOException {
        byte[] state = random(4 * CHUNK, 3);
        StateImage before = StateImage.of(BOOKKEEPING, Bytes.wrap(state));
        byte[] changed = state.clone();
        changed[2 * CHUNK] ^= 1;
        StateImage.Builder builder = new StateImage.Builder(BOOKKEEPING, Optional.of(before));
        builder.writer().write(changed);
        StateImage after = builder.build();

        for (int i = 0; i < 5; i++) {
            if (i == 2) {
                assertThat(after.chunks().get(i)).isNotEqualTo(before.chunks().get(i));
            } else {
                assertThat(after.chunks().get(i)).isSameAs(before.chunks().get(i));
            }
        }
        assertThat(after.service().readAllBytes()).isEqualTo(changed);
    }

    @Test
    void anImageThatIsShorterOrLongerThanTheOneBeforeIsWhatWasWritten() throws IOException {
        StateImage before = StateImage.of(BOOKKEEPING, Bytes.wrap(random(2 * CHUNK, 4)));
        for (int length : new int[] {0, CHUNK, 5 * CHUNK}) {
            byte[] state = Arrays.copyOf(random(2 * CHUNK, 4), length);
            StateImage.Builder builder = new StateImage.Builder(BOOKKEEPING, Optional.of(before));
            builder.writer().write(state);
            StateImage image = builder.build();
            assertThat(image.service().readAllBytes()).isEqualTo(state);
            assertThat(image.root(SequenceNumber.ZERO))
                    .isEqualTo(StateImage.of(BOOKKEEPING, Bytes.wrap(state)).root(SequenceNumber.ZERO));
        }
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
