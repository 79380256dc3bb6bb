package dev.cardea.server.turn;

import dev.cardea.rtc.turn.Allocation;
import dev.cardea.rtc.turn.Client;
import dev.cardea.wire.stun.TransportAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Whoever asks for its address, seen from one of the four doors; has no allocation. */
record DiscoveryClient(DiscoveryDoor door, InetSocketAddress socket) implements Client {
    @Override
    public TransportAddress address() {
        return Sockets.address(socket);
    }

    @Override
    public TransportAddress server() {
        return door.local();
    }

    @Override
    public boolean isStream() {
        return false;
    }

    @Override
    public String transport() {
        return "udp";
    }

    @Override
    public void send(ByteBuffer message) {
        door.write(door.buffer(message.remaining()).writeBytes(message), socket);
    }

    @Override
    public @Nullable Allocation allocation() {
        return null;
    }

    @Override
    public void hold(@Nullable Allocation allocation) {
        throw new IllegalStateException("it is only given Binding requests");
    }

    @Override
    public Client from(boolean otherIp, boolean otherPort) {
        return new DiscoveryClient(door.other(otherIp, otherPort), socket);
    }

    @Override
    public Client at(int port) {
        return new DiscoveryClient(door, new InetSocketAddress(socket.getAddress(), port));
    }

    @Override
    public TransportAddress otherServer() {
        return door.other(true, true).local();
    }
}
