package dev.quorate.core.minbft;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.StreamPosition;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** MinBFT with one of its rules taken out. */
final class BrokenRules {
    private BrokenRules() {}

    /** A message that is missing is left out. */
    static final class AcceptsGaps extends MinParts {
        @Override
        public boolean hasItsTurn(long counter, long next) {
            return true;
        }
    }

    /** Whatever a stream consists of is kept. */
    static final class KeepsEverything extends MinParts {
        @Override
        public boolean mayKeepOneMore(int handled, long bound) {
            return true;
        }
    }

    /** What a replica votes for in a view that it has left counts. */
    static final class CountsAfterViewChange extends MinParts {
        @Override
        public boolean countsAfter(View left, View view) {
            return true;
        }
    }

    /** Of a replica's votes for a view and position the last one counts. */
    static final class LastVoteStands extends MinParts {
        @Override
        public boolean firstVoteStands() {
            return false;
        }
    }

    /** What is above the window is handled, too. */
    static final class NoWindow extends MinParts {
        @Override
        public SequenceNumber handledFrom(SequenceNumber executed, SequenceNumber stable) {
            return stable.plus(1000);
        }
    }

    /** A NEW-VIEW may rest on anything. */
    static final class NamesAnything extends MinParts {
        @Override
        public boolean mayBeNamed(boolean isForTheView) {
            return true;
        }
    }

    /** A CHECKPOINT counts, however much of a stream it would have everybody keep. */
    static final class KeepsTooMuch extends MinParts {
        @Override
        public boolean keepsNotTooMuch(long named, long least) {
            return true;
        }
    }

    /** Only the certificate of the stable checkpoint is shown. */
    static final class ShowsOneCertificate extends MinParts {
        @Override
        public List<StableCertificate> shown(List<StableCertificate> proofs) {
            return proofs.subList(0, Math.min(1, proofs.size()));
        }
    }

    /** A primary may propose for positions in any order. */
    static final class AnyOrder extends MinParts {
        @Override
        public boolean isInOrder(MinPrepare prepare, boolean continuesOrder) {
            return true;
        }
    }

    /** What breaks the order is ignored, and what follows is not. */
    static final class GoesOnAfterBreak extends MinParts {
        @Override
        public boolean endsView(MinPrepare outOfOrder) {
            return false;
        }
    }

    /** A primary need not propose what its NEW-VIEW demands. */
    static final class OutcomeNotDemanded extends MinParts {
        @Override
        public boolean mayStand(MinPrepare prepare, boolean demanded) {
            return true;
        }
    }

    /** A primary may begin its view several times. */
    static final class SeveralNewViews extends MinParts {
        @Override
        public boolean isBegunBy(long begunBy, long named) {
            return true;
        }
    }

    /** Where the primaries of lower views were is forgotten at each checkpoint. */
    static final class ForgetsOrders extends MinParts {
        @Override
        public boolean mayForgetOrder(View view, View left) {
            return true;
        }
    }

    /** Only those PREPAREs are candidates that were in order for the examiner. */
    static final class ExaminersOrder extends MinParts {
        private final Set<MinPrepare> inOrder = new HashSet<>();

        @Override
        public boolean isInOrder(MinPrepare prepare, boolean continuesOrder) {
            if (continuesOrder) {
                inOrder.add(prepare.header());
            }
            return continuesOrder;
        }

        @Override
        public boolean isCandidate(MinPrepare prepare, View view, SequenceNumber stable) {
            return super.isCandidate(prepare, view, stable) && inOrder.contains(prepare.header());
        }
    }

    /** Candidates count even where the state is stable. */
    static final class StableCandidates extends MinParts {
        @Override
        public boolean isCandidate(MinPrepare prepare, View view, SequenceNumber stable) {
            return prepare.view().compareTo(view) < 0;
        }
    }

    /** Of the candidates for a position, that of the lowest view counts. */
    static final class LowestViewWins extends MinParts {
        @Override
        public boolean goesBefore(MinPrepare one, long counter, MinPrepare other, long otherCounter) {
            return !super.goesBefore(one, counter, other, otherCounter)
                    || one.view().equals(other.view());
        }
    }

    /** Of the candidates of one view for a position, the last one counts. */
    static final class LastCounterWins extends MinParts {
        @Override
        public boolean goesBefore(MinPrepare one, long counter, MinPrepare other, long otherCounter) {
            return super.goesBefore(one, -counter, other, -otherCounter);
        }
    }

    /** A new primary names what it cannot propose. */
    static final class NamesWithoutBatches extends MinParts {
        @Override
        public boolean mayName(boolean canPropose) {
            return true;
        }
    }

    /** A replica names the end of what it has handled, whatever that concerns. */
    static final class NothingConcerns extends MinParts {
        @Override
        public boolean concerns(SequenceNumber vote, SequenceNumber stable) {
            return false;
        }
    }

    /** A replica names positions although it has forgotten what was before. */
    static final class VouchesForTheForgotten extends MinParts {
        @Override
        public boolean mayVouch(SequenceNumber forgotten, SequenceNumber checkpoint) {
            return true;
        }
    }

    /** Of the VIEW-CHANGEs before a start the newest is named, not that for the highest view. */
    static final class NewestViewChange extends MinParts {
        @Override
        public StreamPosition.Left toBeKnown(StreamPosition.Left one, StreamPosition.Left other) {
            return one.ui().counter() >= other.ui().counter() ? one : other;
        }
    }

    /** The VIEW-CHANGE before a start is not known to who begins there. */
    static final class UnknownViewChange extends MinParts {
        @Override
        public StreamPosition start(ReplicaId of, List<Checkpoint> signers, int weak) {
            return new StreamPosition(super.start(of, signers, weak).counter(), Optional.empty());
        }
    }

    /** A stream begins where its own replica says, where that is a signer. */
    static final class OwnWord extends MinParts {
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
    static final class AnybodysWord extends MinParts {
        @Override
        public StreamPosition start(ReplicaId of, List<Checkpoint> signers, int weak) {
            return super.start(of, signers, 1);
        }
    }

    /** What is before a checkpoint is forgotten before that is stable. */
    static final class ForgetsAtLatest extends MinParts {
        @Override
        public List<StreamPosition> starts(List<StreamPosition> stable, List<StreamPosition> latest) {
            return latest;
        }
    }

    /** What was said with an old USIG counts for ever. */
    static final class NothingIsVoid extends MinParts {
        @Override
        public boolean isVoid(boolean forgotten) {
            return false;
        }
    }

    /** What the window holds is handled, whatever was executed. */
    static final class HandlesWithoutState extends MinParts {
        @Override
        public SequenceNumber handledFrom(SequenceNumber executed, SequenceNumber stable) {
            return stable;
        }
    }

    /** What was left with an old USIG is told with what was left with the new one. */
    static final class OldEpochBinds extends MinParts {
        @Override
        public boolean binds(long viewChangesEpoch, long epoch) {
            return true;
        }
    }

    /** A certificate moves the starts although a VIEW-CHANGE that it names is not proven yet. */
    static final class StartsBeforeItKnows extends MinParts {
        @Override
        public boolean isJudged(boolean proven) {
            return true;
        }
    }

    /** A VIEW-CHANGE that a certificate names binds its replica, whether it is proven or not. */
    static final class BelievesUnproven extends MinParts {
        @Override
        public boolean isBelieved(boolean proven) {
            return true;
        }
    }
}
