package dev.quorate.store.testkit;

import dev.quorate.core.storage.Condition;
import dev.quorate.core.storage.Durability;
import dev.quorate.core.storage.FileStore;
import dev.quorate.core.storage.FileStoreSettings;
import dev.quorate.core.storage.StoreProvider;
import dev.quorate.simulator.disk.SimulatedDisk;

/** A store in files on a simulated disk, whose process is killed or whose power fails. */
record SimulatedPlace(SimulatedDisk disk, FileStoreSettings settings, boolean losingPower) implements StoreUnderTest {
    static FileStoreSettings small(Durability durability) {
        return new FileStoreSettings(durability, FileStoreSettings.MIN_SEGMENT_BYTES);
    }

    @Override
    public StoreProvider provider() {
        return FileStore.on(disk, settings);
    }

    @Override
    public void kill() {
        if (losingPower) {
            disk.losePower(true);
        } else {
            disk.kill();
        }
    }

    @Override
    public Condition afterwards() {
        return settings.durability() == Durability.MEMORY ? Condition.LOST : Condition.INTACT;
    }
}
