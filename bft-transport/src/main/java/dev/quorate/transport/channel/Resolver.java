package dev.quorate.transport.channel;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** Looks up host names away from event loops, since the platform's way to do it blocks. Thread-safe. */
final class Resolver {
    private final Executor lookups;

    Resolver(Executor lookups) {
        this.lookups = lookups;
    }

    /** Completes at once for an address, and on a thread of the executor for a name. */
    CompletableFuture<InetSocketAddress> resolve(String host, int port) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        if (literal != null) {
            return CompletableFuture.completedFuture(new InetSocketAddress(host, port));
        }
        return CompletableFuture.supplyAsync(() -> new InetSocketAddress(lookUp(host), port), lookups);
    }

    private static InetAddress lookUp(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new CompletionException("unknown host " + host, e);
        }
    }
}
