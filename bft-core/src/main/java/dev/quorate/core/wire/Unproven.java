package dev.quorate.core.wire;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.message.StreamPosition;

/**
 * A VIEW-CHANGE that a {@linkplain dev.quorate.core.message.Stable shown} certificate names, and whose UI did not verify
 * here: it was made up, or it is of an epoch that this replica does not know yet.
 *
 * @param of whose VIEW-CHANGE it is said to be
 */
public record Unproven(ReplicaId of, StreamPosition.Left left) {}
