package dev.quorate.simulator.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Seeds from one number to another, both included; written {@code 5..20}. */
record SeedRange(long first, long last) {
    static final class Converter implements ITypeConverter<SeedRange> {
        @Override
        public SeedRange convert(String text) {
            int dots = text.indexOf("..");
            if (dots < 0) {
                throw new TypeConversionException("'" + text + "' is no range of seeds; write for example 0..99");
            }
            try {
                long first = Long.parseLong(text.substring(0, dots));
                long last = Long.parseLong(text.substring(dots + 2));
                if (last < first) {
                    throw new TypeConversionException("'" + text + "' is an empty range");
                }
                return new SeedRange(first, last);
            } catch (NumberFormatException e) {
                throw new TypeConversionException("'" + text + "' is no range of seeds; write for example 0..99");
            }
        }
    }
}
