package dev.quorate.core;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/** Things of which a test wants to know which are still in memory. Whoever adds one has to let go of it himself. */
public final class Collected<T> {
    /** The collector clears what nobody refers to at the first of these, as a rule. */
    private static final int COLLECTIONS = 3;

    private final List<WeakReference<T>> all = new ArrayList<>();

    public void add(T one) {
        all.add(new WeakReference<>(one));
    }

    /** How many somebody still refers to. */
    public long left() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return all.stream().filter(one -> one.get() != null).count();
    }
}
