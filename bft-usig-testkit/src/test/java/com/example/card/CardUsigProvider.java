package com.example.card;

import dev.quorate.crypto.InvalidKeyException;
import dev.quorate.crypto.KeyFiles;
import dev.quorate.crypto.PrivateKey;
import dev.quorate.crypto.PublicKey;
import dev.quorate.crypto.SignatureScheme;
import dev.quorate.crypto.SignatureVerifier;
import dev.quorate.crypto.Signer;
import dev.quorate.usig.CertifiedBytes;
import dev.quorate.usig.KnownCounter;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigContext;
import dev.quorate.usig.UsigIdentity;
import dev.quorate.usig.UsigProvider;
import dev.quorate.usig.UsigStateException;
import dev.quorate.usig.UsigStateException.Reason;
import dev.quorate.usig.UsigVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

public final class CardUsigProvider implements UsigProvider {
    static final String NAME = "card";

    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private final SignatureScheme scheme = SignatureScheme.named(SignatureScheme.DEFAULT);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public UsigIdentity init(UsigContext context, long epoch) throws IOException {
        context.requireKnown(NAME, List.of());
        Files.createDirectories(context.directory());
        if (Files.exists(epochFile(context))) {
            throw new UsigStateException(
                    Reason.ALREADY_INITIALISED, "there is a card in " + context.directory() + " already");
        }
        return begin(context, epoch);
    }

    @Override
    public UsigIdentity renew(UsigContext context, long epoch) throws IOException {
        context.requireKnown(NAME, List.of());
        take(context);
        try {
            if (epoch <= readEpoch(context)) {
                throw new IllegalArgumentException("the card has reached epoch " + epoch + " already");
            }
            return begin(context, epoch);
        } finally {
            OPEN.remove(context.directory());
        }
    }

    /** A key in a file until the epoch is opened: the others have to know it before. */
    private UsigIdentity begin(UsigContext context, long epoch) throws IOException {
        PrivateKey key = scheme.generate(new SecureRandom());
        Files.deleteIfExists(keyFile(context));
        KeyFiles.write(keyFile(context), key);
        Files.writeString(epochFile(context), Long.toString(epoch));
        return new CardUsig(epoch, signer(key), () -> {}).identity();
    }

    @Override
    public Usig open(UsigContext context, Optional<KnownCounter> known) throws IOException {
        context.requireKnown(NAME, List.of());
        take(context);
        try {
            long epoch = readEpoch(context);
            boolean fresh = Files.exists(keyFile(context));
            boolean rolledBack = known.isPresent()
                    && (known.get().epoch() > epoch
                            || (fresh
                                    && known.get().epoch() == epoch
                                    && known.get().counter() > 0));
            if (rolledBack) {
                throw new UsigStateException(
                        Reason.ROLLED_BACK, context.directory() + " is older than the replica's log: renew the card");
            }
            PrivateKey key = fresh ? readKey(context) : scheme.generate(new SecureRandom());
            // An epoch is used up before its first counter exists, whatever happens afterwards.
            Files.writeString(epochFile(context), Long.toString(fresh ? epoch : epoch + 1));
            Files.deleteIfExists(keyFile(context));
            return new CardUsig(fresh ? epoch : epoch + 1, signer(key), () -> OPEN.remove(context.directory()));
        } catch (IOException | RuntimeException e) {
            OPEN.remove(context.directory());
            throw e;
        }
    }

    @Override
    public UsigVerifier verifier(UsigContext context, UsigIdentity identity) {
        if (!identity.provider().equals(NAME) || !identity.attestation().isEmpty()) {
            throw new IllegalArgumentException("not an identity of a card: " + identity);
        }
        try {
            SignatureVerifier verifier = scheme.verifier(new PublicKey(scheme.name(), identity.key()));
            return (message, ui) -> ui.epoch() == identity.epoch()
                    && verifier.verify(
                            CertifiedBytes.of(ui.epoch(), ui.counter(), message),
                            ui.certificate().toArray());
        } catch (InvalidKeyException e) {
            throw new IllegalArgumentException("a card's key: " + e.getMessage(), e);
        }
    }

    private static void take(UsigContext context) throws UsigStateException {
        if (!OPEN.add(context.directory())) {
            throw new UsigStateException(Reason.IN_USE, "the card in " + context.directory() + " is open already");
        }
    }

    private static long readEpoch(UsigContext context) throws IOException {
        if (!Files.exists(epochFile(context))) {
            throw new UsigStateException(Reason.NOT_INITIALISED, "there is no card in " + context.directory());
        }
        try {
            return Long.parseLong(Files.readString(epochFile(context)));
        } catch (NumberFormatException e) {
            throw new UsigStateException(Reason.CORRUPT, epochFile(context) + " is damaged: renew the card");
        }
    }

    private static PrivateKey readKey(UsigContext context) throws IOException {
        try {
            return KeyFiles.read(keyFile(context));
        } catch (InvalidKeyException e) {
            throw new UsigStateException(Reason.CORRUPT, e.getMessage() + ": renew the card");
        }
    }

    private Signer signer(PrivateKey key) throws IOException {
        try {
            return scheme.signer(key);
        } catch (InvalidKeyException e) {
            throw new IOException("a key of this scheme that it does not accept: " + e.getMessage(), e);
        }
    }

    private static Path epochFile(UsigContext context) {
        return context.directory().resolve("epoch");
    }

    private static Path keyFile(UsigContext context) {
        return context.directory().resolve("first.key");
    }
}
