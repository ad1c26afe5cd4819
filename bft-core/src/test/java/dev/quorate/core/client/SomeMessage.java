package dev.quorate.core.client;

import dev.quorate.core.ClientId;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicaStatus;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Answer;
import dev.quorate.core.message.BatchBody;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.Committed;
import dev.quorate.core.message.FetchBatch;
import dev.quorate.core.message.FetchLog;
import dev.quorate.core.message.FetchState;
import dev.quorate.core.message.Inspect;
import dev.quorate.core.message.Inspection;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinNewView;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinStatus;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.message.NewView;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.Read;
import dev.quorate.core.message.ReadReply;
import dev.quorate.core.message.Rejoin;
import dev.quorate.core.message.Reply;
import dev.quorate.core.message.ReqViewChange;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.StatePart;
import dev.quorate.core.message.Status;
import dev.quorate.core.message.ViewChange;
import dev.quorate.core.wire.Batches;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.usig.UniqueIdentifier;
import java.util.List;
import java.util.Optional;

/** A message of a given type, where it does not matter what it says. */
final class SomeMessage {
    private static final ReplicaId REPLICA = new ReplicaId(0);
    private static final ClientId CLIENT = new ClientId(0);
    private static final SequenceNumber ONE = new SequenceNumber(1);
    private static final Digest DIGEST = Digest.sha256();
    private static final RequestId ID = new RequestId(CLIENT, 1, 1);

    private SomeMessage() {}

    static Message of(MessageType type) {
        return switch (type) {
            case REQUEST -> new Request(ID, Bytes.EMPTY);
            case REPLY -> new Reply(REPLICA, View.ZERO, ID, Result.ok(Bytes.EMPTY));
            case STABLE -> new Stable(REPLICA, StableCertificate.INITIAL);
            case MIN_PREPARE -> new MinPrepare(REPLICA, View.ZERO, ONE, DIGEST, 0, Optional.empty());
            case MIN_COMMIT ->
                new MinCommit(
                        new ReplicaId(1),
                        new MinPrepare(REPLICA, View.ZERO, ONE, DIGEST, 0, Optional.empty()),
                        new UniqueIdentifier(0, 1, Bytes.EMPTY));
            case MIN_VIEW_CHANGE -> new MinViewChange(REPLICA, View.ZERO);
            case MIN_NEW_VIEW -> new MinNewView(REPLICA, View.ZERO, ONE, List.of());
            case MIN_STATUS -> new MinStatus(REPLICA, View.ZERO, false, ONE, ONE, List.of());
            case FETCH_LOG -> new FetchLog(REPLICA, REPLICA, 1);
            case READ -> new Read(ID, Bytes.EMPTY);
            case READ_REPLY -> new ReadReply(REPLICA, ID, ONE, Answer.whole(Result.ok(Bytes.EMPTY)));
            case PRE_PREPARE -> new PrePrepare(REPLICA, View.ZERO, ONE, DIGEST, Optional.empty());
            case PREPARE -> new Prepare(REPLICA, View.ZERO, ONE, DIGEST);
            case COMMIT -> new Commit(REPLICA, View.ZERO, ONE, DIGEST);
            case CHECKPOINT -> new Checkpoint(REPLICA, ONE, DIGEST);
            case STATUS -> new Status(REPLICA, View.ZERO, false, ONE, ONE);
            case INSPECT -> new Inspect(CLIENT, 1);
            case INSPECTION -> new Inspection(REPLICA, 1, status());
            case REJOIN -> new Rejoin(REPLICA, 1, Bytes.wrap(new byte[Rejoin.NONCE_BYTES]), Bytes.EMPTY);
            case REQ_VIEW_CHANGE -> new ReqViewChange(REPLICA, View.ZERO);
            case VIEW_CHANGE -> new ViewChange(REPLICA, View.ZERO, StableCertificate.INITIAL, List.of());
            case NEW_VIEW -> new NewView(REPLICA, View.ZERO, List.of(), List.of());
            case COMMITTED -> new Committed(REPLICA, ONE, List.of());
            case FETCH_BATCH -> new FetchBatch(REPLICA, ONE, DIGEST);
            case FETCH_STATE -> new FetchState(REPLICA, ONE, 0);
            case STATE_PART -> new StatePart(REPLICA, ONE, 0, Bytes.EMPTY);
            case BATCH_BODY -> new BatchBody(REPLICA, ONE, Batches.nullBatch());
        };
    }

    private static ReplicaStatus status() {
        return new ReplicaStatus(
                REPLICA, View.ZERO, REPLICA, ONE, ONE, ONE, 0, List.of(), 0, 0, 0, Optional.empty(), Optional.empty());
    }
}
