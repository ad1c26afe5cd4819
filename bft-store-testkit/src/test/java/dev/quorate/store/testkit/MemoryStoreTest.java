package dev.quorate.store.testkit;

import dev.quorate.core.storage.Condition;
import dev.quorate.core.storage.MemoryStore;
import dev.quorate.core.storage.StoreProvider;
import java.nio.file.Path;

class MemoryStoreTest extends ReplicaStoreContract {
    @Override
    protected StoreUnderTest place(Path emptyFolder) {
        return new StoreUnderTest() {
            @Override
            public StoreProvider provider() {
                return owner -> MemoryStore.open();
            }

            @Override
            public void kill() {
                // Nothing is left of it anyway.
            }

            @Override
            public Condition afterwards() {
                return Condition.FRESH;
            }
        };
    }
}
