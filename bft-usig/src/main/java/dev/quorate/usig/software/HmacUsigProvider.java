package dev.quorate.usig.software;

import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.usig.CertifiedBytes;
import dev.quorate.usig.UsigContext;
import dev.quorate.usig.UsigIdentity;
import dev.quorate.usig.UsigStateException;
import dev.quorate.usig.UsigStateException.Reason;
import dev.quorate.usig.UsigVerifier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The USIG {@code hmac}: certificates are HMAC-SHA256 under a secret that all USIGs of the cluster share (Veronese et al.
 * 2013, section 4.2.1). The cheapest, and the weakest: whoever gets the secret, from any replica, can forge for all.
 *
 * <p>The secret is in {@code usig.secret} in each directory. {@link #initAll} gives all the same; before a replica is
 * added later, that file is copied into its directory.
 */
public final class HmacUsigProvider extends SoftwareUsigProvider {
    public static final String NAME = "hmac";

    private static final String ALGORITHM = "HmacSHA256";
    private static final String SECRET_FILE = "usig.secret";
    private static final int SECRET_BYTES = 32;
    private static final int MAC_BYTES = 32;
    /** An identity's key: which secret, and which USIG and epoch, by a random number drawn for it. */
    private static final int SECRET_NAME_BYTES = 16;

    private static final int INSTANCE_BYTES = 16;
    private static final byte[] NAMING = "quorate-usig-secret-v1".getBytes(StandardCharsets.US_ASCII);

    private final SecureRandom random = new SecureRandom();

    public HmacUsigProvider() {
        super(NAME);
    }

    /** Besides what it does anyway, puts the same secret into every directory: that of the first, if it has one. */
    @Override
    public List<UsigIdentity> initAll(List<UsigContext> contexts) throws IOException {
        List<UsigIdentity> identities = new ArrayList<>();
        for (UsigContext context : contexts) {
            Path file = context.directory().resolve(SECRET_FILE);
            if (!identities.isEmpty() && !Files.exists(file)) {
                Durably.createDirectory(context.directory());
                Durably.replace(
                        file, Files.readAllBytes(contexts.get(0).directory().resolve(SECRET_FILE)));
            }
            identities.add(init(context, 0));
        }
        return identities;
    }

    /** A verifier that knows the shared secret, and could therefore forge as well. */
    @Override
    public UsigVerifier verifier(UsigContext context, UsigIdentity identity) throws IOException {
        requireOwn(identity);
        byte[] secret = readSecret(context.directory());
        byte[] instance = instance(identity);
        if (!identity.key().equals(identityKey(secret, instance))) {
            throw new IllegalArgumentException("a USIG identity that was made with another secret than that in "
                    + context.directory() + ": all replicas need the same " + SECRET_FILE);
        }
        SecretKeySpec key = new SecretKeySpec(secret, ALGORITHM);
        return (message, ui) -> ui.epoch() == identity.epoch()
                && ui.certificate().length() == MAC_BYTES
                && MessageDigest.isEqual(
                        mac(newMac(key), instance, CertifiedBytes.of(ui.epoch(), ui.counter(), message)),
                        ui.certificate().toArray());
    }

    @Override
    void prepare(Path directory) throws IOException {
        Path file = directory.resolve(SECRET_FILE);
        if (!Files.exists(file)) {
            byte[] secret = new byte[SECRET_BYTES];
            random.nextBytes(secret);
            Durably.replace(file, (HexFormat.of().formatHex(secret) + "\n").getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** With the secret that is there. A new one would be worth nothing, as nobody else has it. */
    @Override
    Certifier create(Path directory, long epoch, boolean keep) throws IOException {
        byte[] instance = new byte[INSTANCE_BYTES];
        random.nextBytes(instance);
        return certifier(readSecret(directory), instance);
    }

    @Override
    Certifier load(Path directory, UsigIdentity identity) throws IOException {
        Certifier certifier = certifier(readSecret(directory), instance(identity));
        if (!certifier.identityKey().equals(identity.key())) {
            throw new UsigStateException(
                    Reason.MISMATCH,
                    directory.resolve(SECRET_FILE)
                            + " is not the secret of the USIG's state beside it: put the right one"
                            + " back, or begin a new epoch");
        }
        return certifier;
    }

    @Override
    void forgetAllBut(Path directory, long epoch) {
        // The secret outlives epochs; what was drawn for the epoch was in its state.
    }

    private static byte[] instance(UsigIdentity identity) {
        if (identity.key().length() != SECRET_NAME_BYTES + INSTANCE_BYTES) {
            throw new IllegalArgumentException("the key of a USIG identity of '" + NAME + "' has "
                    + (SECRET_NAME_BYTES + INSTANCE_BYTES) + " bytes, not "
                    + identity.key().length());
        }
        byte[] instance = new byte[INSTANCE_BYTES];
        System.arraycopy(identity.key().unsafeArray(), SECRET_NAME_BYTES, instance, 0, INSTANCE_BYTES);
        return instance;
    }

    private static Bytes identityKey(byte[] secret, byte[] instance) {
        // A digest of 32 random bytes names them and tells nothing about them.
        byte[] name = Digest.sha256(NAMING, secret).toArray();
        return Bytes.wrap(ByteBuffer.allocate(SECRET_NAME_BYTES + INSTANCE_BYTES)
                .put(name, 0, SECRET_NAME_BYTES)
                .put(instance)
                .array());
    }

    private static Certifier certifier(byte[] secret, byte[] instance) {
        Mac mac = newMac(new SecretKeySpec(secret, ALGORITHM));
        Bytes identityKey = identityKey(secret, instance);
        return new Certifier() {
            @Override
            public Bytes identityKey() {
                return identityKey;
            }

            @Override
            public Bytes certify(byte[] certified) {
                return Bytes.wrap(mac(mac, instance, certified));
            }
        };
    }

    /** Both parts have a fixed length, so their concatenation is unambiguous. */
    private static byte[] mac(Mac mac, byte[] instance, byte[] certified) {
        mac.update(instance);
        return mac.doFinal(certified);
    }

    private static Mac newMac(SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    private static byte[] readSecret(Path directory) throws IOException {
        Path file = directory.resolve(SECRET_FILE);
        SecretFiles.requireUsable(file, "copy it from another replica");
        String hex = Files.size(file) > 2 * SECRET_BYTES + 2 ? "" : Files.readString(file, StandardCharsets.ISO_8859_1);
        try {
            byte[] secret = HexFormat.of().parseHex(hex.strip());
            if (secret.length == SECRET_BYTES) {
                return secret;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new UsigStateException(
                Reason.MISMATCH,
                file + " is damaged: it has " + 2 * SECRET_BYTES + " hexadecimal digits, the same at every replica."
                        + " Copy it from another replica");
    }
}
