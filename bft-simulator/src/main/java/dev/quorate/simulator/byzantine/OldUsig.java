package dev.quorate.simulator.byzantine;

import dev.quorate.core.message.Message;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinNewView;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.wire.Verified;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A5: has rejoined without having forgotten anything, and still has the USIG from before. With that one it votes, proposes
 * and leaves views, too: the same as with the new one, something else, or what the new one does not say yet. Until it
 * rejoins it does nothing wrong.
 */
final class OldUsig implements Behaviour {
    private final List<Behaviour> lies =
            List.of(new UsigLies.BreakOrder(0.5), new UsigLies.VoteOutOfTurn(), new UsigLies.ConfuseViews());

    private Verified<? extends Message> last;

    @Override
    public List<Outgoing> send(Outgoing original, Adversary adversary) {
        List<Outgoing> all = new ArrayList<>(List.of(original));
        Verified<? extends Message> message = original.message().orElse(null);
        if (message != null && !message.equals(last) && isSaidWithUsig(message.message(), adversary)) {
            last = message;
            all.addAll(before(adversary, former -> again(original, message.message(), former)));
        }
        return all;
    }

    private List<Outgoing> again(Outgoing original, Message message, Adversary former) {
        List<Outgoing> all = new ArrayList<>();
        if (former.random().chance(0.5)) {
            all.addAll(UsigLies.toSome(former.sealer().seal(message), former));
        }
        for (Behaviour lie : lies) {
            all.addAll(lie.send(original, former));
        }
        all.remove(original); // It is sent anyway, and once.
        return all;
    }

    private static boolean isSaidWithUsig(Message message, Adversary adversary) {
        boolean carriesUi = message instanceof MinCommit
                || message instanceof MinPrepare
                || message instanceof MinViewChange
                || message instanceof MinNewView;
        return carriesUi && ((ReplicaMessage) message).replica().equals(adversary.self());
    }

    @Override
    public List<Outgoing> received(Verified<? extends Message> message, Adversary adversary) {
        return before(adversary, former -> each(lie -> lie.received(message, former)));
    }

    @Override
    public List<Outgoing> idle(Adversary adversary) {
        return before(adversary, former -> each(lie -> lie.idle(former)));
    }

    private List<Outgoing> each(Function<Behaviour, List<Outgoing>> what) {
        return lies.stream().flatMap(lie -> what.apply(lie).stream()).toList();
    }

    private static List<Outgoing> before(Adversary adversary, Function<Adversary, List<Outgoing>> what) {
        return adversary.before().map(what).orElse(List.of());
    }
}
