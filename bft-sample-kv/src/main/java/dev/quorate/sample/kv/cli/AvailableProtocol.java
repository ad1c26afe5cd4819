package dev.quorate.sample.kv.cli;

import dev.quorate.core.Protocol;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The value of {@code --protocol}: one that replicas can run. */
final class AvailableProtocol implements ITypeConverter<Protocol> {
    static final String DESCRIPTION = "How requests are ordered: pbft (default). minbft is not available yet.";

    @Override
    public Protocol convert(String name) {
        Protocol protocol;
        try {
            protocol = Protocol.named(name);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
        if (protocol == Protocol.MINBFT) {
            throw new TypeConversionException("minbft is not available yet; use pbft");
        }
        return protocol;
    }
}
