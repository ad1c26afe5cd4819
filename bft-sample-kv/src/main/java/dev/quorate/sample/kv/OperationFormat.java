package dev.quorate.sample.kv;

import dev.quorate.crypto.Bytes;
import dev.quorate.sample.kv.KvOperation.CompareAndSet;
import dev.quorate.sample.kv.KvOperation.Delete;
import dev.quorate.sample.kv.KvOperation.Get;
import dev.quorate.sample.kv.KvOperation.Noop;
import dev.quorate.sample.kv.KvOperation.Put;
import dev.quorate.sample.kv.KvOperation.Scan;
import dev.quorate.sample.kv.KvOperation.Size;

/** {@link KvOperation}s as bytes: one byte that says which it is, then its fields in the order of the record. */
public final class OperationFormat {
    private static final int PUT = 1;
    private static final int GET = 2;
    private static final int DELETE = 3;
    private static final int COMPARE_AND_SET = 4;
    private static final int SCAN = 5;
    private static final int SIZE = 6;
    private static final int NOOP = 7;

    private OperationFormat() {}

    public static byte[] encode(KvOperation operation) {
        StrictWriter out = new StrictWriter();
        if (operation instanceof Put put) {
            out.writeByte(PUT).writeBytes(put.key()).writeBytes(put.value());
        } else if (operation instanceof Get get) {
            out.writeByte(GET).writeBytes(get.key());
        } else if (operation instanceof Delete delete) {
            out.writeByte(DELETE).writeBytes(delete.key());
        } else if (operation instanceof CompareAndSet cas) {
            out.writeByte(COMPARE_AND_SET)
                    .writeBytes(cas.key())
                    .writeOptionalBytes(cas.expected())
                    .writeBytes(cas.update());
        } else if (operation instanceof Scan scan) {
            out.writeByte(SCAN)
                    .writeBytes(scan.from())
                    .writeOptionalBytes(scan.to())
                    .writeInt(scan.limit());
        } else if (operation instanceof Size) {
            out.writeByte(SIZE);
        } else if (operation instanceof Noop noop) {
            out.writeByte(NOOP).writeBytes(noop.padding()).writeInt(noop.resultBytes());
        }
        return out.toByteArray();
    }

    /** Throws {@link FormatException} for everything that {@link #encode} does not write. */
    public static KvOperation decode(Bytes bytes) throws FormatException {
        StrictReader in = new StrictReader(bytes);
        try {
            KvOperation operation = read(in);
            in.requireEnd();
            return operation;
        } catch (IllegalArgumentException e) {
            throw new FormatException(e.getMessage(), e);
        }
    }

    private static KvOperation read(StrictReader in) throws FormatException {
        int code = in.readByte();
        return switch (code) {
            case PUT -> new Put(in.readBytes(), in.readBytes());
            case GET -> new Get(in.readBytes());
            case DELETE -> new Delete(in.readBytes());
            case COMPARE_AND_SET -> new CompareAndSet(in.readBytes(), in.readOptionalBytes(), in.readBytes());
            case SCAN -> new Scan(in.readBytes(), in.readOptionalBytes(), in.readInt());
            case SIZE -> new Size();
            case NOOP -> new Noop(in.readBytes(), in.readInt());
            default -> throw new FormatException("unknown operation " + code);
        };
    }
}
