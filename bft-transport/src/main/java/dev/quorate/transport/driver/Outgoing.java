package dev.quorate.transport.driver;

import dev.quorate.core.ClientId;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicaStatus;
import dev.quorate.core.smr.ProtocolStatus;
import dev.quorate.crypto.Bytes;
import dev.quorate.transport.channel.Connection;

/** What the replica thread may have sent. For that thread only. Whatever is sent may get lost. */
interface Outgoing {
    void send(ReplicaId to, Bytes frame);

    void broadcast(Bytes frame);

    void sendToClient(ClientId to, long session, Bytes frame);

    /** Answers over the connection over which a question came. */
    void answer(Connection connection, Bytes frame);

    /** Lets everything leave that was sent since the last call. */
    void flush();

    /** What {@code status} says, and what the channels add to it. */
    ReplicaStatus describe(ProtocolStatus status);
}
