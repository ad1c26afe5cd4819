package dev.quorate.core.storage;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.storage.disk.Disk;
import dev.quorate.crypto.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Whose store it is. Written once, and anew by every {@link ReplicaStore#startOver}.
 *
 * @param salt random, part of every checksum of the log: an entry of another log is not one of this
 */
record IdentityFile(StoreOwner owner, Bytes salt) {
    private static final long MAGIC = 0x71756f7261746549L; // "quorateI"

    /** One with a salt of its own. */
    static IdentityFile of(StoreOwner owner, Disk disk) {
        byte[] salt = new byte[Layout.SALT_BYTES];
        disk.fillRandom(salt);
        return new IdentityFile(owner, Bytes.wrap(salt));
    }

    void write(Disk disk) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(Layout.BLOCK_BYTES);
        out.putLong(MAGIC).putInt(Layout.VERSION).putInt(owner.replica().value());
        out.put(owner.cluster().toArray()).put(salt.toArray());
        Layout.replace(disk, Layout.IDENTITY, Layout.seal(out));
    }

    /** Reads the file, which is there; empty if it is damaged. */
    static Optional<IdentityFile> read(Disk disk) throws IOException {
        ByteBuffer in = Layout.readBlock(disk, Layout.IDENTITY);
        if (!Layout.isSealed(in, MAGIC)) {
            return Optional.empty();
        }
        int version = in.position(Long.BYTES).getInt();
        if (version != Layout.VERSION) {
            throw new StoreException(
                    StoreException.Reason.UNKNOWN_VERSION,
                    "the store in " + disk + " has version " + version
                            + " of the format, and this program knows version " + Layout.VERSION
                            + ": use the program that wrote it");
        }
        int replica = in.getInt();
        byte[] cluster = new byte[StoreOwner.CLUSTER_ID_BYTES];
        in.get(cluster);
        byte[] salt = new byte[Layout.SALT_BYTES];
        in.get(salt);
        return replica < 0
                ? Optional.empty()
                : Optional.of(new IdentityFile(
                        new StoreOwner(Bytes.wrap(cluster), new ReplicaId(replica)), Bytes.wrap(salt)));
    }
}
