package dev.quorate.simulator.scenario;

import static dev.quorate.simulator.scenario.CrashScripts.ENDINGS;
import static dev.quorate.simulator.scenario.CrashScripts.ask;
import static dev.quorate.simulator.scenario.CrashScripts.finish;
import static dev.quorate.simulator.scenario.CrashScripts.replicas;
import static dev.quorate.simulator.scenario.CrashScripts.small;
import static dev.quorate.simulator.scenario.Scripts.LATER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Protocol;
import dev.quorate.core.View;
import dev.quorate.simulator.disk.SimulatedDisk;
import dev.quorate.simulator.node.CoreFactory;
import dev.quorate.simulator.node.Ending;
import dev.quorate.simulator.node.SimReplica;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Disks that are damaged, full, or fail, by the rows of docs/scenarios.md. */
public final class DiskScripts {
    private static final int ENTRY_MAGIC = 0x51524543;
    private static final int ENTRY_LENGTH = 4;
    private static final int ENTRY_KIND = 16;
    private static final int ENTRY_HEADER = 32;
    private static final int LAST_OF_GROUP = 256;
    private static final int BLOCK = 4096;
    /** The backup whose disk it is. */
    private static final int VICTIM = 2;

    /** Which entry of the log. */
    public enum Place {
        HEAD,
        MIDDLE,
        NEWEST
    }

    private DiskScripts() {}

    private static void execute(Scenario scenario, int operations) {
        ask(scenario, operations);
        scenario.runUntil(scenario.client(0)::isIdle, LATER);
    }

    /** Everybody has executed something, and the victim is down. */
    private static Scenario withVictimDown(Protocol protocol, CoreFactory cores) {
        Scenario scenario = small(protocol, cores).start();
        execute(scenario, 10);
        while (groups(scenario.replica(VICTIM).disk()).size() < 4) {
            execute(scenario, 1);
        }
        finish(scenario, protocol);
        scenario.replica(VICTIM).crash(Ending.KILLED);
        return scenario;
    }

    private static String newestLog(SimulatedDisk disk) {
        return disk.names().stream()
                .filter(name -> name.startsWith("log-"))
                .reduce((older, newer) -> newer)
                .orElseThrow();
    }

    /** Where groups of entries begin in the newest segment, up to the end of the log: what follows there is of old use. */
    private static List<Integer> groups(SimulatedDisk disk) {
        ByteBuffer bytes = ByteBuffer.wrap(disk.read(newestLog(disk)));
        List<Integer> groups = new ArrayList<>();
        int at = BLOCK;
        while (at < bytes.capacity() && bytes.getInt(at) == ENTRY_MAGIC) {
            groups.add(at);
            boolean last = false;
            while (!last) {
                last = (bytes.getInt(at + ENTRY_KIND) & LAST_OF_GROUP) != 0;
                at += ENTRY_HEADER + roundUp(bytes.getInt(at + ENTRY_LENGTH), Long.BYTES);
            }
            at = roundUp(at, BLOCK);
        }
        return groups;
    }

    private static int roundUp(int value, int unit) {
        return (value + unit - 1) / unit * unit;
    }

    /** Damages the payload of an entry of the newest segment. */
    private static void damageLog(SimReplica replica, Place place) {
        List<Integer> groups = groups(replica.disk());
        int group =
                switch (place) {
                    case HEAD -> 0;
                    case MIDDLE -> groups.size() / 2;
                    case NEWEST -> groups.size() - 1;
                };
        replica.damaged();
        replica.disk().flip(newestLog(replica.disk()), groups.get(group) + ENTRY_HEADER + 1, 1);
    }

    /** What a replica that may have forgotten has to do: say so, and take part again; and nobody is worse off. */
    private static void rejoin(Scenario scenario, Protocol protocol) {
        scenario.restart(VICTIM);
        assertThat(scenario.count("store: LOST")).isEqualTo(1);
        execute(scenario, 6);
        scenario.runUntil(() -> scenario.count("notice: Rejoined") == 1, LATER);
        execute(scenario, 6);
        finish(scenario, protocol);
    }

    /** D1: an entry of the log of one replica is damaged; it notices, and rejoins. */
    public static void d1DamagedEntry(Protocol protocol, Place place, CoreFactory cores) {
        Scenario scenario = withVictimDown(protocol, cores);
        damageLog(scenario.replica(VICTIM), place);
        rejoin(scenario, protocol);
    }

    /** D1: of one replica after the other, each once the one before has rejoined: nothing is lost. */
    public static void d1OneAfterTheOther(Protocol protocol, CoreFactory cores) {
        Scenario scenario = small(protocol, cores).start();
        execute(scenario, 10);
        for (int i = 0; i < replicas(protocol); i++) {
            while (groups(scenario.replica(i).disk()).size() < 4) {
                execute(scenario, 1);
            }
            finish(scenario, protocol); // Else the newest entry may be one that was not reported yet.
            scenario.runFor(Duration.ofSeconds(1));
            scenario.replica(i).crash(Ending.KILLED);
            damageLog(scenario.replica(i), Place.values()[i % Place.values().length]);
            scenario.restart(i);
            assertThat(scenario.count("store: LOST")).isEqualTo(i + 1L);
            execute(scenario, 6);
            int rejoined = i + 1;
            scenario.runUntil(() -> scenario.count("notice: Rejoined") == rejoined, LATER);
            finish(scenario, protocol);
        }
        assertThat(scenario.count("store: LOST")).isEqualTo(replicas(protocol));
    }

    /** D1: of all replicas. Nobody may go on, and they say so. */
    public static void d1DamagedEverywhere(Protocol protocol, Place place, CoreFactory cores) {
        Scenario scenario = withVictimDown(protocol, cores);
        for (int i = 0; i < replicas(protocol); i++) {
            scenario.replica(i).crash(Ending.KILLED);
            damageLog(scenario.replica(i), place);
        }
        for (int i = 0; i < replicas(protocol); i++) {
            scenario.restart(i);
        }
        ask(scenario, 1);
        scenario.runUntil(() -> scenario.count("notice: TooManyRejoin") > 0, LATER);
        scenario.runFor(Duration.ofSeconds(30));
        assertThat(scenario.client(0).isIdle()).isFalse();
        assertThat(scenario.count("store: LOST")).isEqualTo(replicas(protocol));
    }

    /** D3: a write went to the wrong place; at the next start that is noticed. */
    public static void d3MisdirectedWrite(Protocol protocol, CoreFactory cores) {
        boolean noticed = false;
        for (int seed = 0; seed < 10; seed++) {
            Scenario scenario = small(protocol, cores).seed(seed).start();
            execute(scenario, 6);
            scenario.replica(VICTIM).misdirectNextWrite();
            execute(scenario, 1 + seed % 3);
            scenario.replica(VICTIM).crash(ENDINGS.get(seed % 3));
            scenario.restart(VICTIM);
            execute(scenario, 10);
            noticed |= scenario.count("store: LOST") > 0;
        }
        assertThat(noticed).isTrue();
    }

    /** D4: a sync fails, or the disk is full: the replica stops, and goes on with what it had when that is over. */
    public static void d4FailingDisk(Protocol protocol, boolean full, CoreFactory cores) {
        Scenario scenario = small(protocol, cores).start();
        execute(scenario, 6);
        SimReplica victim = scenario.replica(VICTIM);
        if (full) {
            victim.disk().faults().setCapacity(victim.disk().used());
        } else {
            victim.disk().faults().failSyncsAfter(2);
        }
        execute(scenario, 40);
        assertThat(victim.isUp()).isFalse();
        scenario.restart(VICTIM);

        victim.disk().faults().setCapacity(Long.MAX_VALUE);
        victim.disk().faults().failSyncsAfter(Long.MAX_VALUE);
        scenario.restart(VICTIM);
        execute(scenario, 4);
        finish(scenario, protocol);
        assertThat(scenario.count("store: LOST")).isZero();
    }

    /** D6: the newest snapshot, or a chunk of it, is damaged: the replica keeps its memory, and gets the state elsewhere. */
    public static void d6DamagedSnapshot(Protocol protocol, String file, CoreFactory cores) {
        Scenario scenario = withVictimDown(protocol, cores);
        SimulatedDisk disk = scenario.replica(VICTIM).disk();
        List<String> damaged =
                disk.names().stream().filter(name -> name.startsWith(file)).toList();
        assertThat(damaged).isNotEmpty();
        damaged.forEach(name -> disk.flip(name, 30 % disk.read(name).length, 1));

        scenario.restart(VICTIM);
        execute(scenario, 6);
        finish(scenario, protocol);
        assertThat(scenario.count("store: LOST")).isZero();
        assertThat(scenario.count("notice: StateTransferFinished")).isPositive();
    }

    /** D7: what says how far the log was reported, or whose it is, is damaged. */
    public static void d7DamagedMetadata(Protocol protocol, String file, CoreFactory cores) {
        Scenario scenario = withVictimDown(protocol, cores);
        SimReplica victim = scenario.replica(VICTIM);
        victim.damaged();
        for (int at = 20; at < victim.disk().read(file).length; at += BLOCK) {
            victim.disk().flip(file, at, 1);
        }
        rejoin(scenario, protocol);
    }

    /** D7: what says in which view the replica is, and with what that began. */
    public static void d7DamagedView(Protocol protocol, CoreFactory cores) {
        Scenario scenario = small(protocol, cores).start();
        execute(scenario, 10);
        finish(scenario, protocol);
        Valve cut = scenario.lose(Flow.all().across(0));
        ask(scenario, 1);
        scenario.runUntil(scenario.client(0)::isIdle, LATER);
        assertThat(scenario.status(VICTIM).view()).isGreaterThan(View.ZERO);
        SimReplica victim = scenario.replica(VICTIM);
        victim.crash(Ending.KILLED);
        victim.damaged();
        List<Integer> groups = groups(victim.disk());
        assertThat(groups).isNotEmpty();
        groups.forEach(at -> victim.disk().flip(newestLog(victim.disk()), at + ENTRY_HEADER + 1, 1));

        cut.open();
        rejoin(scenario, protocol);
    }

    /** D7: one of the two copies of the mark: the other one is enough. */
    public static void d7OneCopyOfTheMark(Protocol protocol, CoreFactory cores) {
        for (int copy = 0; copy < 2; copy++) {
            Scenario scenario = withVictimDown(protocol, cores);
            scenario.replica(VICTIM).disk().flip("mark", copy * BLOCK + 20, 1);
            scenario.restart(VICTIM);
            execute(scenario, 6);
            finish(scenario, protocol);
            assertThat(scenario.count("store: LOST")).isZero();
        }
    }
}
