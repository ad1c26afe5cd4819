package dev.quorate.simulator.node;

import dev.quorate.core.message.Result;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.kernel.Randomness;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** One session of a workload: has so many operations executed, a few at a time. */
final class SimSession implements ClientDriver.Listener {
    private final World world;
    private final SimClient client;
    private final int pipeline;
    private final ClientDriver driver;
    private final SortedSet<Long> outstanding = new TreeSet<>();
    private final int abandonedAfter;
    private int remaining;
    private int completed;
    private boolean ended;

    SimSession(World world, SimClient client, long session, int operations, int pipeline, Randomness random) {
        this.world = world;
        this.client = client;
        this.pipeline = pipeline;
        this.remaining = operations;
        this.driver = new ClientDriver(world, client.id(), session, this);
        this.abandonedAfter = client.abandons() ? random.between(0, operations - 1) : Integer.MAX_VALUE;
    }

    ClientDriver driver() {
        return driver;
    }

    boolean isDone() {
        return ended || (remaining == 0 && outstanding.isEmpty());
    }

    int outstanding() {
        return outstanding.size();
    }

    void start() {
        for (int i = 0; i < pipeline; i++) {
            invokeNext();
        }
    }

    private void invokeNext() {
        if (ended || remaining == 0) {
            return;
        }
        remaining--;
        long ticket = client.nextTicket();
        Bytes operation = client.nextOperation();
        outstanding.add(ticket);
        if (client.reads(operation)) {
            driver.read(ticket, operation);
        } else {
            driver.invoke(ticket, operation);
        }
    }

    @Override
    public void ended(long ticket, Optional<Result> result) {
        outstanding.remove(ticket);
        completed++;
        if (completed > abandonedAfter) {
            abandon();
        } else if (remaining > 0) {
            world.scheduler().after(client.thinkNanos(), this::invokeNext);
        } else if (outstanding.isEmpty()) {
            end();
        }
    }

    private void abandon() {
        world.coverage().count("client abandons a session");
        outstanding.forEach(driver::giveUp);
        outstanding.clear();
        end();
    }

    private void end() {
        if (!ended) {
            ended = true;
            driver.close();
            client.ended(this);
        }
    }
}
