package dev.quorate.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.TestCluster;
import dev.quorate.core.TestUsigs;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.storage.FileStore;
import dev.quorate.core.storage.StoreException;
import dev.quorate.usig.UsigIdentity;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReplicaMemoryTest {
    private static final ReplicaId SELF = new ReplicaId(0);
    private static final ReplicaId OTHER = new ReplicaId(2);

    private final TestCluster cluster = TestCluster.pbft(4);

    @TempDir
    private Path directory;

    private ReplicaMemory open() throws StoreException {
        return ReplicaMemory.open(FileStore.in(directory), cluster.config(), SELF);
    }

    private static List<Long> epochs(ReplicaMemory memory) {
        return memory.acceptedUsigs().getOrDefault(OTHER, List.of()).stream()
                .map(UsigIdentity::epoch)
                .toList();
    }

    private void accept(long first, long last) throws StoreException {
        try (ReplicaMemory memory = open()) {
            memory.begin(true);
            for (long epoch : LongStream.rangeClosed(first, last).toArray()) {
                memory.note(new Effect.AcceptUsig(OTHER, TestUsigs.of(2, epoch).identity()));
            }
        }
    }

    @Test
    @DisplayName(
            "C6 the last USIGs of a replica that rejoined again and again are known after a restart, not only the newest")
    void c6SeveralUsigsOfOneReplica() throws StoreException {
        accept(1, 2);
        try (ReplicaMemory memory = open()) {
            assertThat(epochs(memory)).containsExactly(1L, 2L);
        }
        accept(2, 8);
        try (ReplicaMemory memory = open()) {
            assertThat(epochs(memory)).containsExactly(4L, 5L, 6L, 7L, 8L);
        }
    }

    @Test
    @DisplayName("C6 a replica that has to rejoin itself learns the USIGs of the others anew, and keeps them anew")
    void c6ForgottenWithTheRest() throws StoreException {
        accept(1, 1);
        try (ReplicaMemory memory = open()) {
            memory.forget();
            memory.begin(false);
            memory.note(new Effect.AcceptUsig(OTHER, TestUsigs.of(2, 1).identity()));
        }
        try (ReplicaMemory memory = open()) {
            assertThat(epochs(memory)).containsExactly(1L);
        }
    }
}
