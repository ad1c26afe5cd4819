package dev.quorate.usig.software;

import dev.quorate.usig.UsigContext;
import java.nio.file.Path;
import java.util.Optional;

/** A process that has a USIG open until its input ends. */
final class LockHolder {
    private LockHolder() {}

    public static void main(String[] args) throws Exception {
        try (var usig = new HmacUsigProvider().open(new UsigContext(Path.of(args[0])), Optional.empty())) {
            System.out.println(usig.lastCounter());
            System.out.flush();
            System.in.transferTo(java.io.OutputStream.nullOutputStream());
        }
    }
}
