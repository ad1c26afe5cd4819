package dev.quorate.usig.testkit;

import dev.quorate.crypto.Digest;
import dev.quorate.usig.IssuedUi;
import dev.quorate.usig.UniqueIdentifier;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigDurability;
import dev.quorate.usig.UsigIdentity;
import java.io.IOException;
import java.util.List;

/** Does what another one does. */
class ForwardingUsig implements Usig {
    final Usig sound;

    ForwardingUsig(Usig sound) {
        this.sound = sound;
    }

    @Override
    public UsigIdentity identity() {
        return sound.identity();
    }

    @Override
    public UsigDurability durability() {
        return sound.durability();
    }

    @Override
    public long lastCounter() {
        return sound.lastCounter();
    }

    @Override
    public long lastConfirmed() {
        return sound.lastConfirmed();
    }

    @Override
    public UniqueIdentifier createUi(Digest message) throws IOException {
        return sound.createUi(message);
    }

    @Override
    public List<IssuedUi> certificatesAfter(long counter) throws IOException {
        return sound.certificatesAfter(counter);
    }

    @Override
    public void confirm(long counter) throws IOException {
        sound.confirm(counter);
    }

    @Override
    public int maxUnconfirmed() {
        return sound.maxUnconfirmed();
    }

    @Override
    public void close() throws IOException {
        sound.close();
    }
}
