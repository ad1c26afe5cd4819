package dev.quorate.sample.kv.cli;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ClusterConfig.ReplicaInfo;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicaStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the replicas say about themselves, for people. */
final class StatusTable {
    private static final List<String> HEADINGS = List.of(
            "replica",
            "address",
            "view",
            "primary",
            "ordered",
            "executed",
            "stable",
            "pending",
            "connected to",
            "clients",
            "rejected",
            "surplus",
            "durability");

    private StatusTable() {}

    /** The lines of a table with a row for each replica. */
    static List<String> lines(ClusterConfig config, Map<ReplicaId, ReplicaStatus> answers) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        for (ReplicaInfo replica : config.replicas()) {
            ReplicaStatus status = answers.get(replica.id());
            String id = String.valueOf(replica.id().value());
            String address = replica.host() + ":" + replica.port();
            rows.add(status == null ? List.of(id, address, "no answer") : row(id, address, status));
        }
        List<String> lines = new ArrayList<>(align(rows));
        answers.values()
                .forEach(status -> status.rejoining()
                        .ifPresent(from -> lines.add(status.replica() + " has lost its memory, and only listens until "
                                + (from.value() == 0
                                        ? "its wish to rejoin is ordered"
                                        : "the checkpoint at " + from.value() + " is stable"))));
        return lines;
    }

    private static List<String> row(String id, String address, ReplicaStatus status) {
        String peers = status.connectedReplicas().stream()
                .map(peer -> String.valueOf(peer.value()))
                .collect(Collectors.joining(","));
        return List.of(
                id,
                address,
                String.valueOf(status.view().number()),
                String.valueOf(status.primary().value()),
                String.valueOf(status.ordered().value()),
                String.valueOf(status.executed().value()),
                String.valueOf(status.stable().value()),
                String.valueOf(status.pendingRequests()),
                peers.isEmpty() ? "none" : peers,
                String.valueOf(status.connectedClients()),
                String.valueOf(status.rejectedMessages()),
                String.valueOf(status.surplusMessages()),
                status.durability().map(DurabilityName::nameOf).orElse("no store"));
    }

    private static List<String> align(List<List<String>> rows) {
        int[] widths = new int[HEADINGS.size()];
        for (List<String> row : rows) {
            for (int column = 0; column < row.size(); column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            line.append(row.get(column));
            line.append(" ".repeat(widths[column] - row.get(column).length() + 2));
        }
        return line.toString().stripTrailing();
    }
}
