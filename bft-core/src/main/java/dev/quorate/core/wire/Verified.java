package dev.quorate.core.wire;

import dev.quorate.core.message.Message;
import dev.quorate.core.message.Signed;
import dev.quorate.crypto.Bytes;
import dev.quorate.usig.UniqueIdentifier;
import java.util.List;

/**
 * A message that may be believed as far as one message alone can be: well-formed, from a member, its signature and all
 * nested ones verified, its digests those of what they stand for; but for what is
 * {@link #unproven}. Only a {@link MessageValidator} makes one of received bytes, and only a {@link Sealer} makes one of
 * what this replica or client itself says. Immutable.
 *
 * @param <M> the type of message
 */
public final class Verified<M extends Message> {
    private final M message;
    private final Envelope envelope;
    private final Bytes frame;
    private final List<Unproven> unproven;

    Verified(M message, Envelope envelope, Bytes frame) {
        this(message, envelope, frame, List.of());
    }

    Verified(M message, Envelope envelope, Bytes frame, List<Unproven> unproven) {
        this.message = message;
        this.envelope = envelope;
        this.frame = frame;
        this.unproven = List.copyOf(unproven);
    }

    public M message() {
        return message;
    }

    /**
     * The same, known to be of a type.
     *
     * @throws ClassCastException if the message is of another one
     */
    @SuppressWarnings("unchecked") // It holds such a message, and its own type says nothing else.
    public <T extends Message> Verified<T> as(Class<T> type) {
        if (!type.isInstance(message)) {
            throw new ClassCastException("no " + type.getSimpleName() + ": " + message.type());
        }
        return (Verified<T>) this;
    }

    public Envelope envelope() {
        return envelope;
    }

    /** The message with its signature, for others to quote. */
    public Signed<M> signed() {
        return new Signed<>(message, envelope.signature());
    }

    /** The UI of a message that carries one. */
    public UniqueIdentifier ui() {
        try {
            return Ui.decode(envelope.signature());
        } catch (RejectedException e) {
            throw new IllegalStateException("verified, but without a UI: " + message, e);
        }
    }

    /** What must not be believed of this message, though its sender does; of a STABLE only. */
    public List<Unproven> unproven() {
        return unproven;
    }

    /** The whole envelope as bytes, to pass on as it is. */
    public Bytes frame() {
        return frame;
    }

    /** Two are equal if they are the same bytes. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Verified<?> that && frame.equals(that.frame);
    }

    @Override
    public int hashCode() {
        return frame.hashCode();
    }

    @Override
    public String toString() {
        return message.toString();
    }
}
