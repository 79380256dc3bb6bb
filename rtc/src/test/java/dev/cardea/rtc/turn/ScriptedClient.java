package dev.cardea.rtc.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.stun.LongTermKey;
import dev.cardea.wire.stun.PasswordAlgorithm;
import dev.cardea.wire.stun.StunAttribute;
import dev.cardea.wire.stun.StunIntegrity;
import dev.cardea.wire.stun.StunReader;
import dev.cardea.wire.stun.StunType;
import dev.cardea.wire.stun.StunWriter;
import dev.cardea.wire.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client that speaks STUN's bytes with a {@link SimulatedServer}. */
final class ScriptedClient implements Client {
    final SimulatedServer server;
    final TransportAddress address;
    final List<byte[]> received = new ArrayList<>();
    final StunIntegrity integrity = new StunIntegrity();
    final StunWriter writer = new StunWriter(2048);
    boolean isStream;
    String name = "alice";
    String password = "pw";
    byte[] nonce = new byte[0];
    boolean isSha256;
    private @Nullable Allocation allocation;
    private long transaction = System.identityHashCode(this);

    ScriptedClient(SimulatedServer server, String address) {
        this.server = server;
        this.address = TransportAddress.parse(address);
    }

    ScriptedClient as(String user, String secret) {
        name = user;
        password = secret;
        return this;
    }

    byte[] key() {
        return LongTermKey.of(
                isSha256 ? PasswordAlgorithm.SHA256 : PasswordAlgorithm.MD5,
                name,
                SimulatedServer.REALM,
                password);
    }

    /** Sends a request without credentials, and returns the answer. */
    StunReader plain(int method, Consumer<StunWriter> attributes) {
        writer.begin(method, 1, ++transaction);
        attributes.accept(writer);
        return exchange(bytes());
    }

    /** Sends a request with credentials, for which it asks for a nonce before. */
    StunReader request(int method, Consumer<StunWriter> attributes) {
        if (nonce.length == 0) {
            StunReader asked = plain(method, _ -> {});
            assertThat(asked.errorCode()).isEqualTo(401);
            nonce = asked.bytes(StunAttribute.NONCE);
        }
        return exchange(sealed(method, attributes));
    }

    byte[] sealed(int method, Consumer<StunWriter> attributes) {
        writer.begin(method, 1, ++transaction);
        attributes.accept(writer);
        writer.putText(StunAttribute.USERNAME, name);
        writer.putText(StunAttribute.REALM, SimulatedServer.REALM);
        writer.putBytes(StunAttribute.NONCE, nonce);
        if (isSha256) {
            writer.putPasswordAlgorithms(PasswordAlgorithm.SHA256, PasswordAlgorithm.MD5);
            writer.putPasswordAlgorithm(PasswordAlgorithm.SHA256);
            writer.sealSha256(integrity, key());
        } else {
            writer.seal(integrity, key());
        }
        return bytes();
    }

    private byte[] bytes() {
        ByteBuffer message = writer.finish();
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        return bytes;
    }

    StunReader exchange(byte[] message) {
        int before = received.size();
        give(message);
        assertThat(received).as("an answer").hasSizeGreaterThan(before);
        return new StunReader().read(ByteBuffer.wrap(received.getLast()));
    }

    void give(byte[] message) {
        server.engine.receive(ByteBuffer.wrap(message), this, server.nowNanos);
    }

    StunReader allocate() {
        return request(StunType.ALLOCATE, ScriptedClient::udp);
    }

    static void udp(StunWriter out) {
        out.putFirstOfFour(StunAttribute.REQUESTED_TRANSPORT, 17);
    }

    /** Allocates, which must succeed. */
    ScriptedClient allocated() {
        assertThat(allocate().kind()).isEqualTo(StunType.SUCCESS);
        return this;
    }

    Allocation held() {
        return Objects.requireNonNull(allocation);
    }

    SimulatedServer.SimulatedRelay relay() {
        return (SimulatedServer.SimulatedRelay) Objects.requireNonNull(held().relay(Family.IPV4));
    }

    StunReader permit(String peer) {
        return request(
                StunType.CREATE_PERMISSION,
                out ->
                        out.putAddress(
                                StunAttribute.XOR_PEER_ADDRESS, TransportAddress.parse(peer)));
    }

    StunReader bind(int channel, String peer) {
        return request(
                StunType.CHANNEL_BIND,
                out ->
                        out.putFirstTwoOfFour(StunAttribute.CHANNEL_NUMBER, channel)
                                .putAddress(
                                        StunAttribute.XOR_PEER_ADDRESS,
                                        TransportAddress.parse(peer)));
    }

    StunReader refresh(int seconds) {
        return request(StunType.REFRESH, out -> out.putInt32(StunAttribute.LIFETIME, seconds));
    }

    /** A Send indication; what the relay sent is its result. */
    List<String> say(String peer, String text, int... flags) {
        writer.begin(StunType.SEND_INDICATION, 1, ++transaction)
                .putAddress(StunAttribute.XOR_PEER_ADDRESS, TransportAddress.parse(peer))
                .putText(StunAttribute.DATA, text);
        for (int each : flags) writer.putFlag(each);
        give(bytes());
        List<String> sent = List.copyOf(relay().sent);
        relay().sent.clear();
        return sent;
    }

    /** Whether data from there would reach the client. */
    @Nullable Peer hears(String peer) {
        TransportAddress from = TransportAddress.parse(peer);
        return held().inbound(from.ip().high(), from.ip().low(), from.port(), 10, server.nowNanos);
    }

    @Override
    public TransportAddress address() {
        return address;
    }

    @Override
    public TransportAddress server() {
        return TransportAddress.parse("198.51.100.1:3478");
    }

    @Override
    public boolean isStream() {
        return isStream;
    }

    @Override
    public String transport() {
        return isStream ? "tcp" : "udp";
    }

    @Override
    public void send(ByteBuffer message) {
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        received.add(bytes);
    }

    @Override
    public @Nullable Allocation allocation() {
        return allocation;
    }

    @Override
    public void hold(@Nullable Allocation held) {
        allocation = held;
    }
}
