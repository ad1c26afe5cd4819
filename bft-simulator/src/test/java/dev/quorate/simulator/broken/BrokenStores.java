package dev.quorate.simulator.broken;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Identity;
import dev.quorate.core.ReplicatedService;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.runtime.ReplicaCore;
import dev.quorate.core.runtime.ReplicaUsig;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.storage.Durability;
import dev.quorate.core.storage.LogEntry;
import dev.quorate.core.storage.OpenedStore;
import dev.quorate.core.storage.Recovered;
import dev.quorate.core.storage.ReplicaStore;
import dev.quorate.core.storage.Snapshot;
import dev.quorate.core.storage.StoreException;
import dev.quorate.core.storage.StoreProvider;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.node.CoreFactory;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Replicas whose stores, or USIGs, have one mistake each. */
public final class BrokenStores {
    private BrokenStores() {}

    private static CoreFactory store(UnaryOperator<StoreProvider> broken) {
        return new CoreFactory() {
            @Override
            public StoreProvider store(StoreProvider files) {
                return broken.apply(files);
            }
        };
    }

    /** What is to be kept is written only when more comes: the driver sends before it has synced. */
    public static CoreFactory tooLate() {
        return store(files -> owner -> {
            OpenedStore opened = files.open(owner);
            return new OpenedStore(new Late(opened.store()), opened.recovered());
        });
    }

    /** What is to be kept is gathered until a timer fires; everything else happens at once, as if it were kept. */
    public static CoreFactory gathering() {
        return BrokenCores.delaying(Effect.Persist.class::isInstance);
    }

    /** The same with what is said to other replicas: only clients are answered too early. */
    public static CoreFactory answeringEarly() {
        return BrokenCores.delaying(effect -> effect instanceof Effect.Persist
                || effect instanceof Effect.Send
                || effect instanceof Effect.Broadcast);
    }

    /** The last record of the log is cut off at every start, though it was durable. */
    public static CoreFactory cutting() {
        return store(files -> owner -> {
            OpenedStore opened = files.open(owner);
            Recovered whole = opened.recovered();
            List<LogEntry.Logged> records = whole.records();
            return new OpenedStore(
                    opened.store(),
                    new Recovered(
                            whole.condition(),
                            records.subList(0, Math.max(0, records.size() - 1)),
                            whole.cells(),
                            whole.snapshots(),
                            whole.findings()));
        });
    }

    /** Replicas of PBFT that do not keep the PREPAREs with which a batch prepared. */
    public static CoreFactory withoutPrepares() {
        return BrokenCores.notSaying(effect ->
                effect instanceof Effect.Persist persist && typeOf(persist.record()) == MessageType.PREPARE.code());
    }

    /** The code of a message's type, which comes behind the cluster's id of 16 bytes; both with a tag before them. */
    private static int typeOf(Bytes frame) {
        return frame.unsafeArray()[2 + 16 + 1];
    }

    /** Replicas that do not note what they have their USIG certify. */
    public static CoreFactory withoutDrafts() {
        return new CoreFactory() {
            @Override
            public ReplicaCore replica(
                    ClusterConfig config, Identity identity, ReplicatedService service, ReplicaUsig usig) {
                return ReplicaCore.create(
                        config, identity, service, Optional.of(new ReplicaUsig(usig.own(), usig.all())));
            }
        };
    }

    private static final class Late implements ReplicaStore {
        private final ReplicaStore right;
        private List<LogEntry> waiting = List.of();

        private Late(ReplicaStore right) {
            this.right = right;
        }

        @Override
        public Durability durability() {
            return right.durability();
        }

        @Override
        public void append(List<LogEntry> group) throws StoreException {
            boolean records = group.stream().anyMatch(LogEntry.Logged.class::isInstance);
            right.append(waiting);
            waiting = records ? group : List.of();
            if (!records) {
                right.append(group);
            }
        }

        @Override
        public void keep(Snapshot snapshot) throws StoreException {
            right.keep(snapshot);
        }

        @Override
        public void discardBelow(SequenceNumber stable) throws StoreException {
            right.discardBelow(stable);
        }

        @Override
        public void startOver() throws StoreException {
            right.startOver();
        }

        @Override
        public void endRejoin() throws StoreException {
            right.endRejoin();
        }

        @Override
        public void close() throws StoreException {
            right.close();
        }
    }
}
