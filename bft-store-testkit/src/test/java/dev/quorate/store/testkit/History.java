package dev.quorate.store.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.storage.Condition;
import dev.quorate.core.storage.Durability;
import dev.quorate.core.storage.FileStore;
import dev.quorate.core.storage.FileStoreSettings;
import dev.quorate.core.storage.LogEntry;
import dev.quorate.core.storage.OpenedStore;
import dev.quorate.core.storage.Recovered;
import dev.quorate.core.storage.ReplicaStore;
import dev.quorate.core.storage.Snapshot;
import dev.quorate.core.storage.StoreException;
import dev.quorate.simulator.disk.PowerFailure;
import dev.quorate.simulator.disk.SimulatedDisk;
import java.util.List;
import java.util.stream.Stream;

/**
 * What happens to one store on a simulated disk, life after life, and what must be there afterwards. Any step may throw
 * {@link PowerFailure} or {@link StoreException}; then {@link #endLife} has to come next.
 */
final class History {
    private final SimulatedDisk disk;
    private final FileStoreSettings settings;

    private ReplicaStore store;
    private Model model = Model.EMPTY;
    /** What may be there if the life ends now. */
    private List<Model> possible = List.of(Model.EMPTY);

    private boolean mayBeLost;
    private boolean mustBeLost;
    /** Whether something was reported done since the last opening in good order. */
    private boolean dirty;

    History(SimulatedDisk disk, FileStoreSettings settings) {
        this.disk = disk;
        this.settings = settings;
    }

    Model model() {
        return model;
    }

    ReplicaStore store() {
        return store;
    }

    private boolean isAsync() {
        return settings.durability() == Durability.ASYNC;
    }

    /** Opens the store and compares what is there with what has to be. */
    Recovered open(String when) throws StoreException {
        OpenedStore opened = FileStore.on(disk, settings).open(Samples.OWNER);
        store = opened.store();
        Recovered recovered = opened.recovered();
        boolean mayHaveBeenLost = mayBeLost;
        boolean mustHaveBeenLost = mustBeLost;
        mayBeLost = false;
        mustBeLost = false;
        dirty = false;
        if (recovered.condition() == Condition.LOST) {
            assertThat(mayHaveBeenLost)
                    .as("%s: may be lost: %s", when, recovered.findings())
                    .isTrue();
            List<Model> before = mustHaveBeenLost ? List.of() : possible;
            model = Model.lost(recovered, possible, when);
            startOver(before);
        } else {
            assertThat(mustHaveBeenLost).as("%s: must be lost", when).isFalse();
            List<Model> before = possible;
            model = Model.found(recovered, possible, when);
            possible = List.of(model);
            agreeOnTheFloor(before);
        }
        return recovered;
    }

    /** Whether an interrupted discarding took place cannot always be seen; so it is done again. */
    private void agreeOnTheFloor(List<Model> before) throws StoreException {
        for (Model other : before) {
            if (other.floor().isAfter(model.floor())) {
                discardBelow(other.floor());
            }
        }
    }

    void append(List<LogEntry> group) throws StoreException {
        possible = model.whileAppending(group);
        store.append(group);
        done(model.append(group));
    }

    void keep(Snapshot snapshot) throws StoreException {
        possible = List.of(model, model.keep(snapshot));
        store.keep(snapshot);
        done(model.keep(snapshot));
    }

    void discardBelow(SequenceNumber stable) throws StoreException {
        possible = model.whileDiscarding(stable);
        store.discardBelow(stable);
        done(model.discardBelow(stable));
    }

    void startOver() throws StoreException {
        startOver(List.of());
    }

    /**
     * @param before what may be there as well if this fails: that the store was starting over already may not have been
     *     durable, and then what was there before comes back. Nothing was said in between.
     */
    private void startOver(List<Model> before) throws StoreException {
        // The snapshots are known even if the rest is lost.
        possible = Stream.concat(before.stream(), Stream.of(model, model.startOver()))
                .toList();
        mayBeLost = true;
        mustBeLost = false;
        dirty = false;
        store.startOver();
        mayBeLost = false;
        done(model.startOver());
    }

    void endRejoin() throws StoreException {
        possible = List.of(model, model.endRejoin());
        store.endRejoin();
        done(model.endRejoin());
    }

    void close() throws StoreException {
        dirty = false; // From the moment on at which the mark says so.
        store.close();
    }

    private void done(Model next) {
        model = next;
        possible = List.of(next);
        dirty = true;
    }

    /** The process ends, or the power fails. */
    void endLife(boolean losingPower) {
        if (losingPower) {
            disk.losePower(true);
            mayBeLost |= isAsync();
            mustBeLost |= isAsync() && dirty;
        } else {
            disk.kill();
        }
    }
}
