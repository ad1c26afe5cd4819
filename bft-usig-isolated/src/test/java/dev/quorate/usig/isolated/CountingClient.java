package dev.quorate.usig.isolated;

import dev.quorate.crypto.Digest;
import dev.quorate.usig.IssuedUi;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigContext;
import dev.quorate.usig.UsigProvider;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** A replica as far as its USIG sees one: a process that creates identifiers until it is killed. */
final class CountingClient {
    private CountingClient() {}

    /** Arguments: the provider and the directory. Prints every counter that it got. */
    public static void main(String[] args) throws Exception {
        UsigContext context = new UsigContext(Path.of(args[1]));
        try (Usig usig = UsigProvider.named(args[0]).open(context, Optional.empty())) {
            while (true) {
                long counter = usig.createUi(message(usig.lastCounter() + 1)).counter();
                System.out.println(counter);
                System.out.flush();
                usig.confirm(Math.max(usig.lastConfirmed(), counter - 100));
            }
        }
    }

    /** The message that gets this counter, in every process. */
    static Digest message(long counter) {
        return Digest.sha256(ByteBuffer.allocate(Long.BYTES).putLong(counter).array());
    }

    /** Whether each is for the message that only its counter is for. */
    static boolean isRight(IssuedUi issued) {
        return issued.message().equals(message(issued.ui().counter()));
    }
}
