package dev.quorate.simulator.crypto;

import dev.quorate.core.wire.UiDrafts;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.usig.IssuedUi;
import dev.quorate.usig.UniqueIdentifier;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigDurability;
import dev.quorate.usig.UsigIdentity;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A trusted counter, with a note of what it certified last. A durable one outlives its replica, and so do its notes; one
 * that is the tail of the log is set to what the log says when the replica starts again; a volatile one begins a new epoch
 * then, and certifies nothing before it is renewed.
 */
final class SimulatedCounter implements Usig, UiDrafts {
    private static final int KEPT = 256;

    /** Makes what proves that a counter was given to a message. */
    interface Certifier {
        Bytes certificate(int replica, Digest message, long epoch, long counter);
    }

    private record Issued(Bytes draft, IssuedUi ui) {}

    private final int replica;
    private final Certifier certifier;
    private final UsigDurability durability;
    private final Deque<Issued> newest = new ArrayDeque<>();
    private Bytes draft = Bytes.EMPTY;
    private long epoch;
    private long last;
    private boolean opened;
    private boolean lost;

    SimulatedCounter(int replica, Certifier certifier, UsigDurability durability, long last) {
        this.replica = replica;
        this.certifier = certifier;
        this.durability = durability;
        this.last = last;
    }

    @Override
    public UsigIdentity identity() {
        return new UsigIdentity("simulated", epoch, Bytes.wrap(new byte[] {(byte) replica}), Bytes.EMPTY);
    }

    @Override
    public UsigDurability durability() {
        return durability;
    }

    @Override
    public long lastCounter() {
        return last;
    }

    /** A process opens it. */
    void open() {
        if (opened && durability == UsigDurability.VOLATILE) {
            epoch++;
            last = 0;
            lost = true;
        }
        opened = true;
    }

    /** Nothing above {@code tail}, a place, ever existed: it was not on disk, so it never left. */
    void goBackTo(long tail) {
        last = UniqueIdentifier.epochOf(tail) == epoch ? tail - UniqueIdentifier.firstPlace(epoch) + 1 : 0;
    }

    /** What is left in service when this one begins a new epoch: it goes on from where this one is. */
    SimulatedCounter former() {
        SimulatedCounter former = new SimulatedCounter(replica, certifier, durability, last);
        former.epoch = epoch;
        return former;
    }

    /** Begins a new epoch, {@code least} or a higher one, with a counter of 0. */
    void renew(long least) {
        epoch = Math.max(least, epoch + 1);
        last = 0;
        lost = false;
        newest.clear();
    }

    @Override
    public void note(Bytes message) {
        draft = message;
    }

    @Override
    public UniqueIdentifier createUi(Digest message) {
        if (lost) {
            throw new IllegalStateException("a replica that rejoins has nothing to say with a USIG yet");
        }
        last++;
        UniqueIdentifier ui = new UniqueIdentifier(epoch, last, certifier.certificate(replica, message, epoch, last));
        if (durability == UsigDurability.DURABLE) {
            newest.add(new Issued(draft, new IssuedUi(message, ui)));
            if (newest.size() > KEPT) {
                newest.remove();
            }
        }
        return ui;
    }

    /** The frames of what was certified above {@code place}, as far as they are noted; by their places. */
    List<Bytes> framesAfter(long place) {
        return newest.stream()
                .filter(issued -> issued.ui().ui().place() > place)
                .map(issued -> UiDrafts.complete(issued.draft(), issued.ui()))
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public List<IssuedUi> certificatesAfter(long counter) {
        return newest.stream()
                .map(Issued::ui)
                .filter(issued -> issued.ui().place() > counter)
                .toList();
    }

    @Override
    public void confirm(long counter) {
        // Forgets by itself what is old.
    }

    @Override
    public long lastConfirmed() {
        return last - newest.size();
    }

    @Override
    public int maxUnconfirmed() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void close() {
        // It lives as long as the run.
    }
}
