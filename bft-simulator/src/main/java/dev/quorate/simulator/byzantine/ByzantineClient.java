package dev.quorate.simulator.byzantine;

import dev.quorate.core.ClientId;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.OperationGenerator;
import dev.quorate.simulator.kernel.Randomness;
import dev.quorate.simulator.network.Packet;
import dev.quorate.simulator.network.SimNetwork;
import dev.quorate.simulator.node.World;

/**
 * A faulty client: says different things to different replicas under one number, signs wrongly, jumps in its numbers and
 * sessions, floods, and sends what is no message at all.
 */
public final class ByzantineClient implements SimNetwork.Node {
    private final World world;
    private final Peer self;
    private final ClientId id;
    private final OperationGenerator generator;
    private final Randomness random;
    private final Sealer sealer;
    private final Sealer wrongKey;
    private final Sealer forger;
    private final ClientId victim;
    private final long maxPauseNanos;
    private long session = 1;
    private long number = 1;

    /**
     * A faulty client.
     *
     * @param sealer with its own key
     * @param wrongKey in its own name, but with a key that is not its own
     * @param forger with its own key, but in the name of {@code victim}
     * @param victim another client
     * @param maxPauseNanos the longest pause between two things that it does
     */
    public ByzantineClient(
            World world,
            ClientId id,
            OperationGenerator generator,
            Sealer sealer,
            Sealer wrongKey,
            Sealer forger,
            ClientId victim,
            long maxPauseNanos) {
        this.world = world;
        this.id = id;
        this.self = new Peer.OfClient(id);
        this.generator = generator;
        this.sealer = sealer;
        this.wrongKey = wrongKey;
        this.forger = forger;
        this.victim = victim;
        this.maxPauseNanos = maxPauseNanos;
        this.random = world.seed().stream("byzantine client", id.value());
    }

    /** Begins, and never ends. */
    public void start() {
        world.scheduler().after(random.between(maxPauseNanos / 2, maxPauseNanos), () -> {
            act();
            start();
        });
    }

    private void act() {
        switch (random.below(8)) {
            case 0, 1 -> differentPayloads();
            case 2 -> toAll(request(number++));
            case 3 -> jump();
            case 4 -> openSession();
            case 5 -> flood();
            case 6 -> toAll(forge());
            default -> garbage();
        }
    }

    /** L2: one number, another operation for each replica. */
    private void differentPayloads() {
        world.coverage().count("byzantine client: one number, different operations");
        for (int i = 0; i < world.members().config().n(); i++) {
            send(request(number).frame(), i);
        }
        if (random.chance(0.7)) {
            number++;
        }
    }

    /** L3: far ahead, or back. */
    private void jump() {
        world.coverage().count("byzantine client: jumps");
        toAll(request(random.chance(0.5) ? random.skewed(1, Long.MAX_VALUE) : Math.max(1, number - random.below(4))));
    }

    private void openSession() {
        world.coverage().count("byzantine client: opens sessions");
        session = random.chance(0.1) ? random.skewed(1, Long.MAX_VALUE - 10) : session + 1;
        number = 1;
        toAll(request(number++));
    }

    private void flood() {
        world.coverage().count("byzantine client: floods");
        int victim = random.below(world.members().config().n());
        for (int i = 0; i < 100; i++) {
            send(request(number + i).frame(), victim);
        }
    }

    /** Signed with the wrong key, in its own name or in another's. */
    private Verified<? extends Message> forge() {
        world.coverage().count("byzantine client: forges");
        return random.chance(0.5)
                ? wrongKey.seal(new Request(new RequestId(id, session, number), generator.next(random)))
                : forger.seal(new Request(new RequestId(victim, session, number), generator.next(random)));
    }

    private void garbage() {
        world.coverage().count("byzantine client: garbage");
        byte[] bytes = request(number).frame().toArray();
        bytes[random.below(bytes.length)] ^= (byte) (1 << random.below(Byte.SIZE));
        send(Bytes.wrap(bytes), random.below(world.members().config().n()));
    }

    private Verified<Request> request(long withNumber) {
        return sealer.seal(new Request(new RequestId(id, session, withNumber), generator.next(random)));
    }

    private void toAll(Verified<? extends Message> message) {
        for (int i = 0; i < world.members().config().n(); i++) {
            send(message.frame(), i);
        }
    }

    private void send(Bytes frame, int replica) {
        world.network().send(new Packet(self, frame), new Peer.OfReplica(new ReplicaId(replica)));
    }

    @Override
    public void receive(Packet packet, long sentAtNanos) {
        // It does not care for answers.
    }

    @Override
    public void reconnected(Peer peer) {
        // Nor for connections.
    }

    @Override
    public void disconnected(Peer peer) {
        // Nor for lost ones.
    }
}
