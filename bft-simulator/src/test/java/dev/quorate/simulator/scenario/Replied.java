package dev.quorate.simulator.scenario;

import dev.quorate.core.message.Reply;
import dev.quorate.core.message.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What replicas answer to clients. */
final class Replied {
    private Replied() {}

    /** From now on collects all replies that are sent, whatever becomes of them. */
    static List<Reply> watch(Scenario scenario) {
        List<Reply> replies = new ArrayList<>();
        scenario.lose(Flow.of(Reply.class, reply -> {
            replies.add(reply);
            return false;
        }));
        return replies;
    }

    /** What each replica said last of a request, by the replica's number. */
    static SortedMap<Integer, Result> to(List<Reply> replies, long session, long number) {
        SortedMap<Integer, Result> results = new TreeMap<>();
        for (Reply reply : replies) {
            if (reply.request().session() == session && reply.request().number() == number) {
                results.put(reply.replica().value(), reply.answer().whole().orElseThrow());
            }
        }
        return results;
    }

    /** The same in a client's first session. */
    static SortedMap<Integer, Result> to(List<Reply> replies, long number) {
        return to(replies, 1, number);
    }
}
