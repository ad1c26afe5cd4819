package dev.quorate.sample.kv.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Finds ports that nobody uses. */
public final class FreePorts {
    /** Below the ports that systems give to outgoing connections: there one that is free now may be gone at once. */
    private static final int FIRST = 20_000;

    private static final int LAST = 32_000;
    private static final int MAX_ATTEMPTS = 1_000;

    private FreePorts() {}

    /** Different ports that nobody listens on now. */
    public static List<Integer> find(int count) {
        List<Integer> found = new ArrayList<>();
        SplittableRandom random = new SplittableRandom();
        for (int attempt = 0; found.size() < count; attempt++) {
            if (attempt == MAX_ATTEMPTS) {
                throw CliException.failure("there are no free ports from " + FIRST + " to " + LAST);
            }
            int port = random.nextInt(FIRST, LAST);
            if (!found.contains(port) && isFree(port)) {
                found.add(port);
            }
        }
        return found;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
