package dev.quorate.transport.driver;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.wire.UiVerifier;
import dev.quorate.crypto.Digest;
import dev.quorate.usig.UniqueIdentifier;
import dev.quorate.usig.UsigContext;
import dev.quorate.usig.UsigIdentity;
import dev.quorate.usig.UsigProvider;
import dev.quorate.usig.UsigVerifier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The USIGs of all replicas: those of the configuration, and those with which replicas have rejoined since. Thread-safe.
 *
 * <p>Bound: the newest {@value #KEPT} of each replica, which are as many as are remembered by {@link
 * dev.quorate.core.smr.Rejoins}, and one.
 */
final class KnownUsigs implements UiVerifier {
    private static final Logger LOG = LoggerFactory.getLogger(KnownUsigs.class);
    private static final int KEPT = 5;

    private final UsigProvider provider;
    private final UsigContext context;
    /** For each replica by epoch. */
    private final List<ConcurrentNavigableMap<Long, UsigVerifier>> verifiers = new ArrayList<>();

    /**
     * Knows those of the configuration.
     *
     * @throws IllegalArgumentException if one of them is no valid identity of that provider
     */
    KnownUsigs(UsigProvider provider, UsigContext context, List<UsigIdentity> configured) throws IOException {
        this.provider = provider;
        this.context = context;
        for (UsigIdentity identity : configured) {
            ConcurrentNavigableMap<Long, UsigVerifier> ofOne = new ConcurrentSkipListMap<>();
            ofOne.put(identity.epoch(), provider.verifier(context, identity));
            verifiers.add(ofOne);
        }
    }

    /**
     * Believes one more. One that is not valid is left out, with a warning: then what its replica says counts nowhere,
     * since every replica judges the same.
     */
    void accept(ReplicaId replica, UsigIdentity identity) {
        ConcurrentNavigableMap<Long, UsigVerifier> ofOne = verifiers.get(replica.value());
        try {
            ofOne.putIfAbsent(identity.epoch(), provider.verifier(context, identity));
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("{} has rejoined with a USIG that is not valid here: {}", replica, e.getMessage());
        }
        while (ofOne.size() > KEPT) {
            ofOne.pollFirstEntry();
        }
    }

    @Override
    public boolean verify(ReplicaId replica, Digest message, UniqueIdentifier ui) {
        UsigVerifier verifier = verifiers.get(replica.value()).get(ui.epoch());
        return verifier != null && verifier.verify(message, ui);
    }
}
