package dev.quorate.simulator.scenario;

import dev.quorate.core.ClientId;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.Reply;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Validation;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.check.Observation;
import dev.quorate.simulator.network.Packet;
import dev.quorate.simulator.network.SimNetwork;
import dev.quorate.simulator.node.ClientDriver;
import dev.quorate.simulator.node.World;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A client of a scenario, with one session. Its operations and results are text. */
public final class ScriptedClient implements SimNetwork.Node {
    private final World world;
    private final ClientId id;
    private final ClientDriver driver;
    private final boolean correct;
    private final SortedMap<Long, String> results = new TreeMap<>();
    private long lastTicket;

    ScriptedClient(World world, ClientId id, boolean correct) {
        this.world = world;
        this.id = id;
        this.correct = correct;
        this.driver = new ClientDriver(world, id, 1, this::ended);
    }

    /** Asks for an operation as a correct client does; returns the number of its request. */
    public long invoke(String operation) {
        driver.invoke(++lastTicket, bytes(operation));
        return lastTicket;
    }

    /**
     * A request of this client that it signs, but does not send: the test decides who gets it.
     *
     * @param number of the request in its session
     */
    public Verified<Request> sign(long number, String operation) {
        return sign(driver.session(), number, operation);
    }

    /** The same in any of its sessions. */
    public Verified<Request> sign(long session, long number, String operation) {
        Request request = new Request(new RequestId(id, session, number), bytes(operation));
        if (correct) {
            world.show(new Observation.Submitted(world.now(), request.id(), request.operation()));
        }
        return driver.core().sealer().seal(request);
    }

    /** Sends something to these replicas, past the client's own protocol. */
    public void send(Verified<? extends Message> message, int... to) {
        for (int replica : to) {
            world.network()
                    .send(
                            new Packet(new Peer.OfClient(id), message.frame()),
                            new Peer.OfReplica(new ReplicaId(replica)));
        }
    }

    /** The results that it has accepted, by number of the request: the text, or the kind of error. */
    public SortedMap<Long, String> results() {
        return Collections.unmodifiableSortedMap(results);
    }

    /** Whether everything that it asked for has ended. */
    public boolean isIdle() {
        return results.size() == lastTicket;
    }

    private void ended(long ticket, Optional<Result> result) {
        results.put(ticket, result.map(ScriptedClient::words).orElse("gave up"));
    }

    private static String words(Result result) {
        return result.outcome() == Result.Outcome.OK
                ? new String(result.value().unsafeArray(), StandardCharsets.UTF_8)
                : result.outcome().toString();
    }

    private static Bytes bytes(String operation) {
        return Bytes.wrap(operation.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void receive(Packet packet, long sentAtNanos) {
        if (driver.core().validator().validate(packet.frame(), packet.from()) instanceof Validation.Accepted accepted
                && accepted.message().message() instanceof Reply) {
            driver.receive(accepted.message().as(Reply.class));
        }
    }

    @Override
    public void reconnected(Peer peer) {
        // Its timers do what has to be done.
    }

    @Override
    public void disconnected(Peer peer) {
        // Its timers do what has to be done.
    }
}
