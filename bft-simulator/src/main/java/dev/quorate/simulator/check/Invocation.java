package dev.quorate.simulator.check;

import dev.quorate.core.ClientId;
import dev.quorate.crypto.Bytes;

/** What a client asked for. */
public record Invocation(ClientId client, Bytes operation) {}
