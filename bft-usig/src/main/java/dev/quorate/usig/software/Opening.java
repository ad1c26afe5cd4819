package dev.quorate.usig.software;

import dev.quorate.crypto.Digest;
import dev.quorate.usig.KnownCounter;
import dev.quorate.usig.UsigStateException;
import dev.quorate.usig.UsigStateException.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a USIG goes on after a restart, from its own state and from what the replica's log knows.
 *
 * @param confirmed what is not handed out again
 * @param unconfirmed the messages of the counters above that, in order
 */
record Opening(long confirmed, List<Digest> unconfirmed, CounterLog log) {
    private static final Digest NO_MESSAGE = Digest.of(new byte[Digest.LENGTH]);

    /** The last counter that was given out. */
    long last() {
        return confirmed + unconfirmed.size();
    }

    /** {@link CounterMode#SYNCED}: one record for each counter. */
    static Opening synced(StateFile file, Optional<KnownCounter> known) throws UsigStateException {
        List<RecordRing.Entry> entries = file.recovered();
        long confirmed = 0;
        for (RecordRing.Entry entry : entries) {
            // A record that is gone made room for one that a crash cut off, and so had been confirmed.
            confirmed =
                    Math.max(confirmed, Math.max(entry.mark(), entries.get(0).number() - 1));
        }
        List<Digest> unconfirmed = new ArrayList<>();
        for (RecordRing.Entry entry : entries) {
            if (entry.number() > confirmed) {
                unconfirmed.add(entry.digest());
            }
        }
        CounterLog log = new CounterLog() {
            @Override
            public void creating(long counter, long confirmedNow, Digest message) throws IOException {
                file.append(new RecordRing.Entry(counter, confirmedNow, message));
            }

            @Override
            public void closing(long confirmedNow) {
                // The next record says what is confirmed; until then more is kept than has to be.
            }
        };
        Opening opening = new Opening(confirmed, unconfirmed, log);
        long newest = entries.isEmpty() ? 0 : entries.get(entries.size() - 1).number();
        if (opening.last() != newest) {
            throw new UsigStateException(
                    Reason.CORRUPT,
                    "the USIG's records say that " + confirmed + " is confirmed and " + newest
                            + " the last counter, with " + unconfirmed.size() + " between them. " + StateFile.ADVICE);
        }
        long epoch = file.header().identity().epoch();
        long knownLast = knownIn(epoch, known).map(KnownCounter::counter).orElse(0L);
        if (knownLast > opening.last()) {
            throw new UsigStateException(
                    Reason.ROLLED_BACK,
                    "the replica's log knows counter " + knownLast + " of USIG epoch " + epoch
                            + ", and the USIG's own state only " + opening.last()
                            + ": an older copy of its directory was put back. " + StateFile.ADVICE);
        }
        return opening;
    }

    /**
     * {@link CounterMode#LOG}: the records say how much the log has to know; there is none before the epoch's first
     * identifier. So a log that lost its tail is noticed here, as far as it was confirmed when this was last closed.
     */
    static Opening fromLog(StateFile file, Optional<KnownCounter> known) throws UsigStateException {
        long epoch = file.header().identity().epoch();
        Optional<KnownCounter> here = knownIn(epoch, known);
        List<RecordRing.Entry> marks = file.recovered();
        boolean used = !marks.isEmpty();
        long mark = used ? marks.get(marks.size() - 1).mark() : 0;
        if (used && (here.isEmpty() || here.get().counter() < mark)) {
            throw new UsigStateException(
                    Reason.LOG_LOST,
                    "USIG epoch " + epoch + " was used up to counter " + mark
                            + " or further, and the replica's log knows "
                            + here.map(k -> "only " + k.counter()).orElse("nothing of it") + ". " + StateFile.ADVICE);
        }
        long number = used ? marks.get(marks.size() - 1).number() : 0;
        return new Opening(here.map(KnownCounter::counter).orElse(0L), List.of(), new Marks(file, number, used, mark));
    }

    /** {@link CounterMode#VOLATILE}: a new epoch, nothing to go on from. */
    static Opening fresh() {
        return new Opening(0, List.of(), new CounterLog() {
            @Override
            public void creating(long counter, long confirmed, Digest message) {
                // Lost with the process, which is what volatile means.
            }

            @Override
            public void closing(long confirmed) {
                // Likewise.
            }
        });
    }

    /** What is known of this epoch; throws if it is of a later one. */
    static Optional<KnownCounter> knownIn(long epoch, Optional<KnownCounter> known) throws UsigStateException {
        if (known.isPresent() && known.get().epoch() > epoch) {
            throw new UsigStateException(
                    Reason.ROLLED_BACK,
                    "the replica's log knows USIG epoch " + known.get().epoch() + ", and the USIG is still in epoch "
                            + epoch + ": an older copy of its directory was put back. " + StateFile.ADVICE);
        }
        return known.filter(k -> k.epoch() == epoch);
    }

    /** How much the log has to know: written before the first identifier, and when closing. */
    private static final class Marks implements CounterLog {
        private final StateFile file;
        private long number;
        private boolean used;
        private long mark;

        Marks(StateFile file, long number, boolean used, long mark) {
            this.file = file;
            this.number = number;
            this.used = used;
            this.mark = mark;
        }

        @Override
        public void creating(long counter, long confirmed, Digest message) throws IOException {
            if (!used) {
                write(0);
            }
        }

        @Override
        public void closing(long confirmed) throws IOException {
            if (confirmed > mark) {
                write(confirmed);
            }
        }

        private void write(long newMark) throws IOException {
            file.append(new RecordRing.Entry(++number, newMark, NO_MESSAGE));
            mark = newMark;
            used = true;
        }
    }
}
