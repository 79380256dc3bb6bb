package dev.cardea.server.turn;

import dev.cardea.rtc.turn.Allocation;
import dev.cardea.rtc.turn.Peer;
import dev.cardea.server.udp.Datagram;
import dev.cardea.wire.stun.TransportAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A client that comes over UDP; it is remembered while it has an allocation. */
final class UdpClient implements TurnClient {
    private final UdpDoor door;
    private final TransportAddress address;
    private final int scope;
    private @Nullable Allocation allocation;

    /**
     * @param scope the interface of a link-local address
     */
    UdpClient(UdpDoor door, TransportAddress address, int scope) {
        this.door = door;
        this.address = address;
        this.scope = scope;
    }

    AddressKey key() {
        return AddressKey.of(address, scope);
    }

    @Override
    public TransportAddress address() {
        return address;
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
        send(door.loop().udp().copyOf(message));
    }

    @Override
    public void deliver(Peer peer, Datagram data, long nowNanos) {
        door.loop().frame(peer, data, false, nowNanos);
        send(data);
    }

    private void send(Datagram data) {
        door.socket().send(data, address, scope);
    }

    @Override
    public @Nullable Allocation allocation() {
        return allocation;
    }

    @Override
    public void hold(@Nullable Allocation held) {
        allocation = held;
        if (held != null) door.keep(this);
        else door.forget(this);
    }
}
