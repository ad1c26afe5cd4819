package dev.quorate.core.message;

import dev.quorate.core.ClientId;

/** What a client says. */
public sealed interface ClientMessage extends Message permits Request, Read, Inspect {
    ClientId client();
}
