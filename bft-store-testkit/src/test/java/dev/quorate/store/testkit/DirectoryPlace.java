package dev.quorate.store.testkit;

import dev.quorate.core.storage.Condition;
import dev.quorate.core.storage.Durability;
import dev.quorate.core.storage.FileStore;
import dev.quorate.core.storage.FileStoreSettings;
import dev.quorate.core.storage.StoreProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A store in a real directory. A killed process leaves the files as they are at that instant: a copy of them. */
final class DirectoryPlace implements StoreUnderTest {
    private final Path folder;
    private final Durability durability;
    private int lives;

    DirectoryPlace(Path folder, Durability durability) {
        this.folder = folder;
        this.durability = durability;
    }

    private Path directory() {
        return folder.resolve("store-" + lives);
    }

    @Override
    public StoreProvider provider() {
        return FileStore.in(directory(), new FileStoreSettings(durability, 64 << 10));
    }

    @Override
    public void kill() throws IOException {
        Path before = directory();
        lives++;
        Files.createDirectory(directory());
        try (Stream<Path> files = Files.list(before)) {
            for (Path file : files.toList()) {
                Files.copy(file, directory().resolve(file.getFileName()));
            }
        }
    }

    @Override
    public Condition afterwards() {
        return durability == Durability.MEMORY ? Condition.LOST : Condition.INTACT;
    }
}
