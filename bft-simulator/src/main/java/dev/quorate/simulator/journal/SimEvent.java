package dev.quorate.simulator.journal;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.smr.Notice;
import dev.quorate.core.smr.TimerId;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Validation;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.kernel.RunDigest;
import java.nio.charset.StandardCharsets;

/** Something that happened in a run. Immutable; put into words only when somebody wants to read it. */
public sealed interface SimEvent {
    /** When, in nanoseconds of virtual time since the run began. */
    long atNanos();

    /** What happened, in words, without the time. */
    String words();

    /** Adds what distinguishes this event from others. */
    void addTo(RunDigest digest);

    /** A frame arrived, and was validated. */
    record Delivered(long atNanos, long sentAtNanos, Peer from, Peer to, Bytes frame, Validation validation)
            implements SimEvent {
        @Override
        public String words() {
            if (validation instanceof Validation.Accepted accepted) {
                return to + " receives from " + from + ": " + accepted.message();
            }
            return to + " refuses a frame of " + frame.length() + " bytes from " + from + ": "
                    + (validation instanceof Validation.Rejected no ? no.reason() + ", " + no.detail() : "");
        }

        @Override
        public void addTo(RunDigest digest) {
            digest.add(atNanos, "delivered", (long) number(from) << 32 | number(to), frame);
        }
    }

    /** A frame did not arrive. */
    record Lost(long atNanos, Peer from, Peer to, Bytes frame, String why) implements SimEvent {
        @Override
        public String words() {
            return "a frame of " + frame.length() + " bytes from " + from + " to " + to + " is lost: " + why;
        }

        @Override
        public void addTo(RunDigest digest) {
            digest.add(atNanos, "lost", (long) number(from) << 32 | number(to), frame);
        }
    }

    /** A replica's timer ran out. */
    record TimerFired(long atNanos, ReplicaId replica, TimerId timer) implements SimEvent {
        @Override
        public String words() {
            return "at " + replica + " the timer " + timer.kind() + " of " + timer.view() + " runs out";
        }

        @Override
        public void addTo(RunDigest digest) {
            digest.add(atNanos, timer.kind().name(), replica.value(), Bytes.EMPTY);
        }
    }

    /** A replica reported something. */
    record Noticed(long atNanos, ReplicaId replica, Notice notice) implements SimEvent {
        @Override
        public String words() {
            return replica + " reports: " + notice;
        }

        @Override
        public void addTo(RunDigest digest) {
            digest.add(atNanos, notice.getClass().getSimpleName(), replica.value(), Bytes.EMPTY);
        }
    }

    /**
     * Something happened that is neither a message nor a timer.
     *
     * @param who whatever it happened to, put into words by its {@code toString}
     */
    record Happened(long atNanos, String kind, Object who, String what) implements SimEvent {
        @Override
        public String words() {
            return who + " " + what;
        }

        @Override
        public void addTo(RunDigest digest) {
            digest.add(atNanos, kind, 0, Bytes.wrap(words().getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static int number(Peer peer) {
        if (peer instanceof Peer.OfReplica replica) {
            return replica.id().value();
        }
        return peer instanceof Peer.OfClient client ? ~client.id().value() : 0;
    }
}
