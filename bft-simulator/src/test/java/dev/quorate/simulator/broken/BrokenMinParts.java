package dev.quorate.simulator.broken;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Limits;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.StreamPosition;
import dev.quorate.core.minbft.MinParts;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.smr.SessionTable;
import java.util.List;
import java.util.Optional;

/** Parts of MinBFT, each with one mistake that a person might make. */
public final class BrokenMinParts {
    private BrokenMinParts() {}

    /** Two certificate quorums need not share a replica. */
    public static final class SmallQuorum extends MinParts {
        @Override
        public QuorumSystem quorums(ClusterConfig config) {
            QuorumSystem right = super.quorums(config);
            return new QuorumSystem(right.n(), right.f(), right.certificate() - 1, right.weak());
        }
    }

    /** Nothing is certain before everybody has said it. */
    public static final class Unanimity extends MinParts {
        @Override
        public QuorumSystem quorums(ClusterConfig config) {
            QuorumSystem right = super.quorums(config);
            return new QuorumSystem(right.n(), right.f(), right.n(), right.weak());
        }
    }

    /** Executes what was executed before, once more. */
    public static final class ForgetfulSessions extends MinParts {
        @Override
        public SessionTable sessions(Limits limits) {
            return new BrokenParts.ForgetfulSessions().sessions(limits);
        }
    }

    /** A message that is missing is left out. */
    public static final class AcceptsGaps extends MinParts {
        @Override
        public boolean hasItsTurn(long counter, long next) {
            return true;
        }
    }

    /** What a replica votes for in a view that it has left counts. */
    public static final class CountsAfterViewChange extends MinParts {
        @Override
        public boolean countsAfter(View left, View view) {
            return true;
        }
    }

    /** A primary may propose for positions in any order. */
    public static final class AnyOrder extends MinParts {
        @Override
        public boolean isInOrder(MinPrepare prepare, boolean continuesOrder) {
            return true;
        }
    }

    /** A primary need not propose what its NEW-VIEW demands. */
    public static final class OutcomeNotDemanded extends MinParts {
        @Override
        public boolean mayStand(MinPrepare prepare, boolean demanded) {
            return true;
        }
    }

    /** A primary may begin its view several times. */
    public static final class SeveralNewViews extends MinParts {
        @Override
        public boolean isBegunBy(long begunBy, long named) {
            return true;
        }
    }

    /** Where the primaries of lower views were is forgotten at each checkpoint. */
    public static final class ForgetsOrders extends MinParts {
        @Override
        public boolean mayForgetOrder(View view, View left) {
            return true;
        }
    }

    /** A new view begins empty. */
    public static final class EmptyNewView extends MinParts {
        @Override
        public boolean isCandidate(MinPrepare prepare, View view, SequenceNumber stable) {
            return false;
        }
    }

    /** Candidates count even where the state is stable. */
    public static final class StableCandidates extends MinParts {
        @Override
        public boolean isCandidate(MinPrepare prepare, View view, SequenceNumber stable) {
            return prepare.view().compareTo(view) < 0;
        }
    }

    /** Of the candidates for a position, that of the lowest view counts. */
    public static final class LowestViewWins extends MinParts {
        @Override
        public boolean goesBefore(MinPrepare one, long counter, MinPrepare other, long otherCounter) {
            int byView = one.view().compareTo(other.view());
            return byView < 0 || (byView == 0 && counter <= otherCounter);
        }
    }

    /** Of the candidates of one view for a position, the last one counts. */
    public static final class LastCounterWins extends MinParts {
        @Override
        public boolean goesBefore(MinPrepare one, long counter, MinPrepare other, long otherCounter) {
            int byView = one.view().compareTo(other.view());
            return byView > 0 || (byView == 0 && counter >= otherCounter);
        }
    }

    /** A new primary names what it cannot propose. */
    public static final class NamesWithoutBatches extends MinParts {
        @Override
        public boolean mayName(boolean canPropose) {
            return true;
        }
    }

    /** Checkpoints of different states count together. */
    public static final class AnyRoot extends MinParts {
        @Override
        public boolean agree(Checkpoint one, Checkpoint other) {
            return true;
        }
    }

    /** A replica names the end of what it has handled, whatever that concerns. */
    public static final class NothingConcerns extends MinParts {
        @Override
        public boolean concerns(SequenceNumber vote, SequenceNumber stable) {
            return false;
        }
    }

    /** A replica names positions although it has forgotten what was before. */
    public static final class VouchesForTheForgotten extends MinParts {
        @Override
        public boolean mayVouch(SequenceNumber forgotten, SequenceNumber checkpoint) {
            return true;
        }
    }

    /** Of the VIEW-CHANGEs before a start the newest is named, not that for the highest view. */
    public static final class NewestViewChange extends MinParts {
        @Override
        public StreamPosition.Left toBeKnown(StreamPosition.Left one, StreamPosition.Left other) {
            return one.ui().counter() >= other.ui().counter() ? one : other;
        }
    }

    /** A stream begins where its own replica says, where that is a signer. */
    public static final class OwnWord extends MinParts {
        @Override
        public StreamPosition start(ReplicaId of, List<Checkpoint> signers, int weak) {
            return signers.stream()
                    .filter(signer -> signer.replica().equals(of))
                    .map(signer -> signer.streams().get(of.value()))
                    .findFirst()
                    .orElse(super.start(of, signers, weak));
        }
    }

    /** A stream begins where whoever says most has it begin. */
    public static final class AnybodysWord extends MinParts {
        @Override
        public StreamPosition start(ReplicaId of, List<Checkpoint> signers, int weak) {
            return super.start(of, signers, 1);
        }
    }

    /** The VIEW-CHANGE before a start is not known to who begins there. */
    public static final class UnknownViewChange extends MinParts {
        @Override
        public StreamPosition start(ReplicaId of, List<Checkpoint> signers, int weak) {
            return new StreamPosition(super.start(of, signers, weak).counter(), Optional.empty());
        }
    }

    /** What was said with an old USIG counts for ever. */
    public static final class NothingIsVoid extends MinParts {
        @Override
        public boolean isVoid(boolean forgotten) {
            return false;
        }
    }

    /** What is before a checkpoint is forgotten before that is stable. */
    public static final class ForgetsAtLatest extends MinParts {
        @Override
        public List<StreamPosition> starts(List<StreamPosition> stable, List<StreamPosition> latest) {
            return latest;
        }
    }
}
