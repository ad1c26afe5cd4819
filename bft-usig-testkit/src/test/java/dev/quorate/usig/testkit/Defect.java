package dev.quorate.usig.testkit;

import dev.quorate.crypto.Digest;
import dev.quorate.usig.IssuedUi;
import dev.quorate.usig.KnownCounter;
import dev.quorate.usig.UniqueIdentifier;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigContext;
import dev.quorate.usig.UsigDurability;
import dev.quorate.usig.UsigIdentity;
import dev.quorate.usig.UsigProvider;
import dev.quorate.usig.UsigVerifier;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** One way to get a USIG wrong. As it stands, it changes nothing; each defect overrides what it breaks. */
class Defect {
    UsigIdentity init(UsigProvider sound, UsigContext context, long epoch) throws IOException {
        return sound.init(context, epoch);
    }

    UsigIdentity renew(UsigProvider sound, UsigContext context, long epoch) throws IOException {
        return sound.renew(context, epoch);
    }

    Usig open(UsigProvider sound, UsigContext context, Optional<KnownCounter> known) throws IOException {
        return sound.open(context, known);
    }

    UsigVerifier verifier(UsigProvider sound, UsigContext context, UsigIdentity identity) throws IOException {
        return sound.verifier(context, identity);
    }

    UsigIdentity identity(Usig sound) {
        return sound.identity();
    }

    UsigDurability durability(Usig sound) {
        return sound.durability();
    }

    UniqueIdentifier createUi(Usig sound, Digest message) throws IOException {
        return sound.createUi(message);
    }

    List<IssuedUi> certificatesAfter(Usig sound, long counter) throws IOException {
        return sound.certificatesAfter(counter);
    }

    void confirm(Usig sound, long counter) throws IOException {
        sound.confirm(counter);
    }
}
