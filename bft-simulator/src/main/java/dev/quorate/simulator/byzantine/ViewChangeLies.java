package dev.quorate.simulator.byzantine;

import dev.quorate.core.Limit;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MinNewView;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.message.NewView;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.PreparedCertificate;
import dev.quorate.core.message.ReqViewChange;
import dev.quorate.core.message.Signed;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.ViewChange;
import dev.quorate.core.pbft.NewViewOutcome;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Digest;
import dev.quorate.simulator.kernel.Randomness;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Behaviours in view changes. What they send is valid by itself: each lie can be told from another message only. */
final class ViewChangeLies {
    private ViewChangeLies() {}

    /**
     * Says different things to different replicas: VIEW-CHANGEs that hide some of what prepared, or the stable
     * checkpoint; and as the primary NEW-VIEWs that rest on different quorums, with what follows from each.
     */
    static final class Equivocate implements Behaviour {
        /** Of each other replica the VIEW-CHANGE that came last. */
        private final Map<ReplicaId, Verified<ViewChange>> seen = new TreeMap<>();

        private final List<Peer> deceived = new ArrayList<>();
        private Verified<ViewChange> truth;
        private Verified<ViewChange> lie;
        private Optional<View> begun = Optional.empty();

        @Override
        public List<Outgoing> send(Outgoing original, Adversary adversary) {
            Optional<ViewChange> viewChange = original.as(ViewChange.class).filter(v -> isOwn(v.replica(), adversary));
            if (viewChange.isPresent()) {
                return List.of(original.saying(say(viewChange.get(), original.to(), adversary)));
            }
            Optional<NewView> newView = original.as(NewView.class).filter(v -> isOwn(v.replica(), adversary));
            if (newView.isPresent() && truth != null) {
                begun = newView.map(NewView::view);
                boolean lies = deceived.contains(original.to());
                Optional<Verified<NewView>> other = lies ? another(newView.get().view(), adversary) : Optional.empty();
                return List.of(other.map(original::saying).orElse(original));
            }
            return List.of(original);
        }

        private static boolean isOwn(ReplicaId replica, Adversary adversary) {
            return replica.equals(adversary.self());
        }

        private Verified<ViewChange> say(ViewChange own, Peer to, Adversary adversary) {
            if (truth == null || !truth.message().equals(own)) {
                truth = adversary.sealer().seal(own);
                lie = adversary.sealer().seal(hide(own, adversary));
                deceived.clear();
                deceived.addAll(adversary.random().some(adversary.others(), 0.5));
            }
            return deceived.contains(to) ? lie : truth;
        }

        private static ViewChange hide(ViewChange own, Adversary adversary) {
            if (adversary.random().chance(0.6)) {
                List<PreparedCertificate> some = adversary.random().some(own.prepared(), 0.3);
                return new ViewChange(own.replica(), own.view(), own.stable(), some);
            }
            SequenceNumber window =
                    new SequenceNumber(adversary.config().limits().get(Limit.WINDOW));
            List<PreparedCertificate> low = own.prepared().stream()
                    .filter(prepared -> !prepared.sequenceNumber().isAfter(window))
                    .toList();
            return new ViewChange(own.replica(), own.view(), StableCertificate.INITIAL, low);
        }

        /** As soon as it could have begun the view in another way, it does that, too. */
        @Override
        public List<Outgoing> received(Verified<? extends Message> message, Adversary adversary) {
            if (!(message.message() instanceof ViewChange viewChange) || isOwn(viewChange.replica(), adversary)) {
                return List.of();
            }
            remember(message, viewChange);
            if (!begun.equals(Optional.of(viewChange.view()))) {
                return List.of();
            }
            Peer to = adversary.random().pick(adversary.others());
            return another(viewChange.view(), adversary).map(other -> Outgoing.of(to, other)).stream()
                    .toList();
        }

        private void remember(Verified<? extends Message> message, ViewChange viewChange) {
            seen.put(viewChange.replica(), message.as(ViewChange.class));
        }

        /** A NEW-VIEW of some quorum, with one's own VIEW-CHANGE as it is or as it is not. */
        private Optional<Verified<NewView>> another(View view, Adversary adversary) {
            List<Verified<ViewChange>> others = seen.values().stream()
                    .filter(v -> v.message().view().equals(view))
                    .toList();
            int needed = QuorumSystem.of(
                                    adversary.config().protocol(),
                                    adversary.config().n())
                            .certificate()
                    - 1;
            if (others.size() < needed || !truth.message().view().equals(view)) {
                return Optional.empty();
            }
            List<Verified<ViewChange>> quorum =
                    new ArrayList<>(adversary.random().shuffled(others).subList(0, needed));
            quorum.add(adversary.random().chance(0.7) ? lie : truth);
            quorum.sort(Comparator.comparing(v -> v.message().replica()));
            return Optional.of(begin(view, quorum, adversary));
        }

        private static Verified<NewView> begin(View view, List<Verified<ViewChange>> quorum, Adversary adversary) {
            NewViewOutcome outcome =
                    NewViewOutcome.of(quorum.stream().map(Verified::message).toList());
            List<Signed<PrePrepare>> proposals = new ArrayList<>();
            SequenceNumber at = outcome.low();
            for (Digest digest : outcome.digests()) {
                at = at.next();
                proposals.add(adversary
                        .sealer()
                        .seal(new PrePrepare(adversary.self(), view, at, digest, Optional.empty()))
                        .signed());
            }
            List<Signed<ViewChange>> proof =
                    quorum.stream().map(Verified::signed).toList();
            return adversary.sealer().seal(new NewView(adversary.self(), view, proof, proposals));
        }
    }

    /** Begins views without telling some replicas, always the same ones. */
    static final class WithholdNewView implements Behaviour {
        private final double share;
        private List<Peer> leftOut;

        WithholdNewView(double share) {
            this.share = share;
        }

        @Override
        public List<Outgoing> send(Outgoing original, Adversary adversary) {
            if (original.as(NewView.class).isEmpty()
                    && original.as(MinNewView.class).isEmpty()) {
                return List.of(original);
            }
            if (leftOut == null) {
                leftOut = adversary.random().some(adversary.others(), share);
            }
            return leftOut.contains(original.to()) ? List.of() : List.of(original);
        }
    }

    /** Demands view changes all the time: the next one, later ones, absurd ones. */
    static final class Spam implements Behaviour {
        private static final long HUGE = 1L << 61;

        private View highest = View.ZERO;

        @Override
        public List<Outgoing> received(Verified<? extends Message> message, Adversary adversary) {
            if (message.message() instanceof NewView begun) {
                raise(begun.view());
            } else if (message.message() instanceof MinNewView begun) {
                raise(begun.view());
            }
            return List.of();
        }

        private void raise(View view) {
            if (view.compareTo(highest) > 0) {
                highest = view;
            }
        }

        @Override
        public List<Outgoing> idle(Adversary adversary) {
            Randomness random = adversary.random();
            View view =
                    switch (random.below(3)) {
                        case 0 -> highest.next();
                        case 1 -> new View(highest.number() + random.between(1, 10));
                        default -> new View(random.skewed(1, HUGE));
                    };
            boolean isMinBft = adversary.config().protocol() == Protocol.MINBFT;
            Message demand = random.chance(isMinBft ? 0.95 : 0.6)
                    ? new ReqViewChange(adversary.self(), view)
                    : leave(isMinBft, view, adversary);
            Verified<? extends Message> said = adversary.sealer().seal(demand);
            List<Outgoing> demands = new ArrayList<>();
            for (Peer other : random.chance(0.7) ? adversary.others() : random.some(adversary.others(), 0.5)) {
                demands.add(Outgoing.of(other, said));
            }
            return demands;
        }

        /** In MinBFT, where it takes a counter, for the next view only: later ones would keep its stream from being handled. */
        private Message leave(boolean isMinBft, View view, Adversary adversary) {
            return isMinBft
                    ? new MinViewChange(adversary.self(), highest.next())
                    : new ViewChange(adversary.self(), view, StableCertificate.INITIAL, List.of());
        }
    }
}
