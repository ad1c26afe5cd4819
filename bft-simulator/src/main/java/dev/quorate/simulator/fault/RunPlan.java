package dev.quorate.simulator.fault;

import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.simulator.network.LinkConditions;
import dev.quorate.simulator.node.ClientPlan;
import dev.quorate.simulator.node.NodeTiming;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Everything about a run that is decided before it begins.
 *
 * @param replicas how many
 * @param limits of the cluster's configuration; small, so that a short run meets them
 * @param conditions of the network until the faults heal
 * @param clients the correct clients, which have the first ids
 * @param activeClients how many of them do anything: fewer than there are in a run that was made smaller
 * @param byzantineClients how many more clients there are, all faulty
 * @param activeByzantineClients how many of them do anything
 * @param faulty the replicas that count among the {@code f}
 * @param faults of the network and of replicas that do nothing wrong on purpose
 * @param clockRates of each replica's timers
 * @param maxStartNanos how long after the first the last replica starts
 * @param faultPhaseNanos after how long the faults heal
 * @param fastReads whether the cluster is configured for them, and clients use them
 */
public record RunPlan(
        Protocol protocol,
        String signatureScheme,
        int replicas,
        Limits limits,
        NodeTiming timing,
        LinkConditions conditions,
        List<ClientPlan> clients,
        int activeClients,
        int byzantineClients,
        int activeByzantineClients,
        List<FaultyReplica> faulty,
        List<Fault> faults,
        List<Double> clockRates,
        long maxStartNanos,
        long faultPhaseNanos,
        boolean fastReads) {
    public RunPlan {
        clients = List.copyOf(clients);
        faulty = List.copyOf(faulty);
        faults = List.copyOf(faults);
        clockRates = List.copyOf(clockRates);
    }

    /** The plan in words, one line for each thing. */
    public List<String> words() {
        List<String> words = new ArrayList<>();
        words.add(String.format(
                Locale.ROOT,
                "%d replicas of %s, %d of %d clients and %d of %d faulty clients; faults until %.3f s",
                replicas,
                protocol.configName(),
                activeClients,
                clients.size(),
                activeByzantineClients,
                byzantineClients,
                faultPhaseNanos / 1e9));
        words.add(limits.toString());
        words.add(fastReads ? "with fast reads" : "without fast reads");
        words.add(conditions.toString());
        words.add(timing.toString());
        clients.subList(0, activeClients).forEach(client -> words.add(client.toString()));
        faulty.forEach(replica -> words.add(replica.toString()));
        faults.forEach(fault -> words.add(fault.toString()));
        return words;
    }
}
