package dev.quorate.core.smr;

import dev.quorate.core.View;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Notices a primary that orders, but slowly: one that delays every proposal to just under the timeout would otherwise
 * stay for ever (Clement et al. 2009, section 4.3; here without their periodic view changes).
 *
 * <p>A period is slow if fewer than {@value #SHARE_PERCENT} % of the requests were ordered that the best period of the
 * last {@code n} views reached, <em>and</em> those that came to this replica before they were ordered waited more than so
 * many times longer than then. Neither alone says anything: with few clients few requests are ordered, and with many
 * clients all wait. To make the second visible, clients send a few requests to all replicas from the start.
 *
 * <p>If everything has become slower for good, the best periods fall out after {@code n} view changes.
 */
public final class PrimaryPace {
    private static final int SHARE_PERCENT = 50;
    private static final int SLOW_PERIODS = 2;
    /** Waits below this are nothing to change the view for. */
    private static final long HARMLESS_MILLIS = 50;

    /** What one period reached; more is better. */
    private record Period(long requests, double waitMillis) {}

    private final int n;
    private final long ticksOfPeriod;
    private final Map<View, Period> best = new TreeMap<>();

    private long ticks;
    private long requestsBefore;
    private long waitingRequests;
    private long waitingMillis;
    private int slowPeriods;

    /**
     * @param n the number of replicas
     * @param ticksOfPeriod the length of a period, in status intervals
     */
    public PrimaryPace(int n, long ticksOfPeriod) {
        this.n = n;
        this.ticksOfPeriod = ticksOfPeriod;
    }

    /** A new view: its primary begins with a clean slate. */
    public void startOver(long requestsSoFar) {
        beginPeriod(requestsSoFar);
        slowPeriods = 0;
    }

    private void beginPeriod(long requestsSoFar) {
        ticks = 0;
        requestsBefore = requestsSoFar;
        waitingRequests = 0;
        waitingMillis = 0;
    }

    /**
     * A status interval of {@code view} has passed.
     *
     * @param requestsSoFar how many requests were ordered up to now
     * @param waits how long the requests waited that were ordered in this interval, as far as this replica knew them
     * @return why the primary should be suspected; empty if it should not
     */
    public Optional<String> onTick(View view, long requestsSoFar, RequestPool.Waits waits) {
        waitingRequests += waits.requests();
        waitingMillis += waits.millis();
        if (++ticks < ticksOfPeriod) {
            return Optional.empty();
        }
        if (waitingRequests == 0) {
            beginPeriod(requestsSoFar); // Nobody waited where this replica could see it: says nothing either way.
            return Optional.empty();
        }
        Period period = new Period(requestsSoFar - requestsBefore, (double) waitingMillis / waitingRequests);
        beginPeriod(requestsSoFar);
        return judge(view, period);
    }

    private Optional<String> judge(View view, Period period) {
        Period reached = best.values().stream()
                .reduce((a, b) -> a.requests >= b.requests ? a : b)
                .orElse(period);
        best.merge(view, period, (a, b) -> a.requests >= b.requests ? a : b);
        best.keySet().removeIf(old -> old.number() <= view.number() - n);
        boolean fewer = period.requests * 100 < reached.requests * SHARE_PERCENT;
        boolean later =
                period.waitMillis > HARMLESS_MILLIS && period.waitMillis * SHARE_PERCENT > reached.waitMillis * 100;
        slowPeriods = fewer && later ? slowPeriods + 1 : 0;
        if (slowPeriods < SLOW_PERIODS) {
            return Optional.empty();
        }
        slowPeriods = 0;
        return Optional.of("it ordered " + period.requests + " requests in the time in which " + reached.requests
                + " have been ordered before, and let them wait " + Math.round(period.waitMillis) + " ms instead of "
                + Math.round(reached.waitMillis));
    }
}
