package dev.quorate.core.smr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.SnapshotPart;
import dev.quorate.core.SnapshotWriter;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
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

    @ParameterizedTest
    @ValueSource(ints = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7})
    void whatWasWrittenComesOutAgain(int length) throws IOException {
        byte[] state = random(length, 1);
        StateImage image = StateImage.of(BOOKKEEPING, Bytes.wrap(state));

        assertThat(image.bookkeeping()).isEqualTo(BOOKKEEPING);
        assertThat(image.service().readAllBytes()).isEqualTo(state);
        // The first one is the bookkeeping's.
        assertThat(image.chunks()).hasSize(1 + (length + CHUNK - 1) / CHUNK);
        assertThat(image.chunks().subList(1, Math.max(1, image.chunks().size() - 1)))
                .allMatch(chunk -> chunk.length() == CHUNK);
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
        // The bookkeeping does not move what comes after it.
        StateImage.Builder builder = new StateImage.Builder(Bytes.wrap(new byte[90]), Optional.of(before));
        builder.writer().write(changed);
        StateImage after = builder.build();

        for (int i = 0; i < 5; i++) {
            if (i == 0 || i == 3) {
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

    @Test
    void aPartHasChunksOfItsOwnWhateverIsWrittenAroundIt() throws IOException {
        SnapshotPart one = SnapshotPart.of(random(100, 5));
        SnapshotPart cut = SnapshotPart.of(random(CHUNK + 7, 6));
        StateImage before = image(new byte[3], one, new byte[CHUNK], cut);
        StateImage after = image(new byte[4], one, new byte[0], cut);

        assertThat(lengths(before)).containsExactly(104, 3, 100, CHUNK, CHUNK, 7);
        assertThat(lengths(after)).containsExactly(104, 4, 100, CHUNK, 7);
        assertThat(after.chunks().get(2)).isSameAs(before.chunks().get(2));
        assertThat(after.chunks().subList(3, 5)).isEqualTo(before.chunks().subList(4, 6));
        assertThat(StateImage.chunkDigests(after.manifest()).orElseThrow())
                .isEqualTo(after.chunks().stream().map(Digest::sha256).toList());
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        write(new SnapshotWriter(plain), new byte[4], one, new byte[0], cut);
        assertThat(after.service().readAllBytes()).isEqualTo(plain.toByteArray());
    }

    @Test
    void aPartThatARestoredServiceMakesAnewSharesTheMemoryOfItsState() throws IOException {
        StateImage before =
                image(new byte[0], SnapshotPart.of(random(100, 5)), new byte[9], SnapshotPart.of(new byte[0]));
        SnapshotPart anew = SnapshotPart.of(random(100, 5));
        StateImage.Builder builder = new StateImage.Builder(BOOKKEEPING, Optional.of(before));
        builder.writer().write(new byte[1]);
        builder.writer().writePart(anew);

        assertThat(builder.build().chunks().get(2)).isSameAs(before.chunks().get(1));
        assertThat(anew.pieces().get(0)).isSameAs(before.chunks().get(1));
    }

    private static StateImage image(byte[] first, SnapshotPart second, byte[] third, SnapshotPart fourth)
            throws IOException {
        StateImage.Builder builder = new StateImage.Builder(BOOKKEEPING, Optional.empty());
        write(builder.writer(), first, second, third, fourth);
        return builder.build();
    }

    private static void write(SnapshotWriter out, byte[] first, SnapshotPart second, byte[] third, SnapshotPart fourth)
            throws IOException {
        out.write(first);
        out.writePart(second);
        out.write(third);
        out.writePart(fourth);
    }

    private static List<Integer> lengths(StateImage image) {
        return image.chunks().stream().map(Bytes::length).toList();
    }

    @Test
    void aManifestThatContradictsItselfIsRefused() {
        assertThat(StateImage.chunkDigests(manifest(2, 2))).isPresent();
        assertThat(StateImage.chunkDigests(manifest(2 * CHUNK, 2))).isPresent();
        assertThat(StateImage.chunkDigests(manifest(1, 2))).isEmpty();
        assertThat(StateImage.chunkDigests(manifest(2 * CHUNK + 1, 2))).isEmpty();
        assertThat(StateImage.chunkDigests(manifest(0, 0))).isEmpty();
        assertThat(StateImage.chunkDigests(manifest(-1, 1))).isEmpty();
    }

    private static Bytes manifest(long length, int chunks) {
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES + chunks * Digest.LENGTH)
                .putLong(length)
                .array());
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
