package dev.quorate.transport.channel;

import java.util.concurrent.atomic.LongAdder;

/** Counts what goes over the channels of one replica or client. Thread-safe. */
public final class Traffic {
    private final LongAdder framesReceived = new LongAdder();
    private final LongAdder bytesReceived = new LongAdder();
    private final LongAdder framesSent = new LongAdder();
    private final LongAdder bytesSent = new LongAdder();
    private final LongAdder framesDropped = new LongAdder();
    private final LongAdder framesWithoutChannel = new LongAdder();
    private final LongAdder connections = new LongAdder();

    void received(int bytes) {
        framesReceived.increment();
        bytesReceived.add(bytes);
    }

    void sent(int bytes) {
        framesSent.increment();
        bytesSent.add(bytes);
    }

    void dropped() {
        framesDropped.increment();
    }

    void connected() {
        connections.increment();
    }

    /** There was no channel to whom a frame was for. */
    public void withoutChannel() {
        framesWithoutChannel.increment();
    }

    public long framesReceived() {
        return framesReceived.sum();
    }

    /** Without length prefixes and TLS. */
    public long bytesReceived() {
        return bytesReceived.sum();
    }

    public long framesSent() {
        return framesSent.sum();
    }

    /** Without length prefixes and TLS. */
    public long bytesSent() {
        return bytesSent.sum();
    }

    /** Frames for which a peer's queue had no room. */
    public long framesDropped() {
        return framesDropped.sum();
    }

    /** Frames for which there was no channel at all. */
    public long framesWithoutChannel() {
        return framesWithoutChannel.sum();
    }

    /** How many connections got as far as both sides knowing each other. */
    public long connections() {
        return connections.sum();
    }
}
