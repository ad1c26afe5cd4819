package dev.quorate.core.message;

import dev.quorate.core.ReplicaId;

/** What a replica says. */
public sealed interface ReplicaMessage extends Message
        permits PrePrepare,
                Prepare,
                Commit,
                Checkpoint,
                Status,
                ReqViewChange,
                ViewChange,
                NewView,
                Committed,
                FetchBatch,
                BatchBody,
                FetchState,
                StatePart,
                Reply,
                ReadReply,
                Stable,
                MinPrepare,
                MinCommit,
                MinViewChange,
                MinNewView,
                MinStatus,
                FetchLog,
                Rejoin,
                Inspection {
    /** The replica that says it: {@code i} in the papers. */
    ReplicaId replica();
}
