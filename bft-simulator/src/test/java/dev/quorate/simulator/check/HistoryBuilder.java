package dev.quorate.simulator.check;

import static dev.quorate.simulator.check.Observations.bytes;

import dev.quorate.core.ClientId;
import dev.quorate.core.message.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Histories in few words; the ticket names a call. */
final class HistoryBuilder {
    private final List<Observation> observations = new ArrayList<>();

    HistoryBuilder invoke(int client, long ticket, String operation) {
        observations.add(new Observation.Invoked(now(), new ClientId(client), 1, ticket, bytes(operation)));
        return this;
    }

    HistoryBuilder complete(int client, long ticket, String result) {
        return complete(client, ticket, Result.ok(bytes(result)));
    }

    HistoryBuilder complete(int client, long ticket, Result result) {
        observations.add(new Observation.Completed(now(), new ClientId(client), 1, ticket, result, Optional.empty()));
        return this;
    }

    HistoryBuilder giveUp(int client, long ticket) {
        observations.add(new Observation.GaveUp(now(), new ClientId(client), 1, ticket));
        return this;
    }

    /** A call during which nothing else happens. */
    HistoryBuilder call(int client, long ticket, String operation, String result) {
        return invoke(client, ticket, operation).complete(client, ticket, result);
    }

    private long now() {
        return observations.size() * 1_000_000L;
    }

    Observation[] build() {
        return observations.toArray(Observation[]::new);
    }

    History history() {
        HistoryRecorder recorder = new HistoryRecorder();
        observations.forEach(recorder::observe);
        return recorder.history();
    }
}
