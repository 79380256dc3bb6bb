package dev.cardea.testkit.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** TCP ports for servers that a test starts as processes of their own. Any thread. */
public final class FreePorts {
    private static final Set<Integer> GIVEN = new HashSet<>();

    private FreePorts() {}

    /**
     * One that was never given before: a server may not have taken it yet. It is below those that
     * the system gives to outgoing connections, which would take it before the server does; the one
     * 10,000 above is free, too: members of a Redis Cluster speak there.
     */
    public static synchronized int next() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(11_000, 21_000);
            if (!GIVEN.contains(port) && isFree(port) && isFree(port + 10_000)) {
                GIVEN.add(port);
                return port;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
