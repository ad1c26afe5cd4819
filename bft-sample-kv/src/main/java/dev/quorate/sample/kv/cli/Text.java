package dev.quorate.sample.kv.cli;

import dev.quorate.crypto.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Bytes as one line of text. */
final class Text {
    private Text() {}

    /** UTF-8 as it is; a backslash, and whatever a terminal would act upon, as {@code \xNN} for each byte. */
    static String escape(Bytes bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            text = new String(bytes.toArray(), StandardCharsets.ISO_8859_1);
            return escape(text, StandardCharsets.ISO_8859_1, 0x7e);
        }
        return escape(text, StandardCharsets.UTF_8, Character.MAX_CODE_POINT);
    }

    private static String escape(String text, java.nio.charset.Charset charset, int lastPlain) {
        StringBuilder line = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (c > lastPlain || c == '\\' || !isPlain(c)) {
                for (byte b : Character.toString(c).getBytes(charset)) {
                    line.append(String.format("\\x%02x", b));
                }
            } else {
                line.appendCodePoint(c);
            }
        });
        return line.toString();
    }

    /** A path as one writes it in a shell. */
    static String quote(Path path) {
        String text = path.toString();
        return text.matches("[A-Za-z0-9_./:@%+=~-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    private static boolean isPlain(int c) {
        int type = Character.getType(c);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR
                && type != Character.UNASSIGNED;
    }
}
