package dev.quorate.simulator.byzantine;

import dev.quorate.core.Protocol;
import dev.quorate.simulator.kernel.Randomness;
import java.util.List;

/** The ways in which a replica of a random run may be faulty; it may have several of them. */
public enum ByzantineKind {
    EQUIVOCATES,
    VOTES_FOR_ALL,
    WITHHOLDS,
    DELAYS,
    REPEATS,
    REPLAYS,
    MUTATES,
    CORRUPTS,
    FORGES,
    FLOODS_FUTURE,
    REPROPOSES,
    FORGES_REQUESTS,
    LIES_IN_REPLIES,
    LIES_IN_CHECKPOINTS,
    LIES_IN_STATUS,
    EQUIVOCATES_IN_VIEW_CHANGES,
    WITHHOLDS_NEW_VIEWS,
    SPAMS_VIEW_CHANGES,
    DAWDLES,
    LIES_IN_STATE,
    TRICKLES_STATE,
    LIES_ABOUT_TIME,
    /** These are for MinBFT only. */
    BREAKS_ORDER,
    VOTES_OUT_OF_TURN,
    CONFUSES_VIEWS,
    BURNS_COUNTERS,
    LIES_ABOUT_STREAMS,
    LIES_IN_MIN_STATUS,
    PINS_STREAMS,
    INVENTS_EPOCHS,
    /** Rejoins without having forgotten anything, and goes on with its old USIG, too. */
    USES_OLD_USIG;

    /**
     * The same in a protocol: itself; or, where its lies are about messages that there are not, that which does as much
     * harm.
     */
    public ByzantineKind in(Protocol protocol) {
        if (protocol != Protocol.MINBFT) {
            return this;
        }
        return switch (this) {
            case EQUIVOCATES -> BREAKS_ORDER;
            case VOTES_FOR_ALL -> VOTES_OUT_OF_TURN;
            case LIES_IN_STATUS -> LIES_IN_MIN_STATUS;
            case EQUIVOCATES_IN_VIEW_CHANGES -> CONFUSES_VIEWS;
            default -> this;
        };
    }

    /** A behaviour of this kind, as strong as drawn. Behaviours have state: each replica gets its own. */
    public Behaviour create(Randomness random) {
        return switch (this) {
            case EQUIVOCATES -> new Equivocate(random.chance(0.5) ? 1 : 0.2);
            case VOTES_FOR_ALL -> new VoteForAll();
            case WITHHOLDS -> new Meddling.Withhold(random.pick(List.of(0.3, 0.6, 1.0)));
            case DELAYS -> new Meddling.Delay(random.skewed(1_000_000, 2_000_000_000));
            case REPEATS -> new Meddling.Repeat(random.between(2, 4));
            case REPLAYS -> new Meddling.Replay();
            case MUTATES -> new Meddling.Mutate(random.chance(0.5) ? 0.1 : 0.7);
            case CORRUPTS -> new Meddling.Corrupt(0.2);
            case FORGES -> new Meddling.Forge();
            case FLOODS_FUTURE -> new Meddling.FloodFuture();
            case REPROPOSES -> new Repropose(false, false);
            case FORGES_REQUESTS -> new Repropose(true, false);
            case LIES_IN_REPLIES -> new Lies.InReplies();
            case LIES_IN_CHECKPOINTS -> new Lies.InCheckpoints(random.chance(0.5));
            case LIES_IN_STATUS -> new Lies.InStatus();
            case EQUIVOCATES_IN_VIEW_CHANGES -> new ViewChangeLies.Equivocate();
            case WITHHOLDS_NEW_VIEWS -> new ViewChangeLies.WithholdNewView(random.pick(List.of(0.3, 0.6)));
            case SPAMS_VIEW_CHANGES -> new ViewChangeLies.Spam();
            case DAWDLES -> new Meddling.Dawdle(random.pick(List.of(0.5, 0.8, 0.95)));
            case LIES_IN_STATE -> new Lies.InState(random.chance(0.2), random.chance(0.5));
            case TRICKLES_STATE -> new Lies.TrickleState();
            case LIES_ABOUT_TIME -> new Repropose(false, true);
            case BREAKS_ORDER -> new UsigLies.BreakOrder(random.pick(List.of(0.05, 0.3, 1.0)));
            case VOTES_OUT_OF_TURN -> new UsigLies.VoteOutOfTurn();
            case CONFUSES_VIEWS -> new UsigLies.ConfuseViews();
            case BURNS_COUNTERS ->
                new UsigLies.BurnCounters(random.pick(List.of(0.05, 0.2, 0.6)), random.pick(List.of(0.0, 0.1, 1.0)));
            case LIES_ABOUT_STREAMS -> new StreamLies.InCheckpoints(StreamLies.Positions.ANY);
            case PINS_STREAMS -> new StreamLies.InCheckpoints(StreamLies.Positions.FIRST);
            case INVENTS_EPOCHS -> new StreamLies.InCheckpoints(StreamLies.Positions.OF_INVENTED_EPOCHS);
            case LIES_IN_MIN_STATUS -> new StreamLies.InStatus();
            case USES_OLD_USIG -> new OldUsig();
        };
    }
}
