package dev.quorate.store.testkit;

import dev.quorate.core.storage.Durability;
import dev.quorate.simulator.disk.SimulatedDisk;
import java.nio.file.Path;

/** The contract, run on a store with a defect. Its name keeps it out of an ordinary run. */
final class BrokenStore extends ReplicaStoreContract {
    /** Set by whoever runs it; no defect to begin with. */
    static Defect defect = new Defect();

    static Durability durability = Durability.SYNC;

    @Override
    protected StoreUnderTest place(Path emptyFolder) {
        return defect.place(new SimulatedPlace(new SimulatedDisk(5), SimulatedPlace.small(durability), false));
    }
}
