package dev.quorate.simulator.scenario;

import dev.quorate.simulator.node.CoreFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** View changes: rows V of docs/scenarios.md, and histories that broke other designs. */
final class ViewChangeScenariosTest {
    @Test
    @DisplayName("B1 (history) a new view proposes what a needed replica has never seen, after a long outage")
    void b1ABodyThatHasToBeFetched() {
        ViewChangeScripts.b1ABodyThatHasToBeFetched(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("B5 (history) replicas wait in different views")
    void b5ScatteredViews() {
        ViewChangeScripts.b5ScatteredViews(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("V1 the first primaries are dead")
    void v1DeadPrimaries() {
        ViewChangeScripts.v1DeadPrimaries(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("V2 f replicas demand view changes all the time")
    void v2DemandsForViewChanges() {
        ViewChangeScripts.v2DemandsForViewChanges(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("V3 different batches prepared at one position in different views")
    void v3TheHighestViewWins() {
        ViewChangeScripts.v3TheHighestViewWins(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("V5 a NEW-VIEW that leaves out what prepared is not followed")
    void v5ANewViewThatLeavesOutWhatPrepared() {
        ViewChangeScripts.v5ANewViewThatLeavesOutWhatPrepared(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("V7 one replica alone has the stable checkpoint when the view changes")
    void v7OneReplicaHasTheStableCheckpoint() {
        ViewChangeScripts.v7OneReplicaHasTheStableCheckpoint(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("V8 a replica missed views, and the view changes while it fetches the state")
    void v8MissedViewsAndStateTransfer() {
        ViewChangeScripts.v8MissedViewsAndStateTransfer(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("V9 timeouts that failed views drove up shrink again")
    void v9TheTimeoutShrinksAgain() {
        ViewChangeScripts.v9TheTimeoutShrinksAgain(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("V10 VIEW-CHANGEs of one view are shown again in another")
    void v10OldViewChanges() {
        ViewChangeScripts.v10OldViewChanges(CoreFactory.PRODUCTION);
    }
}
