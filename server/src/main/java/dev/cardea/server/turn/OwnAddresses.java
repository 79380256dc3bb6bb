package dev.cardea.server.turn;

import dev.cardea.server.net.Sockets;
import dev.cardea.wire.stun.IpAddress;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What this machine's addresses are. */
final class OwnAddresses {
    private OwnAddresses() {}

    static Set<IpAddress> all() throws IOException {
        Set<IpAddress> all = new HashSet<>();
        NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .forEach(each -> all.add(Sockets.ip(each)));
        return all;
    }

    /** The address that packets to the Internet leave from; null: there is none. Sends nothing. */
    static @Nullable IpAddress outward(boolean ipv4) {
        try (DatagramSocket socket = new DatagramSocket()) {
            // documentation addresses, which are routed as any other is
            socket.connect(
                    new InetSocketAddress(
                            InetAddress.ofLiteral(ipv4 ? "192.0.2.1" : "2001:db8::1"), 9));
            InetAddress local = socket.getLocalAddress();
            return local.isAnyLocalAddress() ? null : Sockets.ip(local);
        } catch (SocketException | RuntimeException _) {
            return null;
        }
    }
}
