package dev.quorate.transport.driver;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.message.Inspect;
import dev.quorate.core.message.Inspection;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.Reply;
import dev.quorate.core.wire.MessageValidator;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Validation;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.transport.channel.Connection;
import dev.quorate.transport.channel.Receiver;
import dev.quorate.transport.channel.Rejections;
import dev.quorate.transport.channel.TransportLimits.ChannelLimits;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What arrived over one connection, on its way through validation to the replica thread, in order.
 *
 * <p>Bounded over the whole way: a frame takes up room from its arrival until the protocol has handled it. When there is
 * none left the connection is not read any more, so that no queue further on needs a bound of its own, and a peer that
 * sends too much waits for itself only.
 */
final class InboundQueue implements Receiver {
    private static final Logger LOG = LoggerFactory.getLogger(InboundQueue.class);
    /** Frames validated before other connections get their turn. */
    private static final int TURN = 32;
    /**
     * A signed envelope takes up at least this much: cluster id, type and signature with their tags. Whatever is shorter
     * is cheap to validate, and not worth the way to another thread.
     */
    private static final int SHORTEST_SIGNED = 86;

    private final Connection connection;
    private final MessageValidator validator;
    private final Rejections rejections;
    private final WorkerPool workers;
    private final ReplicaLoop loop;
    private final Runnable onClosed;
    private final boolean fromReplica;
    private final ChannelLimits limits;

    private final Queue<Bytes> unvalidated = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unvalidatedCount = new AtomicInteger();
    private final AtomicInteger frames = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final Runnable turn = this::validateSome;
    private volatile boolean paused;

    InboundQueue(
            Connection connection,
            MessageValidator validator,
            Rejections rejections,
            WorkerPool workers,
            ReplicaLoop loop,
            Runnable onClosed) {
        this.connection = connection;
        this.validator = validator;
        this.rejections = rejections;
        this.workers = workers;
        this.loop = loop;
        this.onClosed = onClosed;
        this.fromReplica = connection.peer() instanceof Peer.OfReplica;
        this.limits = connection.limits();
    }

    /** The connection over which answers go back. */
    Connection connection() {
        return connection;
    }

    @Override
    public void received(Bytes frame) {
        frames.incrementAndGet();
        bytes.addAndGet(frame.length());
        if (isFull()) {
            pause();
        }
        if (frame.length() < SHORTEST_SIGNED && unvalidatedCount.get() == 0) {
            validate(frame);
            return;
        }
        unvalidated.add(frame);
        if (unvalidatedCount.getAndIncrement() == 0) {
            submit();
        }
    }

    private void submit() {
        if (fromReplica) {
            workers.executeUrgent(turn);
        } else {
            workers.execute(turn);
        }
    }

    /** Validates on a worker: on one at a time, since it is submitted again only when it is done. */
    private void validateSome() {
        int count = Math.min(TURN, unvalidatedCount.get());
        for (int i = 0; i < count; i++) {
            validate(unvalidated.remove());
        }
        if (unvalidatedCount.addAndGet(-count) > 0) {
            submit();
        }
    }

    private void validate(Bytes frame) {
        Validation validation;
        try {
            validation = validator.validate(frame, connection.peer());
        } catch (Throwable e) {
            // Errors too: whatever a peer managed to provoke, the queue and its thread go on.
            LOG.error("Validation failed unexpectedly: the message of {} is dropped", connection, e);
            validation = new Validation.Rejected(RejectionReason.MALFORMED, "validation failed");
        }
        if (validation instanceof Validation.Accepted accepted
                && isForReplicas(accepted.message().message())) {
            loop.post(new Work.Received(accepted.message(), this), fromReplica);
            return;
        }
        if (validation instanceof Validation.Rejected rejected) {
            rejections.rejected(rejected.reason(), connection.peer(), rejected.detail());
        } else {
            rejections.rejected(RejectionReason.NOT_PERMITTED, connection.peer(), "a message that is not for replicas");
        }
        release(frame.length());
    }

    private boolean isForReplicas(Message message) {
        return !(message instanceof Reply
                || message instanceof Inspection
                || (message instanceof Inspect && fromReplica));
    }

    /** A message has been handled, and gives its room back. On any thread. */
    void handled(Verified<? extends Message> message) {
        release(message.frame().length());
    }

    private void release(int length) {
        frames.decrementAndGet();
        bytes.addAndGet(-length);
        if (paused && hasRoom()) {
            connection.eventLoop().execute(this::resume);
        }
    }

    private boolean isFull() {
        return frames.get() >= limits.incomingFrames() || bytes.get() >= limits.incomingBytes();
    }

    /** Well below full, so that the connection is not paused again at once. */
    private boolean hasRoom() {
        return frames.get() <= limits.incomingFrames() / 2 && bytes.get() <= limits.incomingBytes() / 2;
    }

    private void pause() {
        if (!paused) {
            paused = true;
            connection.setReading(false);
            // What was handled before this thread said "paused" did not resume.
            resume();
        }
    }

    private void resume() {
        if (paused && hasRoom()) {
            paused = false;
            connection.setReading(true);
        }
    }

    @Override
    public void closed() {
        onClosed.run();
    }
}
