package dev.quorate.core.storage;

/**
 * How a {@link FileStore} keeps things.
 *
 * @param segmentBytes the length of the files that the log consists of, from {@value #MIN_SEGMENT_BYTES} to
 *     {@value #MAX_SEGMENT_BYTES}; may differ from opening to opening
 */
public record FileStoreSettings(Durability durability, int segmentBytes) {
    public static final int MIN_SEGMENT_BYTES = 16 << 10;
    public static final int MAX_SEGMENT_BYTES = 256 << 20;

    public FileStoreSettings {
        if (segmentBytes < MIN_SEGMENT_BYTES || segmentBytes > MAX_SEGMENT_BYTES) {
            throw new IllegalArgumentException("segments of " + segmentBytes + " bytes: from " + MIN_SEGMENT_BYTES
                    + " to " + MAX_SEGMENT_BYTES + " are possible");
        }
    }

    /** That durability, and segments of 16 MiB. */
    public static FileStoreSettings of(Durability durability) {
        return new FileStoreSettings(durability, 16 << 20);
    }
}
