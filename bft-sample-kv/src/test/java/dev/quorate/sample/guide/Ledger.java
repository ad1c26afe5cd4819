package dev.quorate.sample.guide;

import dev.quorate.core.Operation;
import dev.quorate.core.ReplicatedService;
import dev.quorate.core.SnapshotReader;
import dev.quorate.core.SnapshotWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Accounts with a balance each. An operation is an amount of 8 bytes and the name of an account. */
public final class Ledger implements ReplicatedService {
    private final Map<String, Long> balances = new TreeMap<>();

    @Override
    public byte[] execute(Operation operation) throws OverdrawnException {
        ByteBuffer in = operation.asByteBuffer();
        long amount = in.getLong();
        String account = StandardCharsets.UTF_8.decode(in).toString();
        long balance = Math.addExact(balances.getOrDefault(account, 0L), amount);
        if (balance < 0) {
            throw new OverdrawnException(); // Before anything is changed.
        }
        balances.put(account, balance);
        return ByteBuffer.allocate(Long.BYTES).putLong(balance).array();
    }

    @Override
    public void snapshot(SnapshotWriter out) throws IOException {
        out.writeInt(balances.size());
        for (Map.Entry<String, Long> entry : balances.entrySet()) {
            out.writeUTF(entry.getKey());
            out.writeLong(entry.getValue());
        }
    }

    @Override
    public void restore(SnapshotReader in) throws IOException {
        balances.clear();
        for (int left = in.readInt(); left > 0; left--) {
            balances.put(in.readUTF(), in.readLong());
        }
    }
}
