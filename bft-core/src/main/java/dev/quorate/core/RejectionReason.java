package dev.quorate.core;

/**
 * Why something that came from outside was not believed. Each is counted, and logged at a bounded rate; none of them
 * disturbs anything else.
 */
public enum RejectionReason {
    /** Not the wire format: damaged, truncated, unknown fields, too many elements, an index out of range. */
    MALFORMED,
    /** Larger than the limit for its type; refused before anything is allocated for it. */
    OVERSIZE,
    /** A message type that this version does not know. */
    UNKNOWN_TYPE,
    /** Made for another cluster. */
    FOREIGN_CLUSTER,
    /** Made under another membership of this cluster. */
    WRONG_EPOCH,
    /** From nobody that the cluster configuration knows. */
    UNKNOWN_SENDER,
    /** An unsigned message that names somebody other than the peer at the end of the channel. */
    WRONG_SENDER,
    /** A message type that this kind of peer has no business sending. */
    NOT_PERMITTED,
    /** The signature does not verify. */
    BAD_SIGNATURE,
    /** A batch that holds a request which its client did not sign. */
    FORGED_REQUEST,
    /** The digest does not match what it stands for, or contradicts the accepted one. */
    WRONG_DIGEST,
    /** A message that only a view's primary may send, from another replica; or the reverse. */
    NOT_PRIMARY,
    /** A certificate that does not prove what it is to prove: too few, repeated or contradicting messages. */
    BAD_CERTIFICATE,
    /** A NEW-VIEW that proposes something else than follows from its VIEW-CHANGEs. */
    WRONG_OUTCOME,
    /** A message of a view that is not the current one. */
    WRONG_VIEW,
    /** A sequence number outside the window {@code (h, h+L]}. */
    OUT_OF_WINDOW,
    /** The sender has voted already, and said the same. */
    DUPLICATE,
    /** The sender has voted already, and said something else: proof that it is faulty. */
    CONFLICTING,
    /** A proposal whose time is too far from this replica's clock, or whose prediction the service refuses. */
    UNACCEPTABLE_VALUES,
    /** Nobody asked, or nobody is waiting any more. */
    UNEXPECTED,
    /** The sender has used up what it is allowed to have in flight. */
    QUOTA_EXCEEDED
}
