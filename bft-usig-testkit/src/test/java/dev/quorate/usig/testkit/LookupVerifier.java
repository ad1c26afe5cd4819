package dev.quorate.usig.testkit;

import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.usig.UniqueIdentifier;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigContext;
import dev.quorate.usig.UsigIdentity;
import dev.quorate.usig.UsigProvider;
import dev.quorate.usig.UsigVerifier;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what was given out, and compares all but one part of it: the way to forget to certify that part. */
final class LookupVerifier extends Defect {
    enum Part {
        MESSAGE,
        COUNTER,
        EPOCH,
        USIG,
        LAST_BYTE,
        LENGTH
    }

    private record Given(Bytes key, Digest message, UniqueIdentifier ui) {}

    private final Part ignored;
    private final List<Given> given = new CopyOnWriteArrayList<>();

    LookupVerifier(Part ignored) {
        this.ignored = ignored;
    }

    @Override
    UniqueIdentifier createUi(Usig sound, Digest message) throws IOException {
        UniqueIdentifier ui = sound.createUi(message);
        given.add(new Given(sound.identity().key(), message, ui));
        return ui;
    }

    @Override
    UsigVerifier verifier(UsigProvider sound, UsigContext context, UsigIdentity identity) throws IOException {
        if (ignored != Part.USIG) {
            sound.verifier(context, identity);
        }
        return (message, ui) -> given.stream().anyMatch(one -> matches(one, identity, message, ui));
    }

    private boolean matches(Given one, UsigIdentity identity, Digest message, UniqueIdentifier ui) {
        return (ignored == Part.USIG || one.key.equals(identity.key()))
                && (ignored == Part.MESSAGE || one.message.equals(message))
                && (ignored == Part.COUNTER || one.ui.counter() == ui.counter())
                && (ignored == Part.EPOCH || one.ui.epoch() == ui.epoch())
                && matches(one.ui.certificate().toArray(), ui.certificate().toArray());
    }

    private boolean matches(byte[] right, byte[] shown) {
        return switch (ignored) {
            case LAST_BYTE ->
                right.length == shown.length && Arrays.equals(right, 0, right.length - 1, shown, 0, right.length - 1);
            case LENGTH ->
                right.length <= shown.length && Arrays.equals(right, 0, right.length, shown, 0, right.length);
            default -> Arrays.equals(right, shown);
        };
    }
}
