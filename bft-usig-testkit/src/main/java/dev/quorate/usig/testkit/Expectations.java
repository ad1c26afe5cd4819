package dev.quorate.usig.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.usig.IssuedUi;
import dev.quorate.usig.UsigVerifier;
import java.util.List;

/** What several parts of the contract expect. */
final class Expectations {
    private Expectations() {}

    /** The same counters for the same messages, and all verify. Certificates need not be the same bytes. */
    static void assertSame(UsigVerifier verifier, List<IssuedUi> again, List<IssuedUi> first) {
        assertThat(numbered(again)).isEqualTo(numbered(first));
        assertThat(again).allMatch(issued -> verifier.verify(issued.message(), issued.ui()));
    }

    private static List<String> numbered(List<IssuedUi> issued) {
        return issued.stream()
                .map(one -> "epoch " + one.ui().epoch() + ", counter "
                        + one.ui().counter() + " for " + one.message().toHex())
                .toList();
    }
}
