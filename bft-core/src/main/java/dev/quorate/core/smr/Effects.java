package dev.quorate.core.smr;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.message.Message;
import dev.quorate.core.wire.Verified;
import java.util.ArrayList;
import java.util.List;

/** The effects of the event that is being handled, in their order. */
public final class Effects {
    private List<Effect> collected = new ArrayList<>();

    public void add(Effect effect) {
        collected.add(effect);
    }

    public void report(Notice notice) {
        add(new Effect.Report(notice));
    }

    public void reject(RejectionReason reason, Verified<? extends Message> message) {
        report(new Notice.Rejected(reason, message));
    }

    /** What was collected since the last call. */
    public List<Effect> take() {
        List<Effect> taken = collected;
        collected = new ArrayList<>();
        return taken;
    }
}
