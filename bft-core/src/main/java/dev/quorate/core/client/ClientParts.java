package dev.quorate.core.client;

import dev.quorate.core.message.ReadReply;
import dev.quorate.core.quorum.QuorumSystem;

/** The rules by which a client counts; tests put in others that are wrong, to see that somebody notices. */
public class ClientParts {
    /** {@code w}: how many replicas have to send the same result of a request. */
    protected int requestQuorum(QuorumSystem quorums, boolean fastReads) {
        return fastReads ? quorums.certificate() : quorums.weak();
    }

    /** {@code r}: how many replicas have to agree about a read. */
    protected int readQuorum(QuorumSystem quorums) {
        return quorums.fastRead();
    }

    /** Whether two replicas agree about a read. Equal results alone are not enough: a value may come back. */
    protected boolean agree(ReadReply one, ReadReply other) {
        return one.stamp().equals(other.stamp())
                && one.answer().digest().equals(other.answer().digest());
    }
}
