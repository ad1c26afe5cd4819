package dev.quorate.sample.kv.cli;

import dev.quorate.core.storage.Durability;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A durability, by its name. */
final class DurabilityName implements ITypeConverter<Durability> {
    static final String DESCRIPTION =
            "What a replica's memory survives: sync (default; a loss of power), async (the end of its process), or memory "
                    + "(nothing: one that is started again counts as faulty).";

    @Override
    public Durability convert(String name) {
        for (Durability each : Durability.values()) {
            if (nameOf(each).equals(name)) {
                return each;
            }
        }
        throw new TypeConversionException("unknown durability '" + name + "'; known: sync, async, memory");
    }

    static String nameOf(Durability durability) {
        return durability.name().toLowerCase(Locale.ROOT);
    }
}
