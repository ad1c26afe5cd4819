package dev.quorate.simulator.fault;

import dev.quorate.core.wire.Peer;
import java.util.List;
import java.util.Locale;

/**
 * One fault of the network, or of a replica that does nothing wrong on purpose: from when, for how long, and whom it
 * hits.
 *
 * @param index its number in the run: what options that make a run smaller refer to
 * @param group the replicas and clients that it hits, not empty
 * @param strength how strong: for {@link Kind#SLOW_LINKS} and {@link Kind#SLOW_DISK} a factor, for
 *     {@link Kind#LOSSY_LINKS} a percentage; for {@link Kind#CRASH} how many milliseconds pass between one replica's
 *     start and the next one's; for {@link Kind#TORN_WRITE} and {@link Kind#FAILING_DISK} how many writes or syncs still
 *     go well; for {@link Kind#FULL_DISK} how many bytes there is still room for; else of no meaning
 */
public record Fault(int index, Kind kind, long atNanos, long durationNanos, List<Peer> group, int strength) {
    /** The kinds of faults. */
    public enum Kind {
        /** Nothing gets from the group to the rest or back; what is sent is lost. */
        PARTITION("partition"),
        /** The same, but what is sent arrives afterwards. */
        HOLD("long delay"),
        /** Nothing gets from the group to the rest. */
        MUTE("one-way partition"),
        /** Nothing gets from the rest to the group. */
        DEAFEN("one-way partition"),
        SLOW_LINKS("slow links"),
        LOSSY_LINKS("lossy links"),
        /** The replicas stand still, as under SIGSTOP. */
        PAUSE("pause"),
        /** The replicas crash, and start again afterwards. */
        CRASH("crash"),
        /** The same, and their disks are lost. */
        CRASH_WITHOUT_DISK("crash with loss of disk"),
        SLOW_DISK("slow disk"),
        /** The replicas' syncs fail, so that they stop; they start again afterwards. */
        FAILING_DISK("failing disk"),
        /** There is no more room on the replicas' disks, so that they stop; they start again afterwards. */
        FULL_DISK("full disk"),
        /** The replicas crash in the middle of something that they do to their disks; they start again afterwards. */
        TORN_WRITE("torn write"),
        /** The replicas crash, and find some of what they stored damaged when they start again. */
        CORRUPT_DISK("corrupt disk"),
        /** A write goes to a wrong place; when the fault ends, the replicas crash and start again. */
        MISDIRECTED_WRITE("misdirected write");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** The kind in words. */
        public String words() {
            return words;
        }

        /** Whether it hits links rather than replicas. */
        public boolean isOfNetwork() {
            return switch (this) {
                case PARTITION, HOLD, MUTE, DEAFEN, SLOW_LINKS, LOSSY_LINKS -> true;
                case PAUSE,
                        CRASH,
                        CRASH_WITHOUT_DISK,
                        SLOW_DISK,
                        FAILING_DISK,
                        FULL_DISK,
                        TORN_WRITE,
                        CORRUPT_DISK,
                        MISDIRECTED_WRITE -> false;
            };
        }

        /** Whether it may make replicas forget, which counts among the {@code f}. */
        public boolean loses() {
            return this == CRASH_WITHOUT_DISK || this == CORRUPT_DISK || this == MISDIRECTED_WRITE;
        }

        /** Whether replicas crash in it, or stop, and start again with what their disks have kept. */
        public boolean restarts() {
            return this == CRASH || this == TORN_WRITE || this == FAILING_DISK || this == FULL_DISK;
        }
    }

    public Fault {
        group = List.copyOf(group);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "fault %d: %s of %s from %.3f s for %.3f s%s",
                index,
                kind.words(),
                group,
                atNanos / 1e9,
                durationNanos / 1e9,
                strength > 0 ? ", strength " + strength : "");
    }
}
