package dev.quorate.core.runtime;

import dev.quorate.core.wire.UiDrafts;
import dev.quorate.core.wire.UiVerifier;
import dev.quorate.usig.Usig;

/**
 * The trusted counters of a cluster, as one replica of it has them.
 *
 * @param own its own, for the thread of its protocol
 * @param all knows those of all replicas
 * @param drafts keeps what the own one is to certify
 */
public record ReplicaUsig(Usig own, UiVerifier all, UiDrafts drafts) {
    /** Without drafts: nothing comes back after a restart. */
    public ReplicaUsig(Usig own, UiVerifier all) {
        this(own, all, UiDrafts.NONE);
    }
}
