package dev.quorate.simulator.disk;

import dev.quorate.core.storage.disk.Disk;
import dev.quorate.core.storage.disk.DiskFile;
import dev.quorate.core.storage.disk.DiskInUseException;
import dev.quorate.simulator.kernel.Randomness;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.List;

/**
 * A disk with one directory, whose faults follow from a seed. Not thread-safe.
 *
 * <p>What is not synced is lost with the power, in part: by sectors of {@value Content#SECTOR_BYTES} bytes in a file, by
 * single changes in the directory. A process that is killed loses nothing, but it syncs nothing either. Whoever had files
 * open before can do nothing with them afterwards.
 */
public final class SimulatedDisk implements Disk {
    private static final long NEVER = Long.MAX_VALUE;

    private final Randomness random;
    private final Names names = new Names();
    private final DiskFaults faults;

    /** Counts processes and starts of the machine: what was opened before belongs to an earlier one. */
    private int life;

    private int boots;
    private boolean locked;
    private long operations;
    private long crashAt = NEVER;
    private boolean dead;

    /** An empty disk. */
    public SimulatedDisk(long seed) {
        random = new Randomness(seed);
        faults = new DiskFaults(random);
    }

    // --- what may happen to it

    /** What goes wrong on it without the power failing. */
    public DiskFaults faults() {
        return faults;
    }

    /** How many operations that change something there have been. */
    public long operations() {
        return operations;
    }

    /** Lets the process end in the middle of an operation, counted from now, 0 for the next one. */
    public void crashAfter(long count) {
        crashAt = operations + count;
    }

    /** Takes that back, if it has not happened. */
    public void crashNever() {
        crashAt = NEVER;
    }

    /** How many bytes all files together have. */
    public long used() {
        long used = 0;
        for (Content file : names.seen().values()) {
            used += file.size();
        }
        return used;
    }

    /** Whether that has happened. */
    public boolean hasCrashed() {
        return dead;
    }

    /** The process ends, and another one may start. */
    public void kill() {
        life++;
        locked = false;
        dead = false;
        crashAt = NEVER;
    }

    /**
     * The power fails and comes back.
     *
     * @param tearing whether a sector that was being written may have any content then, not only its old or its new one
     */
    public void losePower(boolean tearing) {
        kill();
        boots++;
        List<Content> files = names.seen().values().stream().toList();
        names.losePower(random);
        files.forEach(file -> file.losePower(tearing));
        names.seen().values().stream().filter(file -> !files.contains(file)).forEach(file -> file.losePower(tearing));
    }

    /** The machine is shut down and started again in good order. */
    public void restart() {
        kill();
        boots++;
        names.sync();
        names.seen().values().forEach(Content::sync);
    }

    /** Everything on it is gone, as after the disk was replaced. */
    public void wipe() {
        kill();
        List.copyOf(names.seen().keySet()).forEach(names::remove);
        names.sync();
    }

    /** Damages one byte of a file, durably; {@code bits} is not 0. */
    public void flip(String name, int position, int bits) {
        content(name).flip(position, bits);
    }

    /** Whether what is in the last of the files whose names begin like that would survive a loss of power. */
    public boolean isLastSynced(String prefix) {
        String last = names.seen().floorKey(prefix + Character.MAX_VALUE);
        return last == null || !last.startsWith(prefix) || content(last).isSynced();
    }

    /** The names of all files, sorted. */
    public List<String> names() {
        return List.copyOf(names.seen().keySet());
    }

    /** The bytes of a file as they are seen. A copy. */
    public byte[] read(String name) {
        return content(name).toArray();
    }

    /** Puts other bytes in the place of all of a file's, durably; the file need not exist. */
    public void overwrite(String name, byte[] bytes) {
        Content content = new Content(random);
        content.write(0, ByteBuffer.wrap(bytes), bytes.length);
        content.sync();
        names.put(name, content);
        names.sync();
    }

    /** Deletes a file, durably. */
    public void lose(String name) {
        names.remove(name);
        names.sync();
    }

    private Content content(String name) {
        Content content = names.seen().get(name);
        if (content == null) {
            throw new IllegalArgumentException(
                    "there is no " + name + " among " + names.seen().keySet());
        }
        return content;
    }

    // --- what its users do

    @Override
    public List<String> list() throws IOException {
        return names();
    }

    @Override
    public DiskFile open(String name) throws IOException {
        Content content = names.seen().get(name);
        if (content == null) {
            throw new NoSuchFileException(name);
        }
        return new OpenFile(name, content);
    }

    @Override
    public DiskFile create(String name) throws IOException {
        change("the creation of ", name);
        Content content = new Content(random);
        names.put(name, content);
        return new OpenFile(name, content);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        if (!names.seen().containsKey(from)) {
            throw new NoSuchFileException(from);
        }
        change("the renaming of ", from);
        names.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        if (names.seen().containsKey(name)) {
            change("the deletion of ", name);
            names.remove(name);
        }
    }

    @Override
    public void syncNames() throws IOException {
        change("a sync of ", "the names");
        if (faults.syncFails()) { // Unlike contents, names are not forgotten: file systems keep a journal of them.
            throw new IOException("the disk is broken");
        }
        names.sync();
    }

    @Override
    public Closeable lock(String name) throws IOException {
        if (locked) {
            throw new DiskInUseException("this process");
        }
        locked = true;
        int owner = life;
        return () -> {
            if (owner == life) {
                locked = false;
            }
        };
    }

    @Override
    public String bootId() {
        return "boot " + boots;
    }

    @Override
    public void fillRandom(byte[] bytes) {
        random.nextBytes(bytes);
    }

    @Override
    public String toString() {
        return "a simulated disk";
    }

    /** Counts an operation; throws if the process ends with it. */
    private void change(String what, String file) {
        if (dead || operations++ >= crashAt) {
            dead = true;
            throw new PowerFailure(what + file);
        }
    }

    private final class OpenFile implements DiskFile {
        private final String name;
        private final Content content;
        private final int openedIn = life;
        private boolean open = true;

        OpenFile(String name, Content content) {
            this.name = name;
            this.content = content;
        }

        private void check() throws IOException {
            if (!open || openedIn != life) {
                throw new IOException(name + " is closed");
            }
        }

        @Override
        public long size() throws IOException {
            check();
            return content.size();
        }

        @Override
        public int read(long position, ByteBuffer into) throws IOException {
            check();
            int count = (int) Math.max(0, Math.min(into.remaining(), content.size() - position));
            if (count > 0) {
                int limit = into.limit();
                content.read((int) position, into.limit(into.position() + count));
                into.limit(limit);
            }
            return count;
        }

        @Override
        public void write(long position, ByteBuffer from) throws IOException {
            check();
            int length = from.remaining();
            boolean ends = !dead && operations >= crashAt;
            if (ends) { // A system call that is cut short has done a part of it.
                content.write((int) position, from, random.below(length + 1));
            }
            change("a write to ", name);
            if (faults.isLimited()) {
                faults.take(used(), Math.max(0, position + length - content.size()));
            }
            content.write((int) faults.place(position, content.size(), length), from, length);
        }

        @Override
        public void truncate(long size) throws IOException {
            check();
            change("a truncation of ", name);
            content.truncate((int) size);
        }

        @Override
        public void sync() throws IOException {
            check();
            change("a sync of ", name);
            if (faults.syncFails()) {
                content.failToSync();
                throw new IOException("the disk is broken");
            }
            content.sync();
        }

        @Override
        public void close() {
            open = false;
        }
    }
}
