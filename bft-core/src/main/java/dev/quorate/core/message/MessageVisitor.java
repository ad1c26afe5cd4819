package dev.quorate.core.message;

/** One method for each message, so that whoever handles messages handles all of them. */
public interface MessageVisitor<R> {
    R visit(Request request);

    R visit(PrePrepare prePrepare);

    R visit(Prepare prepare);

    R visit(Commit commit);

    R visit(Checkpoint checkpoint);

    R visit(Status status);

    R visit(ReqViewChange reqViewChange);

    R visit(ViewChange viewChange);

    R visit(NewView newView);

    R visit(Committed committed);

    R visit(FetchBatch fetchBatch);

    R visit(BatchBody batchBody);

    R visit(FetchState fetchState);

    R visit(StatePart statePart);

    R visit(Reply reply);

    R visit(Read read);

    R visit(ReadReply readReply);

    R visit(Stable stable);

    R visit(MinPrepare prepare);

    R visit(MinCommit commit);

    R visit(MinViewChange viewChange);

    R visit(MinNewView newView);

    R visit(MinStatus status);

    R visit(FetchLog fetchLog);

    R visit(Rejoin rejoin);

    R visit(Inspect inspect);

    R visit(Inspection inspection);
}
