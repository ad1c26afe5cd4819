package dev.quorate.core.wire;

import dev.quorate.core.RejectionReason;

/** Carries a rejection out of nested decoding. It has no stack trace: hostile input must be cheap to refuse. */
final class RejectedException extends Exception {
    private static final long serialVersionUID = 1;

    private final RejectionReason reason;

    RejectedException(RejectionReason reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    RejectionReason reason() {
        return reason;
    }
}
