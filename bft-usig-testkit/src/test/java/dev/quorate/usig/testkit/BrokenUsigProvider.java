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
import dev.quorate.usig.software.HmacUsigProvider;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A sound USIG with one {@link Defect}. */
public class BrokenUsigProvider implements UsigProvider {
    /** The tests that look for it run one after the other. */
    static volatile Defect defect = new Defect();

    private final UsigProvider sound = new Renamed();

    @Override
    public String name() {
        return sound.name();
    }

    @Override
    public UsigIdentity init(UsigContext context, long epoch) throws IOException {
        return defect.init(sound, context, epoch);
    }

    @Override
    public UsigIdentity renew(UsigContext context, long epoch) throws IOException {
        return defect.renew(sound, context, epoch);
    }

    @Override
    public Usig open(UsigContext context, Optional<KnownCounter> known) throws IOException {
        return new BrokenUsig(defect.open(sound, context, known));
    }

    @Override
    public UsigVerifier verifier(UsigContext context, UsigIdentity identity) throws IOException {
        return defect.verifier(sound, context, identity);
    }

    private static final class BrokenUsig extends ForwardingUsig {
        private BrokenUsig(Usig sound) {
            super(sound);
        }

        @Override
        public UsigIdentity identity() {
            return defect.identity(sound);
        }

        @Override
        public UsigDurability durability() {
            return defect.durability(sound);
        }

        @Override
        public UniqueIdentifier createUi(Digest message) throws IOException {
            return defect.createUi(sound, message);
        }

        @Override
        public List<IssuedUi> certificatesAfter(long counter) throws IOException {
            return defect.certificatesAfter(sound, counter);
        }

        @Override
        public void confirm(long counter) throws IOException {
            defect.confirm(sound, counter);
        }
    }

    /** The software USIG under another name. */
    private static final class Renamed implements UsigProvider {
        private final UsigProvider hmac = new HmacUsigProvider();

        @Override
        public String name() {
            return "broken";
        }

        @Override
        public UsigIdentity init(UsigContext context, long epoch) throws IOException {
            return renamed(hmac.init(context, epoch), name());
        }

        @Override
        public List<UsigIdentity> initAll(List<UsigContext> contexts) throws IOException {
            return hmac.initAll(contexts).stream()
                    .map(identity -> renamed(identity, name()))
                    .toList();
        }

        @Override
        public UsigIdentity renew(UsigContext context, long epoch) throws IOException {
            return renamed(hmac.renew(context, epoch), name());
        }

        @Override
        public Usig open(UsigContext context, Optional<KnownCounter> known) throws IOException {
            return new ForwardingUsig(hmac.open(context, known)) {
                @Override
                public UsigIdentity identity() {
                    return renamed(sound.identity(), name());
                }
            };
        }

        @Override
        public UsigVerifier verifier(UsigContext context, UsigIdentity identity) throws IOException {
            if (!identity.provider().equals(name())) {
                throw new IllegalArgumentException("an identity of " + identity.provider());
            }
            return hmac.verifier(context, renamed(identity, HmacUsigProvider.NAME));
        }
    }

    static UsigIdentity renamed(UsigIdentity identity, String provider) {
        return new UsigIdentity(provider, identity.epoch(), identity.key(), identity.attestation());
    }

    /** All replicas of a test share a secret, as {@link HmacUsigProvider#initAll} has it. */
    @Override
    public List<UsigIdentity> initAll(List<UsigContext> contexts) throws IOException {
        List<UsigIdentity> identities = new java.util.ArrayList<>();
        for (UsigContext context : contexts) {
            if (!identities.isEmpty()) {
                java.nio.file.Files.createDirectories(context.directory());
                java.nio.file.Files.copy(
                        contexts.get(0).directory().resolve("usig.secret"),
                        context.directory().resolve("usig.secret"),
                        java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            }
            identities.add(init(context, 0));
        }
        return identities;
    }
}
