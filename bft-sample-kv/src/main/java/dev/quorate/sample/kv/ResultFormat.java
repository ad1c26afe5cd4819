package dev.quorate.sample.kv;

import dev.quorate.crypto.Bytes;
import dev.quorate.sample.kv.KvResult.Applied;
import dev.quorate.sample.kv.KvResult.Count;
import dev.quorate.sample.kv.KvResult.Done;
import dev.quorate.sample.kv.KvResult.Entry;
import dev.quorate.sample.kv.KvResult.Padding;
import dev.quorate.sample.kv.KvResult.Page;
import dev.quorate.sample.kv.KvResult.Reason;
import dev.quorate.sample.kv.KvResult.Refused;
import dev.quorate.sample.kv.KvResult.Value;
import java.util.ArrayList;
import java.util.List;

/** {@link KvResult}s as bytes: one byte that says which it is, then its fields in the order of the record. */
public final class ResultFormat {
    private static final int DONE = 1;
    private static final int APPLIED = 2;
    private static final int VALUE = 3;
    private static final int COUNT = 4;
    private static final int PAGE = 5;
    private static final int PADDING = 6;
    private static final int REFUSED = 7;

    /** Of a page: its code, the number of entries, and whether there is more. */
    private static final int PAGE_HEADER_BYTES = 1 + Integer.BYTES + 1;

    private ResultFormat() {}

    public static byte[] encode(KvResult result) {
        StrictWriter out = new StrictWriter();
        if (result instanceof Done) {
            out.writeByte(DONE);
        } else if (result instanceof Applied applied) {
            out.writeByte(APPLIED).writeBoolean(applied.applied());
        } else if (result instanceof Value value) {
            out.writeByte(VALUE).writeOptionalBytes(value.value());
        } else if (result instanceof Count count) {
            out.writeByte(COUNT).writeLong(count.count());
        } else if (result instanceof Page page) {
            out.writeByte(PAGE).writeInt(page.entries().size());
            page.entries().forEach(entry -> out.writeBytes(entry.key()).writeBytes(entry.value()));
            out.writeBoolean(page.more());
        } else if (result instanceof Padding padding) {
            out.writeByte(PADDING).writeBytes(padding.padding());
        } else if (result instanceof Refused refused) {
            out.writeByte(REFUSED).writeByte(refused.reason().code());
        }
        return out.toByteArray();
    }

    /** Throws {@link FormatException} for everything that {@link #encode} does not write. */
    public static KvResult decode(Bytes bytes) throws FormatException {
        StrictReader in = new StrictReader(bytes);
        KvResult result = read(in);
        in.requireEnd();
        return result;
    }

    private static KvResult read(StrictReader in) throws FormatException {
        int code = in.readByte();
        return switch (code) {
            case DONE -> new Done();
            case APPLIED -> new Applied(in.readBoolean());
            case VALUE -> new Value(in.readOptionalBytes());
            case COUNT -> new Count(in.readLong());
            case PAGE -> new Page(readEntries(in), in.readBoolean());
            case PADDING -> new Padding(in.readBytes());
            case REFUSED -> new Refused(reason(in.readByte()));
            default -> throw new FormatException("unknown result " + code);
        };
    }

    private static List<Entry> readEntries(StrictReader in) throws FormatException {
        int count = in.readInt();
        if (count < 0 || count > KvLimits.MAX_SCAN_ENTRIES) {
            throw new FormatException("a page of " + count + " entries");
        }
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(new Entry(in.readBytes(), in.readBytes()));
        }
        return entries;
    }

    private static Reason reason(int code) throws FormatException {
        for (Reason reason : Reason.values()) {
            if (reason.code() == code) {
                return reason;
            }
        }
        throw new FormatException("unknown reason " + code);
    }

    /** What these bytes of keys and values take up in a page. */
    static int pageBytes(int entries, long keyAndValueBytes) {
        return Math.toIntExact(PAGE_HEADER_BYTES + entries * 2L * Integer.BYTES + keyAndValueBytes);
    }
}
