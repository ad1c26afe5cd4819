package dev.quorate.simulator.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Looks for an order of calls that explains their results and keeps real time: a depth-first search (Wing and Gong
 * 1993) that never visits the same pair of linearized calls and state twice (Lowe 2017).
 *
 * <p>Calls without a result may be put anywhere after their invocation or left out. They are tried last, only where they
 * change the state, and of several with the same effect the one invoked first goes first: exchanging two such calls in
 * an order gives another one that is as good.
 *
 * <p>For one search; not thread-safe.
 */
final class LinearizationSearch<S> {
    enum Outcome {
        FOUND,
        NONE,
        OUT_OF_BUDGET
    }

    /** What has been visited: completed calls from the first open one on, calls without result, and the state. */
    private record Configuration<S>(int firstOpen, BitSet completed, BitSet unknown, S state) {}

    /** A place in the search: the state reached, and which candidates have been tried from there. */
    private static final class Frame<S> {
        private final S state;
        private final int firstOpen;
        private final int firstToReturn;
        private int nextCompleted;
        private int nextUnknown;
        /** Undoes the choice that is being explored. */
        private Runnable undo = () -> {};

        private Frame(S state, int firstOpen, int firstToReturn) {
            this.state = state;
            this.firstOpen = firstOpen;
            this.firstToReturn = firstToReturn;
            this.nextCompleted = firstOpen;
        }
    }

    private final Model<S> model;
    private final long maxSteps;
    private final List<History.Call> completed = new ArrayList<>();
    private final List<History.Call> unknown = new ArrayList<>();
    /** Indices of completed calls, by the time of their return. */
    private final int[] byReturn;
    /** For each call without result the one before it that has the same effect, or -1. */
    private final int[] sameBefore;

    private final BitSet completedDone = new BitSet();
    private final BitSet unknownDone = new BitSet();
    private final Set<Configuration<S>> visited = new HashSet<>();
    private final Deque<Frame<S>> path = new ArrayDeque<>();
    private long steps;

    /**
     * @param calls in the order of their invocations
     * @param maxSteps how many steps of the model to try at most; memory grows with it
     */
    LinearizationSearch(Model<S> model, List<History.Call> calls, long maxSteps) {
        this.model = model;
        this.maxSteps = maxSteps;
        for (History.Call call : calls) {
            (call.isKnown() ? completed : unknown).add(call);
        }
        this.byReturn = IntStream.range(0, completed.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> completed.get(i).returnedAt()))
                .mapToInt(Integer::intValue)
                .toArray();
        this.sameBefore = new int[unknown.size()];
        Map<Object, Integer> lastOfEffect = new HashMap<>();
        for (int i = 0; i < sameBefore.length; i++) {
            Integer before = lastOfEffect.put(model.effect(unknown.get(i).invocation()), i);
            sameBefore[i] = before == null ? -1 : before;
        }
    }

    /** How many steps of the model have been tried. */
    long steps() {
        return steps;
    }

    Outcome run() {
        if (completed.isEmpty()) {
            return Outcome.FOUND;
        }
        path.push(new Frame<>(model.initial(), 0, 0));
        while (!path.isEmpty()) {
            if (steps >= maxSteps) {
                return Outcome.OUT_OF_BUDGET;
            }
            Frame<S> frame = path.element();
            frame.undo.run();
            frame.undo = () -> {};
            int deadline = completed.get(byReturn[frame.firstToReturn]).returnedAt();
            if (!tryCompleted(frame, deadline) && !tryUnknown(frame, deadline)) {
                path.pop();
            } else if (completedDone.cardinality() == completed.size()) {
                return Outcome.FOUND;
            }
        }
        return Outcome.NONE;
    }

    /** Tries the next completed call that was invoked before any open one returned; false if there is none. */
    private boolean tryCompleted(Frame<S> frame, int deadline) {
        int i = completedDone.nextClearBit(frame.nextCompleted);
        if (i >= completed.size() || completed.get(i).calledAt() > deadline) {
            return false;
        }
        frame.nextCompleted = i + 1;
        steps++;
        History.Call call = completed.get(i);
        Optional<S> next = call.result().flatMap(result -> model.step(frame.state, call.invocation(), result));
        next.ifPresent(state -> explore(frame, completedDone, i, state));
        return true;
    }

    private boolean tryUnknown(Frame<S> frame, int deadline) {
        int i = unknownDone.nextClearBit(frame.nextUnknown);
        if (i >= unknown.size() || unknown.get(i).calledAt() > deadline) {
            return false;
        }
        frame.nextUnknown = i + 1;
        if (sameBefore[i] < 0 || unknownDone.get(sameBefore[i])) {
            steps++;
            S next = model.apply(frame.state, unknown.get(i).invocation());
            if (!next.equals(frame.state)) {
                explore(frame, unknownDone, i, next);
            }
        }
        return true;
    }

    /** Goes on from the state after the call, unless that has been done before. */
    private void explore(Frame<S> frame, BitSet done, int call, S next) {
        done.set(call);
        int firstOpen = completedDone.nextClearBit(frame.firstOpen);
        BitSet window = completedDone.get(firstOpen, Math.max(firstOpen, completedDone.length()));
        if (!visited.add(new Configuration<>(firstOpen, window, (BitSet) unknownDone.clone(), next))) {
            done.clear(call);
            return;
        }
        frame.undo = () -> done.clear(call);
        int firstToReturn = frame.firstToReturn;
        while (firstToReturn < byReturn.length && completedDone.get(byReturn[firstToReturn])) {
            firstToReturn++;
        }
        path.push(new Frame<>(next, firstOpen, firstToReturn));
    }
}
