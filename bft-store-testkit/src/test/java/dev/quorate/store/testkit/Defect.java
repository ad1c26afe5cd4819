package dev.quorate.store.testkit;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.storage.Condition;
import dev.quorate.core.storage.Durability;
import dev.quorate.core.storage.LogEntry;
import dev.quorate.core.storage.OpenedStore;
import dev.quorate.core.storage.Recovered;
import dev.quorate.core.storage.ReplicaStore;
import dev.quorate.core.storage.Snapshot;
import dev.quorate.core.storage.StoreException;
import dev.quorate.core.storage.StoreOwner;
import dev.quorate.core.storage.StoreProvider;
import java.util.List;

/** A sound store, of which each defect overrides what it spoils. */
class Defect {
    StoreUnderTest place(StoreUnderTest sound) {
        return new StoreUnderTest() {
            @Override
            public StoreProvider provider() {
                return owner -> open(sound, owner);
            }

            @Override
            public void kill() throws Exception {
                sound.kill();
            }

            @Override
            public Condition afterwards() {
                return sound.afterwards();
            }
        };
    }

    OpenedStore open(StoreUnderTest sound, StoreOwner owner) throws StoreException {
        OpenedStore opened = sound.provider().open(owner);
        return new OpenedStore(new Forwarding(opened.store()), recovered(opened.recovered()));
    }

    Recovered recovered(Recovered found) {
        return found;
    }

    void append(ReplicaStore store, List<LogEntry> group) throws StoreException {
        store.append(group);
    }

    void keep(ReplicaStore store, Snapshot snapshot) throws StoreException {
        store.keep(snapshot);
    }

    void discardBelow(ReplicaStore store, SequenceNumber stable) throws StoreException {
        store.discardBelow(stable);
    }

    void startOver(ReplicaStore store) throws StoreException {
        store.startOver();
    }

    void endRejoin(ReplicaStore store) throws StoreException {
        store.endRejoin();
    }

    void close(ReplicaStore store) throws StoreException {
        store.close();
    }

    private final class Forwarding implements ReplicaStore {
        private final ReplicaStore store;

        Forwarding(ReplicaStore store) {
            this.store = store;
        }

        @Override
        public Durability durability() {
            return store.durability();
        }

        @Override
        public void append(List<LogEntry> group) throws StoreException {
            Defect.this.append(store, group);
        }

        @Override
        public void keep(Snapshot snapshot) throws StoreException {
            Defect.this.keep(store, snapshot);
        }

        @Override
        public void discardBelow(SequenceNumber stable) throws StoreException {
            Defect.this.discardBelow(store, stable);
        }

        @Override
        public void startOver() throws StoreException {
            Defect.this.startOver(store);
        }

        @Override
        public void endRejoin() throws StoreException {
            Defect.this.endRejoin(store);
        }

        @Override
        public void close() throws StoreException {
            Defect.this.close(store);
        }
    }
}
