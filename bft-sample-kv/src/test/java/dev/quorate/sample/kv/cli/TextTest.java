package dev.quorate.sample.kv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.crypto.Bytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TextTest {
    @Test
    void textStaysAsItIs() {
        assertThat(Text.escape(bytes("key 1: Größe, 鍵, 🔑"))).isEqualTo("key 1: Größe, 鍵, 🔑");
    }

    @Test
    void whatATerminalWouldActUponIsEscaped() {
        assertThat(Text.escape(bytes("a\tb\nc\\d\u001b[31m\u202e")))
                .isEqualTo("a\\x09b\\x0ac\\x5cd\\x1b[31m\\xe2\\x80\\xae");
    }

    @Test
    void bytesThatAreNoTextAreEscapedEachByItself() {
        assertThat(Text.escape(Bytes.fromHex("6100ff7f"))).isEqualTo("a\\x00\\xff\\x7f");
    }

    @Test
    void aPathIsQuotedWhereAShellNeedsIt() {
        assertThat(Text.quote(Path.of("/tmp/kv-1/x.y"))).isEqualTo("/tmp/kv-1/x.y");
        assertThat(Text.quote(Path.of("my cluster's"))).isEqualTo("'my cluster'\\''s'");
    }

    private static Bytes bytes(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
