package dev.quorate.store.testkit;

import dev.quorate.core.storage.Durability;
import dev.quorate.simulator.disk.SimulatedDisk;
import java.nio.file.Path;

class SimulatedKillTest extends ReplicaStoreContract {
    @Override
    protected StoreUnderTest place(Path emptyFolder) {
        return new SimulatedPlace(new SimulatedDisk(1), SimulatedPlace.small(Durability.ASYNC), false);
    }
}
