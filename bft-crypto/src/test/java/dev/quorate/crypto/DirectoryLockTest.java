package dev.quorate.crypto;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
    @TempDir
    private Path directory;

    @Test
    void onlyOneHasIt() throws IOException {
        Path alias = Files.createSymbolicLink(directory.resolve("alias"), directory);
        DirectoryLock lock = take(directory, "lock");
        assertInUse(directory);
        assertInUse(alias);
        take(directory, "another").close();
        lock.close();
        take(alias, "lock").close();
    }

    @Test
    void givingItBackTwiceDoesNotTakeItFromSomebodyElse() throws IOException {
        DirectoryLock first = take(directory, "lock");
        first.close();
        DirectoryLock second = take(directory, "lock");
        first.close();
        assertInUse(directory);
        second.close();
    }

    @Test
    void aDirectoryThatIsNotThereLeavesNothingBehind() throws IOException {
        Path later = directory.resolve("later");
        assertThatThrownBy(() -> take(later, "lock")).isInstanceOf(IOException.class);
        Files.createDirectory(later);
        take(later, "lock").close();
    }

    private static void assertInUse(Path directory) {
        assertThatThrownBy(() -> take(directory, "lock")).hasMessage("this process has it");
    }

    private static DirectoryLock take(Path directory, String name) throws IOException {
        return DirectoryLock.take(directory, name, who -> new IOException(who + " has it"));
    }
}
