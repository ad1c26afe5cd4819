package dev.quorate.core.message;

import dev.quorate.core.ClientId;

/**
 * What identifies a request: never its bytes, never its signature.
 *
 * @param client who asks
 * @param session the client's session ids increase; at least 1
 * @param number within a session 1, 2, 3, …
 */
public record RequestId(ClientId client, long session, long number) {
    public RequestId {
        if (session < 1 || number < 1) {
            throw new IllegalArgumentException("session " + session + ", number " + number);
        }
    }

    @Override
    public String toString() {
        return client + "/" + session + "#" + number;
    }
}
