package dev.quorate.usig.testkit;

import dev.quorate.usig.UsigProvider;

/** The contract, run on a USIG that breaks it. Not a test by itself, hence its name. */
class BrokenUsig extends UsigContract {
    /** Set before it is run. */
    static volatile UsigProvider provider = new BrokenUsigProvider();

    @Override
    protected UsigProvider provider() {
        return provider;
    }

    @Override
    protected int damagedPlaces() {
        return 16;
    }
}
