package dev.quorate.simulator.broken;

import dev.quorate.core.ClientId;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Identity;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicatedService;
import dev.quorate.core.client.ClientProtocol;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.Request;
import dev.quorate.core.minbft.MinBftReplica;
import dev.quorate.core.minbft.MinBftRules;
import dev.quorate.core.minbft.MinParts;
import dev.quorate.core.pbft.PbftParts;
import dev.quorate.core.pbft.PbftReplica;
import dev.quorate.core.pbft.PbftRules;
import dev.quorate.core.runtime.ClientCore;
import dev.quorate.core.runtime.ReplicaCore;
import dev.quorate.core.runtime.ReplicaUsig;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.ProtocolStatus;
import dev.quorate.core.smr.ReplicaProtocol;
import dev.quorate.core.smr.TimerId;
import dev.quorate.core.wire.MessageValidator;
import dev.quorate.core.wire.UiVerifier;
import dev.quorate.simulator.node.CoreFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Replicas and clients with one mistake each. */
public final class BrokenCores {
    private BrokenCores() {}

    /** Replicas of PBFT with other parts. */
    public static CoreFactory replicas(Supplier<PbftParts> parts) {
        return new CoreFactory() {
            @Override
            public ReplicaCore replica(
                    ClusterConfig config, Identity identity, ReplicatedService service, ReplicaUsig usig) {
                ReplicaCore right = ReplicaCore.create(config, identity, service, Optional.of(usig));
                PbftParts broken = parts.get();
                return new ReplicaCore(
                        right.id(),
                        new MessageValidator(config, new PbftRules(config, broken)),
                        new PbftReplica(config, right.id(), right.sealer(), false, broken),
                        right.service(),
                        right.sealer());
            }
        };
    }

    /** Replicas of MinBFT with other parts. */
    public static CoreFactory minbft(Supplier<MinParts> parts) {
        return new CoreFactory() {
            @Override
            public ReplicaCore replica(
                    ClusterConfig config, Identity identity, ReplicatedService service, ReplicaUsig usig) {
                ReplicaCore right = ReplicaCore.create(config, identity, service, Optional.of(usig));
                MinParts broken = parts.get();
                return new ReplicaCore(
                        right.id(),
                        new MessageValidator(config, new MinBftRules(config, broken), usig.all()),
                        new MinBftReplica(config, right.id(), right.sealer(), false, broken),
                        right.service(),
                        right.sealer());
            }
        };
    }

    /** Replicas that believe any UI. */
    public static CoreFactory unverifiedUis() {
        return new CoreFactory() {
            @Override
            public ReplicaCore replica(
                    ClusterConfig config, Identity identity, ReplicatedService service, ReplicaUsig usig) {
                UiVerifier any = (replica, message, ui) -> true;
                return CoreFactory.super.replica(config, identity, service, new ReplicaUsig(usig.own(), any));
            }
        };
    }

    /** Replicas around whose state machine something else is wrapped. */
    private static CoreFactory wrapped(Function<ReplicaProtocol, ReplicaProtocol> wrapper) {
        return new CoreFactory() {
            @Override
            public ReplicaCore replica(
                    ClusterConfig config, Identity identity, ReplicatedService service, ReplicaUsig usig) {
                ReplicaCore right = ReplicaCore.create(config, identity, service, Optional.of(usig));
                return with(right, wrapper.apply(right.protocol()));
            }
        };
    }

    private static ReplicaCore with(ReplicaCore core, ReplicaProtocol protocol) {
        return new ReplicaCore(core.id(), core.validator(), protocol, core.service(), core.sealer());
    }

    /** Replicas to which some events do not happen: without the rule that these are for. */
    public static CoreFactory ignoring(Predicate<Event> ignored) {
        return wrapped(right -> new ReplicaProtocol() {
            @Override
            public List<Effect> handle(Event event) {
                return ignored.test(event) ? List.of() : right.handle(event);
            }

            @Override
            public ProtocolStatus status() {
                return right.status();
            }
        });
    }

    /** Replicas that ignore one type of message. */
    public static CoreFactory ignoringMessages(Class<? extends Message> type) {
        return ignoringMessages(type, type);
    }

    /** Replicas that ignore two types of messages. */
    public static CoreFactory ignoringMessages(Class<? extends Message> one, Class<? extends Message> other) {
        return ignoring(event -> event instanceof Event.Received received
                && (one.isInstance(received.message().message())
                        || other.isInstance(received.message().message())));
    }

    /** Replicas that do not say some things. */
    public static CoreFactory notSaying(Predicate<Effect> unsaid) {
        return wrapped(right -> new ReplicaProtocol() {
            @Override
            public List<Effect> handle(Event event) {
                return right.handle(event).stream().filter(unsaid.negate()).toList();
            }

            @Override
            public ProtocolStatus status() {
                return right.status();
            }
        });
    }

    /** Replicas that put off some of what they have to do until a timer of theirs fires. */
    public static CoreFactory delaying(Predicate<Effect> delayed) {
        return wrapped(right -> new ReplicaProtocol() {
            private final List<Effect> waiting = new ArrayList<>();

            @Override
            public List<Effect> handle(Event event) {
                List<Effect> now = new ArrayList<>();
                if (event instanceof Event.TimerFired) {
                    now.addAll(waiting);
                    waiting.clear();
                }
                for (Effect effect : right.handle(event)) {
                    (delayed.test(effect) ? waiting : now).add(effect);
                }
                return now;
            }

            @Override
            public ProtocolStatus status() {
                return right.status();
            }
        });
    }

    /** Replicas that never ask for what they lack. */
    public static CoreFactory withoutRetransmission() {
        return ignoring(event -> event instanceof Event.TimerFired);
    }

    /** Replicas that wait for a NEW-VIEW for ever. */
    public static CoreFactory withoutViewTimers() {
        return ignoring(event ->
                event instanceof Event.TimerFired fired && fired.timer().kind() == TimerId.Kind.VIEW);
    }

    /** Only the first primary answers clients. */
    public static CoreFactory withoutRepliesOfBackups() {
        return notSaying(effect -> effect instanceof Effect.SendToClient reply
                && reply.reply().message().replica().value() > 0);
    }

    /** Backups that keep what clients send them to themselves. */
    public static CoreFactory withoutPassingOn() {
        return notSaying(
                effect -> effect instanceof Effect.Send send && send.message().message() instanceof Request);
    }

    /** Replicas that break down when a client leaves out many numbers. */
    public static CoreFactory fragile() {
        return wrapped(right -> new ReplicaProtocol() {
            @Override
            public List<Effect> handle(Event event) {
                if (event instanceof Event.Received received
                        && received.message().message() instanceof Request request
                        && request.id().number() > Integer.MAX_VALUE) {
                    throw new ArithmeticException("number " + request.id().number());
                }
                return right.handle(event);
            }

            @Override
            public ProtocolStatus status() {
                return right.status();
            }
        });
    }

    /** Clients that believe the first replica that answers. */
    public static CoreFactory credulousClients() {
        return new CoreFactory() {
            @Override
            public ClientCore client(ClusterConfig config, Identity identity, long session) {
                ClientCore right = ClientCore.create(config, identity, session);
                // With three replicas PBFT tolerates no fault, so that a single reply is enough.
                ClusterConfig small = new ClusterConfig(
                        config.clusterId(),
                        Protocol.PBFT,
                        config.signatureScheme(),
                        config.replicas().subList(0, 3),
                        config.clients(),
                        config.limits());
                ClientId id = right.id();
                return new ClientCore(
                        id, right.validator(), new ClientProtocol(small, id, session, right.sealer()), right.sealer());
            }
        };
    }
}
