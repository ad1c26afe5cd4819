package dev.quorate.usig.isolated;

import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.usig.IssuedUi;
import dev.quorate.usig.UniqueIdentifier;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigDurability;
import dev.quorate.usig.UsigIdentity;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The replica's side of a connection to a USIG process. When the connection ends it has to be opened again. */
final class IsolatedUsig implements Usig {
    private final SocketChannel channel;
    private final Greeting greeting;
    private final AtomicBoolean busy = new AtomicBoolean();
    private long last;
    private long confirmed;
    private boolean failed;

    /** Who the USIG is, and how far it is. */
    private record Greeting(long last, long confirmed, int maxUnconfirmed, UsigIdentity identity) {
        static Greeting decode(ByteBuffer in) throws IOException {
            try {
                if (in.getLong() != Wire.MAGIC) {
                    throw new IOException("what listens on the USIG's socket is not a USIG of this version");
                }
                long last = in.getLong();
                long confirmed = in.getLong();
                int maxUnconfirmed = in.getInt();
                long epoch = in.getLong();
                byte[] key = new byte[Wire.KEY_BYTES];
                in.get(key);
                UsigIdentity identity =
                        new UsigIdentity(IsolatedUsigProvider.NAME, epoch, Bytes.wrap(key), Bytes.EMPTY);
                return new Greeting(last, confirmed, maxUnconfirmed, identity);
            } catch (BufferUnderflowException | IllegalArgumentException e) {
                throw new IOException("the USIG's greeting makes no sense: " + e.getMessage(), e);
            }
        }
    }

    /** @param greeting what the USIG said when the connection began */
    IsolatedUsig(SocketChannel channel, ByteBuffer greeting) throws IOException {
        this.channel = channel;
        this.greeting = Greeting.decode(greeting);
        last = this.greeting.last;
        confirmed = this.greeting.confirmed;
    }

    /**
     * Has the USIG begin a new epoch. After that this connection is of no use any more.
     *
     * @throws IllegalArgumentException if it has begun that one already
     */
    UsigIdentity renew(long epoch) throws IOException {
        return alone(() -> {
            if (epoch <= identity().epoch()) {
                throw new IllegalArgumentException("the USIG is in epoch "
                        + identity().epoch() + ": the new epoch has to be higher than that, not " + epoch);
            }
            UsigIdentity renewed = Greeting.decode(ask(Wire.request(Wire.RENEW, epoch))).identity;
            failed = true;
            if (renewed.epoch() != epoch) {
                throw new IOException("asked for epoch " + epoch + ", the USIG began " + renewed.epoch());
            }
            return renewed;
        });
    }

    @Override
    public UsigIdentity identity() {
        return greeting.identity;
    }

    @Override
    public UsigDurability durability() {
        return UsigDurability.DURABLE;
    }

    @Override
    public int maxUnconfirmed() {
        return greeting.maxUnconfirmed;
    }

    @Override
    public long lastCounter() {
        return alone(() -> last);
    }

    @Override
    public long lastConfirmed() {
        return alone(() -> confirmed);
    }

    @Override
    public UniqueIdentifier createUi(Digest message) throws IOException {
        return alone(() -> {
            if (last - confirmed >= maxUnconfirmed()) {
                throw new IllegalStateException(maxUnconfirmed() + " identifiers are unconfirmed, which is the limit:"
                        + " confirm those that are on the replica's disk");
            }
            ByteBuffer certificate = ask(new Wire.Request(Wire.CREATE, last + 1, message));
            UniqueIdentifier ui = identifier(last + 1, certificate);
            last++;
            return ui;
        });
    }

    @Override
    public List<IssuedUi> certificatesAfter(long counter) throws IOException {
        return alone(() -> {
            if (counter < confirmed || counter > last) {
                throw new IllegalArgumentException("the USIG can give out again what is after counter " + confirmed
                        + " and up to " + last + "; asked for what is after " + counter);
            }
            List<IssuedUi> issued = new ArrayList<>();
            for (long again = counter + 1; again <= last; again++) {
                ByteBuffer answer = ask(Wire.request(Wire.GET_AGAIN, again));
                byte[] digest = new byte[Digest.LENGTH];
                if (answer.remaining() < digest.length) {
                    throw broken(new IOException("the USIG's answer is cut off"));
                }
                answer.get(digest);
                issued.add(new IssuedUi(Digest.of(digest), identifier(again, answer)));
            }
            return issued;
        });
    }

    @Override
    public void confirm(long counter) throws IOException {
        alone(() -> {
            if (counter > last) {
                throw new IllegalArgumentException("counter " + counter + " cannot be confirmed: the last is " + last);
            }
            if (counter > confirmed) {
                ask(Wire.request(Wire.CONFIRM, counter));
                confirmed = counter;
            }
            return null;
        });
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private UniqueIdentifier identifier(long counter, ByteBuffer certificate) throws IOException {
        if (!UniqueIdentifier.isWellFormed(identity().epoch(), counter, certificate.remaining())) {
            throw broken(new IOException("the USIG's answer makes no sense"));
        }
        byte[] bytes = new byte[certificate.remaining()];
        certificate.get(bytes);
        return new UniqueIdentifier(identity().epoch(), counter, Bytes.wrap(bytes));
    }

    private ByteBuffer ask(Wire.Request request) throws IOException {
        if (failed || !channel.isOpen()) {
            throw new IOException("the connection to the USIG has ended: it has to be opened again, to see how far its"
                    + " counter got");
        }
        Wire.Answer answer;
        try {
            Wire.send(channel, request);
            answer = Wire.receiveAnswer(channel);
        } catch (IOException e) {
            throw broken(new IOException("the USIG's process does not answer: " + e.getMessage(), e));
        }
        if (answer.status() != Wire.OK) {
            throw broken(new IOException("the USIG's process refuses: " + answer.text()));
        }
        return answer.content();
    }

    private IOException broken(IOException e) {
        failed = true;
        return e;
    }

    private interface Step<T, E extends Exception> {
        T take() throws E;
    }

    /** Notices most of those who break the contract of one caller at a time. */
    private <T, E extends Exception> T alone(Step<T, E> step) throws E {
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "two threads use one USIG at the same time; the order of its counters would" + " be up to chance");
        }
        try {
            return step.take();
        } finally {
            busy.set(false);
        }
    }
}
