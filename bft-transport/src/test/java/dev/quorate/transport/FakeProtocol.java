package dev.quorate.transport;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Message;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.ProtocolStatus;
import dev.quorate.core.smr.ReplicaProtocol;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Remembers what it is told, and wants what a test says. */
public final class FakeProtocol implements ReplicaProtocol {
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final Function<Event, List<Effect>> answers;

    public FakeProtocol() {
        this(event -> List.of());
    }

    public FakeProtocol(Function<Event, List<Effect>> answers) {
        this.answers = answers;
    }

    @Override
    public List<Effect> handle(Event event) {
        if (!(event instanceof Event.Drained || event instanceof Event.ClockRead)) {
            events.add(event);
        }
        return answers.apply(event);
    }

    @Override
    public ProtocolStatus status() {
        return new ProtocolStatus(
                View.ZERO,
                new ReplicaId(0),
                new SequenceNumber(3),
                new SequenceNumber(2),
                new SequenceNumber(1),
                events.size(),
                0,
                Optional.empty());
    }

    public List<Event> events() {
        return List.copyOf(events);
    }

    public List<Message> messages() {
        return events.stream()
                .filter(Event.Received.class::isInstance)
                .map(event -> (Message) ((Event.Received) event).message().message())
                .toList();
    }
}
