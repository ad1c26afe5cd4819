package dev.quorate.usig.software;

import dev.quorate.crypto.Digest;
import dev.quorate.usig.CertifiedBytes;
import dev.quorate.usig.IssuedUi;
import dev.quorate.usig.UniqueIdentifier;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigDurability;
import dev.quorate.usig.UsigIdentity;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A USIG in the replica's own process. Certificates are made again when asked for, so only digests are kept. */
final class SoftwareUsig implements Usig {
    private final UsigIdentity identity;
    private final CounterMode mode;
    private final Certifier certifier;
    private final CounterLog log;
    private final Closeable resources;
    private final ArrayDeque<Digest> unconfirmed;
    private final AtomicBoolean busy = new AtomicBoolean();
    private long confirmed;
    private boolean closed;
    private boolean failed;

    /** @param resources closed with this */
    SoftwareUsig(UsigIdentity identity, CounterMode mode, Certifier certifier, Opening opening, Closeable resources) {
        this.identity = identity;
        this.mode = mode;
        this.certifier = certifier;
        this.log = opening.log();
        this.resources = resources;
        this.unconfirmed = new ArrayDeque<>(opening.unconfirmed());
        this.confirmed = opening.confirmed();
    }

    @Override
    public UsigIdentity identity() {
        return identity;
    }

    @Override
    public UsigDurability durability() {
        return mode.durability();
    }

    @Override
    public int maxUnconfirmed() {
        return mode.maxUnconfirmed();
    }

    @Override
    public long lastCounter() {
        enter();
        try {
            return last();
        } finally {
            busy.set(false);
        }
    }

    @Override
    public long lastConfirmed() {
        enter();
        try {
            return confirmed;
        } finally {
            busy.set(false);
        }
    }

    @Override
    public UniqueIdentifier createUi(Digest message) throws IOException {
        enter();
        try {
            requireUsable();
            requireRoom();
            long counter = last() + 1;
            // Whatever happens from here to the end, it is not known how far the counter got.
            failed = true;
            log.creating(counter, confirmed, message);
            UniqueIdentifier ui = certified(counter, message);
            unconfirmed.addLast(message);
            failed = false;
            return ui;
        } finally {
            busy.set(false);
        }
    }

    @Override
    public List<IssuedUi> certificatesAfter(long counter) throws IOException {
        enter();
        try {
            requireUsable();
            if (counter < confirmed || counter > last()) {
                throw new IllegalArgumentException("the USIG can give out again what is after counter " + confirmed
                        + " and up to " + last() + "; asked for what is after " + counter);
            }
            List<IssuedUi> issued = new ArrayList<>();
            long next = confirmed;
            for (Digest message : unconfirmed) {
                next++;
                if (next > counter) {
                    issued.add(new IssuedUi(message, certified(next, message)));
                }
            }
            return issued;
        } finally {
            busy.set(false);
        }
    }

    @Override
    public void confirm(long counter) {
        enter();
        try {
            if (counter > last()) {
                throw new IllegalArgumentException(
                        "counter " + counter + " cannot be confirmed: the last is " + last());
            }
            while (confirmed < counter) {
                unconfirmed.removeFirst();
                confirmed++;
            }
        } finally {
            busy.set(false);
        }
    }

    @Override
    public void close() throws IOException {
        enter();
        try (resources) {
            if (!closed && !failed) {
                log.closing(confirmed);
            }
        } finally {
            closed = true;
            busy.set(false);
        }
    }

    private long last() {
        return confirmed + unconfirmed.size();
    }

    private UniqueIdentifier certified(long counter, Digest message) {
        long epoch = identity.epoch();
        return new UniqueIdentifier(epoch, counter, certifier.certify(CertifiedBytes.of(epoch, counter, message)));
    }

    /** Notices most of those who break the contract, at the price of one atomic instruction. */
    private void enter() {
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "two threads use one USIG at the same time; the order of its counters would" + " be up to chance");
        }
    }

    private void requireUsable() throws IOException {
        if (closed) {
            throw new IOException("the USIG is closed");
        }
        if (failed) {
            throw new IOException(
                    "the USIG has failed before: it has to be opened again, to see how far its counter got");
        }
    }

    private void requireRoom() {
        if (unconfirmed.size() >= mode.maxUnconfirmed()) {
            throw new IllegalStateException(
                    mode.maxUnconfirmed() + " identifiers are unconfirmed, which is the limit: confirm"
                            + " those that are on the replica's disk");
        }
        if (last() == Long.MAX_VALUE) {
            throw new IllegalStateException("this epoch has no more counters: begin a new one");
        }
    }
}
