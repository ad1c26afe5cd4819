package dev.quorate.core.smr;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.View;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.wire.Verified;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Messages of views that this replica has not entered yet: the others may be there already. Kept until it follows, so
 * that nothing has to be sent again.
 *
 * <p>Bounds: of each sender {@value #MESSAGES} messages, and as many bytes as the largest message about one batch may have.
 * The oldest make way.
 */
public final class FutureMessages {
    private static final int MESSAGES = 1024;

    private record Held(View view, Verified<? extends ReplicaMessage> message) {}

    private static final class OfOne {
        private final Deque<Held> held = new ArrayDeque<>();
        private long bytes;
    }

    private final Map<ReplicaId, OfOne> senders = new TreeMap<>();
    private final long maxBytes;
    private final Effects effects;

    public FutureMessages(int maxBytes, Effects effects) {
        this.maxBytes = maxBytes;
        this.effects = effects;
    }

    public void hold(View view, Verified<? extends ReplicaMessage> message) {
        OfOne sender = senders.computeIfAbsent(message.message().replica(), id -> new OfOne());
        sender.held.add(new Held(view, message));
        sender.bytes += message.frame().length();
        while (sender.held.size() > MESSAGES || (sender.bytes > maxBytes && sender.held.size() > 1)) {
            Held dropped = sender.held.remove();
            sender.bytes -= dropped.message.frame().length();
            effects.reject(RejectionReason.QUOTA_EXCEEDED, dropped.message);
        }
    }

    /** Takes out what is for {@code entered}, and drops what is for lower views. */
    public List<Verified<? extends ReplicaMessage>> take(View entered) {
        List<Verified<? extends ReplicaMessage>> taken = new ArrayList<>();
        for (OfOne sender : senders.values()) {
            for (Held held : sender.held) {
                if (held.view.equals(entered)) {
                    taken.add(held.message);
                }
            }
            sender.held.removeIf(held -> held.view.compareTo(entered) <= 0);
            sender.bytes = sender.held.stream()
                    .mapToLong(held -> held.message.frame().length())
                    .sum();
        }
        return taken;
    }
}
