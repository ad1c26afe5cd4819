package dev.quorate.sample.kv.cli;

import dev.quorate.core.Protocol;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The value of {@code --protocol}. */
final class ProtocolName implements ITypeConverter<Protocol> {
    static final String DESCRIPTION =
            "How requests are ordered: pbft (default; 3f+1 replicas tolerate f faulty ones) or "
                    + "minbft (2f+1, each with a trusted counter, a USIG).";

    @Override
    public Protocol convert(String name) {
        try {
            return Protocol.named(name);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    /** The smallest cluster that tolerates one fault. */
    static int smallestCluster(Protocol protocol) {
        int replicas = 1;
        while (protocol.maxFaulty(replicas) < 1) {
            replicas++;
        }
        return replicas;
    }
}
