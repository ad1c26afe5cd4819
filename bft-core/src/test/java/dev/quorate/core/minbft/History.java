package dev.quorate.core.minbft;

import static dev.quorate.core.minbft.MinSteps.batch;

import dev.quorate.core.message.Batch;

/** What tests of histories have in common: each may be run without one of the rules. */
abstract class History {
    static final Batch A = batch(1);
    static final Batch B = batch(2);
    static final Batch X = batch(3);

    /** {@link BrokenRulesTest} puts broken ones in. */
    MinParts rules = new MinParts();

    final MinSteps steps(int replicas, int self) {
        return new MinSteps(replicas, self, rules);
    }
}
