package dev.quorate.usig;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * One kind of USIG, found through {@link ServiceLoader} by its name in the cluster configuration. It has a public
 * constructor without parameters. Thread-safe.
 *
 * <p>Settings that it does not know, and values that make no sense, are an {@link IllegalArgumentException} in every
 * method that takes a context.
 */
public interface UsigProvider {
    /** Unique and stable, as {@link UsigIdentity#provider()} has it: it is written into configurations. */
    String name();

    /**
     * Makes the USIG of one replica, at counter 0 of {@code epoch}, and returns what the others have to know of it.
     *
     * @param epoch 0 for a replica of a new cluster; higher than any that the cluster has accepted for this replica, if
     *     it lost its USIG's directory
     * @throws UsigStateException if there is one already
     */
    UsigIdentity init(UsigContext context, long epoch) throws IOException;

    /**
     * Makes the USIGs of a new cluster, one for each context, in epoch 0. A kind whose USIGs share a secret makes it
     * here; to add a replica later, such a kind says which file to copy first.
     */
    default List<UsigIdentity> initAll(List<UsigContext> contexts) throws IOException {
        List<UsigIdentity> identities = new ArrayList<>();
        for (UsigContext context : contexts) {
            identities.add(init(context, 0));
        }
        return identities;
    }

    /**
     * Throws away counter and key, in whatever state they are, and begins {@code epoch} with a new key. What was given
     * out before stays valid until the others have accepted the new identity.
     *
     * @param epoch higher than any that the cluster has accepted for this replica
     * @throws IllegalArgumentException if the USIG has reached {@code epoch} already
     */
    UsigIdentity renew(UsigContext context, long epoch) throws IOException;

    /**
     * Opens a USIG for the only caller that may use it.
     *
     * @param known what the replica's synced log knows; empty if it has never known anything
     * @throws UsigStateException if it cannot be trusted to go on where it was. It never starts again by itself
     */
    Usig open(UsigContext context, Optional<KnownCounter> known) throws IOException;

    /**
     * A verifier for identifiers of {@code identity}, which may be that of any replica.
     *
     * @param context the verifying replica's own: a kind with shared secrets finds them there
     * @throws IllegalArgumentException if the identity is not a valid one of this kind, or its attestation is not enough
     */
    UsigVerifier verifier(UsigContext context, UsigIdentity identity) throws IOException;

    /**
     * The provider of that name.
     *
     * @throws IllegalArgumentException that lists the known ones if there is none; also if there are two, or one on the
     *     class path cannot be loaded
     */
    static UsigProvider named(String name) {
        List<String> known = new ArrayList<>();
        List<UsigProvider> found = new ArrayList<>();
        try {
            for (UsigProvider provider : ServiceLoader.load(UsigProvider.class)) {
                known.add(provider.name());
                if (provider.name().equals(name)) {
                    found.add(provider);
                }
            }
        } catch (ServiceConfigurationError e) {
            throw new IllegalArgumentException(
                    "a USIG provider on the class path cannot be loaded: " + e.getMessage(), e);
        }
        if (found.size() > 1) {
            throw new IllegalArgumentException("two USIG providers on the class path have the name '" + name + "': "
                    + found.get(0).getClass().getName() + " and "
                    + found.get(1).getClass().getName());
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("no USIG provider on the class path has the name '" + name + "'; known: "
                    + String.join(", ", known) + ". Is the provider's jar on the class path?");
        }
        return found.get(0);
    }
}
