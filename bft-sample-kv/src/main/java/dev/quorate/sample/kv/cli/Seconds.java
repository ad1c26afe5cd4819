package dev.quorate.sample.kv.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Periods on the command line: seconds, perhaps with a fraction. */
final class Seconds implements ITypeConverter<Duration> {
    private static final BigDecimal MAX_SECONDS = BigDecimal.valueOf(3_600);

    @Override
    public Duration convert(String text) {
        try {
            BigDecimal seconds = new BigDecimal(text);
            if (seconds.signum() >= 0 && seconds.compareTo(MAX_SECONDS) <= 0) {
                return Duration.ofMillis(seconds.movePointRight(3).longValue());
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new TypeConversionException("'" + text + "' is not a number of seconds from 0 to " + MAX_SECONDS);
    }

    /** For people: {@code 10 s}, {@code 2.5 s}. */
    static String show(Duration duration) {
        return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
    }

    /** A latency for people, in ms with three digits that matter. */
    static String showMillis(long nanos) {
        double millis = nanos / 1e6;
        String format = millis < 10 ? "%.2f ms" : millis < 100 ? "%.1f ms" : "%.0f ms";
        return String.format(Locale.ROOT, format, millis);
    }
}
