package dev.quorate.core.wire;

import static dev.quorate.core.wire.WireFixture.messages;
import static dev.quorate.core.wire.WireFixture.seal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.message.MessageType;
import java.io.IOException;
import java.io.InputStream;
import java.util.NavigableMap;
import java.util.Properties;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The bytes of one message of each type, as {@code golden-frames.properties} has them. If this fails, the wire format
 * has changed: replicas of two versions would not understand each other, and what is stored would be unreadable.
 */
class GoldenBytesTest {
    @Test
    void theWireFormatIsWhatItWas() throws IOException {
        NavigableMap<String, String> actual = new TreeMap<>();
        messages()
                .forEach(message ->
                        actual.put(message.type().name(), seal(message).frame().toHex()));

        assertThat(actual).isEqualTo(golden()).hasSameSizeAs(MessageType.values());
    }

    @Test
    void aSignatureCoversWhatTheSchemaSaysItCovers() {
        Envelope prepare = seal(messages().get(3)).envelope();

        assertThat(new String(prepare.signedBytes(), java.nio.charset.StandardCharsets.ISO_8859_1))
                .isEqualTo(
                        "quorate-v1\0" // domain
                                + "\0".repeat(16) // cluster id
                                + "\0\0\0\4" // type
                                + "\0\0\0\1" // sender
                                + "\0\0\0\0\0\0\0\0" // membership epoch
                                + new String(
                                        prepare.payload().toArray(), java.nio.charset.StandardCharsets.ISO_8859_1));
    }

    private static NavigableMap<String, String> golden() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = GoldenBytesTest.class.getResourceAsStream("golden-frames.properties")) {
            properties.load(in);
        }
        NavigableMap<String, String> golden = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> golden.put(name, properties.getProperty(name)));
        return golden;
    }
}
