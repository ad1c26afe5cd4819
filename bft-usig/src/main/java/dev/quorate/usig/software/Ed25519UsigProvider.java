package dev.quorate.usig.software;

import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.InvalidKeyException;
import dev.quorate.crypto.KeyFiles;
import dev.quorate.crypto.PrivateKey;
import dev.quorate.crypto.PublicKey;
import dev.quorate.crypto.SignatureScheme;
import dev.quorate.crypto.SignatureVerifier;
import dev.quorate.crypto.Signer;
import dev.quorate.usig.CertifiedBytes;
import dev.quorate.usig.UsigContext;
import dev.quorate.usig.UsigIdentity;
import dev.quorate.usig.UsigStateException;
import dev.quorate.usig.UsigStateException.Reason;
import dev.quorate.usig.UsigVerifier;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * The USIG {@code ed25519}: certificates are signatures by {@link SignatureScheme#DEFAULT} with a key of its own for each
 * epoch. Nothing is shared: the secrets of one replica are worth nothing against another.
 *
 * <p>The key is in {@code usig-EPOCH.key} in the directory. See the package for what it does not protect against.
 */
public final class Ed25519UsigProvider extends SoftwareUsigProvider {
    public static final String NAME = "ed25519";

    private final SignatureScheme scheme = SignatureScheme.named(SignatureScheme.DEFAULT);
    private final SecureRandom random = new SecureRandom();

    public Ed25519UsigProvider() {
        super(NAME);
    }

    @Override
    public UsigVerifier verifier(UsigContext context, UsigIdentity identity) {
        requireOwn(identity);
        SignatureVerifier verifier;
        try {
            verifier = scheme.verifier(new PublicKey(scheme.name(), identity.key()));
        } catch (InvalidKeyException e) {
            throw new IllegalArgumentException("the key of a USIG identity: " + e.getMessage(), e);
        }
        // The scheme checks the certificate's length before anything else.
        return (message, ui) -> ui.epoch() == identity.epoch()
                && verifier.verify(
                        CertifiedBytes.of(ui.epoch(), ui.counter(), message),
                        ui.certificate().toArray());
    }

    @Override
    void prepare(Path directory) {
        // Nothing is shared.
    }

    @Override
    Certifier create(Path directory, long epoch, boolean keep) throws IOException {
        PrivateKey key = scheme.generate(random);
        if (keep) {
            Path file = keyFile(directory, epoch);
            // There may be one of an initialisation that was interrupted; no state names it.
            Files.deleteIfExists(file);
            KeyFiles.write(file, key);
            Durably.sync(file);
        }
        return certifier(key, directory);
    }

    @Override
    Certifier load(Path directory, UsigIdentity identity) throws IOException {
        Path file = keyFile(directory, identity.epoch());
        SecretFiles.requireUsable(file, "put it back, or begin a new epoch");
        PrivateKey key;
        try {
            key = KeyFiles.read(file);
        } catch (InvalidKeyException e) {
            throw new UsigStateException(Reason.CORRUPT, e.getMessage() + ". " + StateFile.ADVICE);
        }
        Certifier certifier = certifier(key, file);
        if (!certifier.identityKey().equals(identity.key())) {
            throw new UsigStateException(
                    Reason.MISMATCH,
                    file
                            + " is not the key of the USIG's state beside it: put the right one back, or begin a new epoch");
        }
        return certifier;
    }

    @Override
    void forgetAllBut(Path directory, long epoch) throws IOException {
        Path kept = keyFile(directory, epoch);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "usig-*.key")) {
            for (Path file : files) {
                if (!file.equals(kept)) {
                    Files.delete(file);
                }
            }
        }
    }

    private static Path keyFile(Path directory, long epoch) {
        return directory.resolve("usig-" + epoch + ".key");
    }

    private Certifier certifier(PrivateKey key, Path where) throws UsigStateException {
        Signer signer;
        try {
            signer = scheme.signer(key);
        } catch (InvalidKeyException e) {
            throw new UsigStateException(Reason.CORRUPT, where + ": " + e.getMessage() + ". " + StateFile.ADVICE);
        }
        return new Certifier() {
            @Override
            public Bytes identityKey() {
                return signer.publicKey().encoded();
            }

            @Override
            public Bytes certify(byte[] certified) {
                return Bytes.wrap(signer.sign(certified));
            }
        };
    }
}
