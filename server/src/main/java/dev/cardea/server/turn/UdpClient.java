package dev.cardea.server.turn;

import dev.cardea.rtc.turn.Allocation;
import dev.cardea.rtc.turn.Peer;
import dev.cardea.wire.stun.TransportAddress;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A client that comes over UDP; it is remembered while it has an allocation. */
final class UdpClient implements TurnClient {
    private final UdpDoor door;
    private final InetSocketAddress socket;
    private final TransportAddress address;
    private @Nullable Allocation allocation;

    UdpClient(UdpDoor door, InetSocketAddress socket) {
        this.door = door;
        this.socket = socket;
        this.address = Sockets.address(socket);
    }

    InetSocketAddress socket() {
        return socket;
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
        ByteBuf out = door.channel().alloc().directBuffer(message.remaining());
        door.write(out.writeBytes(message), socket);
    }

    @Override
    public void deliver(Peer peer, ByteBuf data, long nowNanos) {
        door.write(door.loop().toClient(peer, data, door.channel(), false, nowNanos), socket);
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
