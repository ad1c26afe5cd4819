package dev.quorate.core.storage.disk;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * One directory without subdirectories, and what a store has to know about the machine it is on. Names are file names,
 * without separators. Files may be used by several threads at once, each file by one.
 *
 * <p>Nothing is promised to survive a loss of power but what was synced: contents by {@link DiskFile#sync}, names (new,
 * changed and deleted ones) by {@link #syncNames}. What only the process's end interrupts stays as it is.
 */
public interface Disk {
    /** The names of all files, sorted; none if there is no such directory. */
    List<String> list() throws IOException;

    /** Opens a file for reading and writing; throws {@link java.nio.file.NoSuchFileException} if there is none. */
    DiskFile open(String name) throws IOException;

    /** Makes an empty file, in the place of any of that name, and opens it. Makes the directory, too, if there is none. */
    DiskFile create(String name) throws IOException;

    /** Gives a file another name, in one step, in the place of any file of that name. */
    void rename(String from, String to) throws IOException;

    /** Deletes a file, if there is one. */
    void delete(String name) throws IOException;

    /** Returns when the names survive a loss of power. */
    void syncNames() throws IOException;

    /**
     * Takes the right to use this directory, until the result is closed or the process ends. Makes the directory if
     * there is none.
     *
     * @throws DiskInUseException if somebody has it
     */
    Closeable lock(String name) throws IOException;

    /** What differs after every start of the machine, and stays the same until then; empty if that is not known. */
    String bootId();

    /** Fills an array with random bytes. Not for secrets. */
    void fillRandom(byte[] bytes);
}
