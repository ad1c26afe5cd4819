package dev.quorate.usig.isolated;

import dev.quorate.usig.IssuedUi;
import dev.quorate.usig.UniqueIdentifier;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigIdentity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.NavigableMap;
import java.util.TreeMap;

/** One client's connection, on the side of the USIG. Used by one thread. */
final class UsigSession {
    /** The USIG itself has failed, not the connection. */
    static final class UsigFailedException extends IOException {
        private static final long serialVersionUID = 1;
        private final IOException failure;

        private UsigFailedException(IOException failure) {
            super(failure);
            this.failure = failure;
        }

        IOException failure() {
            return failure;
        }
    }

    private final ServedUsig served;
    private final SocketChannel channel;
    /** What can be had again. As many as the USIG lets be unconfirmed. */
    private final NavigableMap<Long, IssuedUi> kept = new TreeMap<>();

    UsigSession(ServedUsig served, SocketChannel channel) throws IOException {
        this.served = served;
        this.channel = channel;
        Usig usig = served.get();
        for (IssuedUi issued : usig.certificatesAfter(usig.lastConfirmed())) {
            kept.put(issued.ui().counter(), issued);
        }
    }

    void greet() throws IOException {
        Wire.answer(channel, Wire.OK, greeting());
    }

    private byte[] greeting() {
        Usig usig = served.get();
        UsigIdentity identity = usig.identity();
        ByteBuffer greeting = ByteBuffer.allocate(Wire.GREETING_BYTES);
        greeting.putLong(Wire.MAGIC).putLong(usig.lastCounter()).putLong(usig.lastConfirmed());
        greeting.putInt(usig.maxUnconfirmed()).putLong(identity.epoch());
        greeting.put(identity.key().toArray());
        return greeting.array();
    }

    /** Answers one request; false when the client has ended the connection in good order. */
    boolean serveNext() throws IOException {
        Wire.Request request = Wire.receiveRequest(channel);
        if (request == null) {
            return false;
        }
        try {
            Wire.answer(channel, Wire.OK, carryOut(request));
        } catch (IllegalArgumentException | IllegalStateException e) {
            Wire.answer(channel, Wire.REFUSED, e.getMessage());
        } catch (UsigFailedException e) {
            Wire.answer(channel, Wire.FAILED, e.getMessage());
            throw e;
        }
        return true;
    }

    private byte[] carryOut(Wire.Request request) throws UsigFailedException {
        try {
            return switch (request.operation()) {
                case Wire.CREATE -> create(request);
                case Wire.GET_AGAIN -> again(request.number());
                case Wire.CONFIRM -> confirm(request.number());
                case Wire.RENEW -> renew(request.number());
                default -> throw new IllegalArgumentException("there is no operation " + request.operation());
            };
        } catch (IOException e) {
            throw new UsigFailedException(e);
        }
    }

    /** The client says which counter it expects, so that a misunderstanding ends in a refusal and not in a gap. */
    private byte[] create(Wire.Request request) throws IOException {
        Usig usig = served.get();
        if (request.number() != usig.lastCounter() + 1) {
            throw new IllegalArgumentException(
                    "the next counter is " + (usig.lastCounter() + 1) + ", not " + request.number());
        }
        UniqueIdentifier ui = usig.createUi(request.digest());
        kept.put(ui.counter(), new IssuedUi(request.digest(), ui));
        return ui.certificate().toArray();
    }

    private byte[] again(long counter) {
        IssuedUi issued = kept.get(counter);
        if (issued == null) {
            throw new IllegalArgumentException("counter " + counter + " is not among the unconfirmed ones");
        }
        byte[] certificate = issued.ui().certificate().toArray();
        byte[] digest = issued.message().toArray();
        return ByteBuffer.allocate(digest.length + certificate.length)
                .put(digest)
                .put(certificate)
                .array();
    }

    private byte[] confirm(long counter) throws IOException {
        served.get().confirm(counter);
        kept.headMap(counter, true).clear();
        return new byte[0];
    }

    private byte[] renew(long epoch) throws IOException {
        served.renew(epoch);
        kept.clear();
        return greeting();
    }
}
