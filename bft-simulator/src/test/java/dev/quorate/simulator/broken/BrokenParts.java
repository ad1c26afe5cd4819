package dev.quorate.simulator.broken;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Limits;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.PreparedCertificate;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.message.ViewChange;
import dev.quorate.core.pbft.NewViewOutcome;
import dev.quorate.core.pbft.PbftParts;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.quorum.VoteCollector;
import dev.quorate.core.smr.Checkpoints;
import dev.quorate.core.smr.Effects;
import dev.quorate.core.smr.SessionTable;
import dev.quorate.core.smr.Window;
import dev.quorate.core.wire.Batches;
import dev.quorate.core.wire.Sealer;
import dev.quorate.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Parts of PBFT, each with one mistake that a person might make. */
public final class BrokenParts {
    private BrokenParts() {}

    /** Two certificate quorums need not share a correct replica. */
    public static final class SmallQuorum extends PbftParts {
        @Override
        public QuorumSystem quorums(ClusterConfig config) {
            QuorumSystem right = super.quorums(config);
            return new QuorumSystem(right.n(), right.f(), right.certificate() - 1, right.weak());
        }
    }

    /** One replica is enough to be believed where {@code f+1} are needed. */
    public static final class CredulousReplicas extends PbftParts {
        @Override
        public QuorumSystem quorums(ClusterConfig config) {
            QuorumSystem right = super.quorums(config);
            return new QuorumSystem(right.n(), right.f(), right.certificate(), 1);
        }
    }

    /** Nothing is certain before everybody has said it. */
    public static final class Unanimity extends PbftParts {
        @Override
        public QuorumSystem quorums(ClusterConfig config) {
            QuorumSystem right = super.quorums(config);
            return new QuorumSystem(right.n(), right.f(), right.n(), right.weak());
        }
    }

    /** A replica that votes twice counts twice. */
    public static final class RepeatedVotes extends PbftParts {
        @Override
        public VoteCollector.Factory votes() {
            return new VoteCollector.Factory() {
                @Override
                public <V, T> VoteCollector<V, T> create() {
                    return new VoteCollector<>() {
                        private final List<V> values = new ArrayList<>();

                        @Override
                        public Outcome add(ReplicaId voter, V value, T vote) {
                            super.add(voter, value, vote);
                            values.add(value);
                            return Outcome.COUNTED;
                        }

                        @Override
                        public int count(V value) {
                            return (int) values.stream().filter(value::equals).count();
                        }
                    };
                }
            };
        }
    }

    /** Votes count together, whatever they are for. */
    public static final class MixedVotes extends PbftParts {
        @Override
        public VoteCollector.Factory votes() {
            return new VoteCollector.Factory() {
                @Override
                public <V, T> VoteCollector<V, T> create() {
                    return new VoteCollector<>() {
                        private int all;

                        @Override
                        public Outcome add(ReplicaId voter, V value, T vote) {
                            Outcome outcome = super.add(voter, value, vote);
                            all += outcome == Outcome.COUNTED ? 1 : 0;
                            return outcome;
                        }

                        @Override
                        public int count(V value) {
                            return all;
                        }
                    };
                }
            };
        }
    }

    /** What is prepared is taken for committed, and executed; or what is merely proposed. */
    public static final class ExecutesEarly extends PbftParts {
        private final int neededPrepares;

        /** Executes as soon as it has this many PREPAREs. */
        public ExecutesEarly(int neededPrepares) {
            this.neededPrepares = neededPrepares;
        }

        @Override
        public VoteCollector.Factory votes() {
            // A slot asks for the collector of its PREPAREs first, and then for that of its COMMITs.
            return new VoteCollector.Factory() {
                private VoteCollector<?, ?> prepares;

                @Override
                @SuppressWarnings("unchecked") // Both collectors of a slot are for the same kind of value.
                public <V, T> VoteCollector<V, T> create() {
                    if (prepares == null) {
                        VoteCollector<V, T> first = new VoteCollector<>();
                        prepares = first;
                        return first;
                    }
                    VoteCollector<V, ?> first = (VoteCollector<V, ?>) prepares;
                    prepares = null;
                    return new VoteCollector<>() {
                        @Override
                        public int count(V value) {
                            return first.count(value) >= neededPrepares ? Integer.MAX_VALUE : super.count(value);
                        }
                    };
                }
            };
        }
    }

    /** Requests execute again when they are ordered again. */
    public static final class ForgetfulSessions extends PbftParts {
        @Override
        public SessionTable sessions(Limits limits) {
            return new SessionTable(limits) {
                @Override
                public Admission schedule(RequestId request, SequenceNumber at) {
                    super.schedule(request, at);
                    return Admission.EXECUTE;
                }
            };
        }
    }

    /** Nobody is answered again. */
    public static final class ForgottenResults extends PbftParts {
        @Override
        public SessionTable sessions(Limits limits) {
            return new SessionTable(limits) {
                @Override
                public Optional<Result> answer(RequestId request) {
                    return Optional.empty();
                }
            };
        }
    }

    /** Checkpoints become stable whatever the replicas' states are. */
    public static final class AnyRoot extends PbftParts {
        @Override
        public Checkpoints checkpoints(ReplicaId self, int quorum, Sealer sealer, Window window, Effects effects) {
            return new Checkpoints(self, quorum, sealer, window, effects) {
                @Override
                protected boolean agree(Checkpoint one, Checkpoint other) {
                    return true;
                }
            };
        }
    }

    /** A new view begins empty: what prepared before is forgotten. */
    public static final class EmptyNewView extends PbftParts {
        @Override
        public NewViewOutcome.Rule outcomes() {
            return viewChanges -> {
                NewViewOutcome right = NewViewOutcome.of(viewChanges);
                Digest nothing = Batches.nullBatch().digest();
                return new NewViewOutcome(
                        right.stable(),
                        right.digests().stream().map(digest -> nothing).toList());
            };
        }
    }

    /** A new view begins with what one replica of the quorum says, not with what all of them say. */
    public static final class OneSidedNewView extends PbftParts {
        @Override
        public NewViewOutcome.Rule outcomes() {
            return viewChanges -> NewViewOutcome.of(viewChanges.subList(0, 1));
        }
    }

    /** Of what prepared in several views, that of the lowest counts. */
    public static final class LowestViewWins extends PbftParts {
        @Override
        public NewViewOutcome.Rule outcomes() {
            return viewChanges -> {
                NewViewOutcome right = NewViewOutcome.of(viewChanges);
                SortedMap<SequenceNumber, PreparedCertificate> lowest = new TreeMap<>();
                for (ViewChange viewChange : viewChanges) {
                    for (PreparedCertificate prepared : viewChange.prepared()) {
                        lowest.merge(
                                prepared.sequenceNumber(),
                                prepared,
                                (one, other) -> one.view().compareTo(other.view()) <= 0 ? one : other);
                    }
                }
                List<Digest> digests = new ArrayList<>();
                for (int i = 0; i < right.digests().size(); i++) {
                    PreparedCertificate prepared = lowest.get(right.low().plus(i + 1));
                    digests.add(prepared == null ? right.digests().get(i) : prepared.digest());
                }
                return new NewViewOutcome(right.stable(), digests);
            };
        }
    }
}
