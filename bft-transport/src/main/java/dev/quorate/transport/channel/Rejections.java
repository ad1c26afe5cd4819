package dev.quorate.transport.channel;

import dev.quorate.core.RejectionReason;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what was not believed, by reason, and logs it at a bounded rate. Thread-safe. */
public final class Rejections {
    private static final Logger LOG = LoggerFactory.getLogger(Rejections.class);

    private final String owner;
    private final Map<RejectionReason, LongAdder> counts;
    private final Map<RejectionReason, LogThrottle> throttles;
    private final LongAdder surplus = new LongAdder();

    /** @param owner who rejects, for the log */
    public Rejections(String owner) {
        this.owner = owner;
        EnumMap<RejectionReason, LongAdder> adders = new EnumMap<>(RejectionReason.class);
        EnumMap<RejectionReason, LogThrottle> limits = new EnumMap<>(RejectionReason.class);
        for (RejectionReason reason : RejectionReason.values()) {
            adders.put(reason, new LongAdder());
            limits.put(reason, new LogThrottle());
        }
        counts = Collections.unmodifiableMap(adders);
        throttles = Collections.unmodifiableMap(limits);
    }

    /**
     * Something from outside is dropped, or a connection refused.
     *
     * @param from whom: a peer, or an address
     * @param detail for people; bounded, and free of anything that the sender chose
     */
    public void rejected(RejectionReason reason, Object from, String detail) {
        counts.get(reason).increment();
        throttles.get(reason).log(left -> LOG.warn("{} rejects {} from {}: {}{}", owner, reason, from, detail, left));
    }

    /** Valid messages that do not fit the state are normal after losses: counted, hardly logged. */
    public void unfitting(RejectionReason reason, Object message) {
        counts.get(reason).increment();
        if (reason == RejectionReason.DUPLICATE || reason == RejectionReason.QUOTA_EXCEEDED) {
            surplus.increment();
        }
        LOG.debug("{} has no use for {}: {}", owner, message, reason);
    }

    public long count(RejectionReason reason) {
        return counts.get(reason).sum();
    }

    /** Of all, those that do not hint at anything wrong: known already, or more than there was room for. */
    public long surplus() {
        return surplus.sum();
    }

    public long total() {
        return counts.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** The count of every reason, 0 included. */
    public Map<RejectionReason, Long> counts() {
        EnumMap<RejectionReason, Long> now = new EnumMap<>(RejectionReason.class);
        counts.forEach((reason, adder) -> now.put(reason, adder.sum()));
        return now;
    }
}
