package dev.quorate.simulator.node;

import dev.quorate.core.runtime.ReplicaMemory;
import dev.quorate.core.storage.StoreException;
import dev.quorate.simulator.disk.PowerFailure;
import dev.quorate.simulator.disk.SimulatedDisk;
import dev.quorate.simulator.kernel.Scheduler;
import java.util.function.Consumer;

/** A replica's memory during one of its lives: what is done to it takes its time, and may be the end of that life. */
final class LiveMemory {
    /** Something that a replica has its memory do. */
    @FunctionalInterface
    interface Deed {
        void on(ReplicaMemory memory) throws StoreException;
    }

    /** Who has to know when it goes wrong. */
    interface Owner {
        /** The process or the power has ended, in the middle of what it did to the disk. */
        void ended(String during);

        /** The store has failed: a replica stops then, before it says anything else. */
        void failed(StoreException cause);
    }

    private final ReplicaMemory memory;
    private final SimulatedDisk disk;
    private final Scheduler scheduler;
    private final Consumer<Runnable> ifAlive;
    private final Owner owner;

    /** @param ifAlive runs something unless this life has ended since */
    LiveMemory(ReplicaMemory memory, SimulatedDisk disk, Scheduler scheduler, Consumer<Runnable> ifAlive, Owner owner) {
        this.memory = memory;
        this.disk = disk;
        this.scheduler = scheduler;
        this.ifAlive = ifAlive;
        this.owner = owner;
    }

    /** Does it at once, and goes on with {@code then} when the time has passed that it takes; unless it fails. */
    void attempt(Deed deed, Runnable then) {
        try {
            deed.on(memory);
        } catch (PowerFailure e) {
            owner.ended(e.getMessage());
            return;
        } catch (StoreException e) {
            owner.failed(e);
            return;
        }
        scheduler.after(disk.faults().takeBusyNanos(), () -> ifAlive.accept(then));
    }

    /** Whether what was written to the log last would survive a loss of power. */
    boolean isDurable() {
        return disk.isLastSynced("log-");
    }
}
