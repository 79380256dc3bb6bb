package dev.cardea.server.turn;

import dev.cardea.rtc.turn.Allocation;
import dev.cardea.rtc.turn.Client;
import dev.cardea.wire.stun.TransportAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Whoever asks for its address, seen from one of the four doors; has no allocation. */
record DiscoveryClient(DiscoveryDoor door, TransportAddress address, int scope) implements Client {
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
        door.write(message, address, scope);
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
        return new DiscoveryClient(door.other(otherIp, otherPort), address, scope);
    }

    @Override
    public Client at(int port) {
        return new DiscoveryClient(door, new TransportAddress(address.ip(), port), scope);
    }

    @Override
    public TransportAddress otherServer() {
        return door.other(true, true).local();
    }
}
