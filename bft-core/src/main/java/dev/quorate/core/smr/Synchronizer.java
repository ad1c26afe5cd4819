package dev.quorate.core.smr;

import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.View;
import dev.quorate.core.message.ReqViewChange;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Verified;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Decides in which view a replica is (Castro and Liskov 1999, section 4.5.2; Bravo, Chockler and Gotsman 2022). In
 * bounded space: of each peer it keeps the highest view that it is in, and the highest that it asked for.
 *
 * <p>A replica that suspects the primary asks for the next view and stays. It leaves its view when {@code f+1} replicas
 * are in, or want, higher ones: then one that is correct does. So a replica that is cut off, or lies, moves nobody, and
 * has not left when it comes back.
 */
public final class Synchronizer {
    /** The timeout doubles with each view that fails, at most this often. */
    private static final int MAX_DOUBLINGS = 6;
    /** So many batches executed in a view take one doubling back. */
    private static final int BATCHES_FOR_SHRINKING = 32;

    /** What a protocol does when its replica changes the view. */
    @FunctionalInterface
    public interface ViewChanger {
        /** The replica has left its view: says so to everybody. */
        void leftFor(View view);
    }

    private record Wish(View view, long expiresAtTick) {}

    private final ReplicaId self;
    private final QuorumSystem quorums;
    private final Sealer sealer;
    private final Effects effects;
    private final long timeoutMillis;
    private final long ticksOfTimeout;
    private final ViewChanger changer;

    /** The highest view in which each other replica is known to be. */
    private final Map<ReplicaId, View> reached = new TreeMap<>();
    /** The highest view that each replica, this one included, asks for; forgotten if it does not ask again. */
    private final Map<ReplicaId, Wish> wishes = new TreeMap<>();

    private final Set<ReplicaId> disconnected = new TreeSet<>();

    private View view = View.ZERO;
    private boolean active = true;
    private boolean timing;
    /** Whether this replica only listens, and follows the others. */
    private boolean silent;

    private int doublings;
    /** How many primaries were not waited for since a batch was executed. */
    private int skipped;

    private int executedInView;
    private long tick;

    public Synchronizer(
            ReplicaId self, QuorumSystem quorums, Sealer sealer, Effects effects, Limits limits, ViewChanger changer) {
        this.self = self;
        this.quorums = quorums;
        this.sealer = sealer;
        this.effects = effects;
        this.timeoutMillis = limits.get(Limit.VIEW_TIMEOUT);
        this.ticksOfTimeout = Math.max(1, timeoutMillis / limits.get(Limit.STATUS_INTERVAL));
        this.changer = changer;
    }

    public View view() {
        return view;
    }

    /** Whether the replica takes part in its view: it has not left it, and has its NEW-VIEW. */
    public boolean isActive() {
        return active;
    }

    public ReplicaId primary() {
        return view.primary(quorums.n());
    }

    /** How many ticks a request may wait in this view. */
    public long patienceInTicks() {
        return ticksOfTimeout << doublings;
    }

    // --- suspicion

    /** The primary of the current view gives reason to leave: asks for the next view. */
    public void suspect(String reason) {
        View next = view.next();
        if (silent || ownWishReaches(next)) {
            return;
        }
        effects.report(new Notice.PrimarySuspected(view, primary(), reason));
        wish(next);
    }

    private boolean ownWishReaches(View next) {
        Wish own = wishes.get(self);
        return own != null && own.view.compareTo(next) >= 0;
    }

    private void wish(View next) {
        Verified<ReqViewChange> own = sealer.seal(new ReqViewChange(self, next));
        effects.add(new Effect.Broadcast(own));
        onReqViewChange(own);
    }

    public void onReqViewChange(Verified<ReqViewChange> received) {
        ReqViewChange request = received.message();
        if (request.view().compareTo(view) > 0) {
            wishes.put(request.replica(), new Wish(request.view(), tick + patienceInTicks() + 1));
            follow();
        }
    }

    /** Whether a peer asks for a higher view than this replica's. */
    boolean isAskedToLeaveBy(ReplicaId peer) {
        Wish wish = wishes.get(peer);
        return wish != null && wish.view.compareTo(view) > 0;
    }

    public void onConnected(ReplicaId peer) {
        disconnected.remove(peer);
    }

    /** A lost connection to the primary is a reason to suspect it at once. */
    public void onDisconnected(ReplicaId peer) {
        disconnected.add(peer);
        if (peer.equals(primary())) {
            suspect("the connection to it is lost");
        }
    }

    // --- views of the others

    /** A peer is in {@code itsView}, or was: what it says of a view counts for every lower one, too. */
    public void onPeerView(ReplicaId peer, View itsView) {
        if (peer.equals(self)) {
            return;
        }
        View known = reached.getOrDefault(peer, View.ZERO);
        if (itsView.compareTo(known) > 0) {
            reached.put(peer, itsView);
            follow();
            startTimerIfQuorumIsHere();
        }
    }

    /** After a restart: a peer was in {@code itsView}. If that leads to another view, it does with the next tick. */
    public void recall(ReplicaId peer, View itsView) {
        if (!peer.equals(self)) {
            reached.merge(peer, itsView, Synchronizer::later);
        }
    }

    /** Leaves for the smallest view above this one in which, or wanting which, are {@code f+1} replicas. */
    private void follow() {
        Map<ReplicaId, View> highest = new TreeMap<>(reached);
        wishes.forEach((replica, wish) -> highest.merge(replica, wish.view, Synchronizer::later));
        View target = nthHighest(highest.values(), quorums.weak());
        if (target.compareTo(view) > 0) {
            leaveFor(target);
        }
    }

    private static View later(View one, View other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static View nthHighest(Collection<View> views, int n) {
        return views.stream()
                .sorted(Comparator.reverseOrder())
                .skip(n - 1L)
                .findFirst()
                .orElse(View.ZERO);
    }

    private void leaveFor(View target) {
        stopTimer();
        if (doublings < MAX_DOUBLINGS && executedInView == 0 && view.number() > 0) {
            doublings++; // The view that is left has brought nothing.
        }
        view = target;
        active = false;
        executedInView = 0;
        effects.report(new Notice.ViewLeft(target));
        if (!silent) {
            changer.leftFor(target);
        }
        startTimerIfQuorumIsHere();
        skipIfUnreachable();
    }

    /**
     * A primary without a connection is not waited for; but no more than {@code f} of them one after the other, which is as
     * many as may be dead. Beyond that it is the network, and the views would follow each other as fast as messages do.
     */
    private void skipIfUnreachable() {
        if (!active && disconnected.contains(primary()) && skipped < quorums.weak() - 1) {
            skipped++;
            suspect("there is no connection to it");
        }
    }

    /** The NEW-VIEW of {@code entered}, which is not below the current view, has been accepted. */
    public void enter(View entered) {
        if (entered.compareTo(view) < 0) {
            effects.add(new Effect.Halt("it has left for " + view + ", and would go back to " + entered));
            return;
        }
        stopTimer();
        view = entered;
        active = true;
        executedInView = 0;
        wishes.values().removeIf(wish -> wish.view.compareTo(entered) <= 0);
        effects.report(new Notice.ViewEntered(entered, primary()));
    }

    /** This replica was in {@code was} when it stopped, and goes on there. */
    public void resume(View was, boolean tookPart) {
        view = was;
        active = tookPart;
        timing = false; // What recovering leads to is not carried out: the next tick starts the timer.
    }

    /** From now on this replica only listens, and follows the others. */
    void fallSilent() {
        silent = true;
    }

    /** This replica takes part again. */
    void speak() {
        silent = false;
        if (!active) {
            changer.leftFor(view);
        }
    }

    // --- time

    /** The timer of a view runs from the moment at which a quorum is in it, or beyond. */
    private void startTimerIfQuorumIsHere() {
        long here = 1
                + reached.values().stream().filter(v -> v.compareTo(view) >= 0).count();
        if (!active && !timing && here >= quorums.certificate()) {
            timing = true;
            effects.add(new Effect.StartTimer(timer(), Duration.ofMillis(timeoutMillis << doublings)));
        }
    }

    private void stopTimer() {
        if (timing) {
            effects.add(new Effect.StopTimer(timer()));
            timing = false;
        }
    }

    private TimerId timer() {
        return new TimerId(TimerId.Kind.VIEW, view);
    }

    public void onTimer(TimerId fired) {
        if (timing && fired.equals(timer())) {
            timing = false;
            suspect("its NEW-VIEW did not come");
        }
    }

    /**
     * A status interval has passed.
     *
     * @param oldestWaiting for how many ticks the request has waited that has waited longest
     */
    public void onTick(long oldestWaiting) {
        tick++;
        follow();
        Wish own = wishes.get(self);
        if (active && oldestWaiting >= patienceInTicks()) {
            wishes.remove(self);
            suspect("a request has waited for " + oldestWaiting + " intervals");
        } else if (own != null && own.expiresAtTick > tick && own.view.compareTo(view) > 0) {
            effects.add(new Effect.Broadcast(sealer.seal(new ReqViewChange(self, own.view))));
        }
        wishes.values().removeIf(wish -> wish.expiresAtTick <= tick);
        if (!active && !timing) {
            startTimerIfQuorumIsHere();
        }
    }

    /** A batch has been executed: the view works, and the timeout shrinks back. */
    public void onProgress() {
        skipped = 0;
        executedInView++;
        if (doublings > 0 && executedInView % BATCHES_FOR_SHRINKING == 0) {
            doublings--;
        }
    }
}
