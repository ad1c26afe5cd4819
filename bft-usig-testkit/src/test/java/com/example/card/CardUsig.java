package com.example.card;

import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.crypto.Signer;
import dev.quorate.usig.CertifiedBytes;
import dev.quorate.usig.IssuedUi;
import dev.quorate.usig.UniqueIdentifier;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigDurability;
import dev.quorate.usig.UsigIdentity;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;

/** A USIG that forgets its key and its counter when it is closed. */
final class CardUsig implements Usig {
    private static final int MAX_UNCONFIRMED = 1024;

    private final UsigIdentity identity;
    private final Signer signer;
    private final Runnable whenClosed;
    private final TreeMap<Long, IssuedUi> unconfirmed = new TreeMap<>();
    private long last;
    private long confirmed;
    private boolean closed;

    CardUsig(long epoch, Signer signer, Runnable whenClosed) {
        this.identity = new UsigIdentity(
                CardUsigProvider.NAME, epoch, signer.publicKey().encoded(), Bytes.EMPTY);
        this.signer = signer;
        this.whenClosed = whenClosed;
    }

    @Override
    public synchronized UniqueIdentifier createUi(Digest message) throws IOException {
        if (closed) {
            throw new IOException("the card is closed");
        }
        if (unconfirmed.size() == MAX_UNCONFIRMED) {
            throw new IllegalStateException(MAX_UNCONFIRMED + " identifiers are unconfirmed");
        }
        long counter = last + 1;
        byte[] certificate = signer.sign(CertifiedBytes.of(identity.epoch(), counter, message));
        UniqueIdentifier ui = new UniqueIdentifier(identity.epoch(), counter, Bytes.wrap(certificate));
        unconfirmed.put(counter, new IssuedUi(message, ui));
        last = counter;
        return ui;
    }

    @Override
    public synchronized List<IssuedUi> certificatesAfter(long counter) {
        if (counter < confirmed || counter > last) {
            throw new IllegalArgumentException("there is " + confirmed + " to " + last + ", not " + counter);
        }
        return List.copyOf(unconfirmed.tailMap(counter, false).values());
    }

    @Override
    public synchronized void confirm(long counter) {
        if (counter > last) {
            throw new IllegalArgumentException("the last counter is " + last + ", not " + counter);
        }
        unconfirmed.headMap(counter, true).clear();
        confirmed = Math.max(confirmed, counter);
    }

    @Override
    public synchronized long lastCounter() {
        return last;
    }

    @Override
    public synchronized long lastConfirmed() {
        return confirmed;
    }

    @Override
    public int maxUnconfirmed() {
        return MAX_UNCONFIRMED;
    }

    @Override
    public UsigIdentity identity() {
        return identity;
    }

    @Override
    public UsigDurability durability() {
        return UsigDurability.VOLATILE;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            whenClosed.run();
        }
    }
}
