package dev.quorate.store.testkit;

import dev.quorate.core.storage.Durability;
import java.nio.file.Path;

class FileStoreMemoryTest extends ReplicaStoreContract {
    @Override
    protected StoreUnderTest place(Path emptyFolder) {
        return new DirectoryPlace(emptyFolder, Durability.MEMORY);
    }
}
