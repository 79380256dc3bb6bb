package dev.cardea.server.cli;

import dev.cardea.wire.stun.ChannelData;
import dev.cardea.wire.stun.LongTermKey;
import dev.cardea.wire.stun.PasswordAlgorithm;
import dev.cardea.wire.stun.StreamFrames;
import dev.cardea.wire.stun.StunAttribute;
import dev.cardea.wire.stun.StunIntegrity;
import dev.cardea.wire.stun.StunReader;
import dev.cardea.wire.stun.StunType;
import dev.cardea.wire.stun.StunWriter;
import dev.cardea.wire.stun.TransportAddress;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.nio.ByteBuffer;

/** One client of the warm-up that has a relay (RFC 8656). */
final class RelayedClient implements AutoCloseable {
    private static final int UDP = 17;
    private static final int CHANNEL = 0x4000;
    private static final int MAX_BYTES = 2048;

    /** A socket that is connected to the server. */
    interface Line extends AutoCloseable {
        void send(ByteBuffer message) throws IOException;

        /** The next message, whole. */
        ByteBuffer receive() throws IOException;

        @Override
        void close() throws IOException;
    }

    private final Line line;
    private final String user;
    private final String password;
    private final StunWriter writer = new StunWriter(MAX_BYTES);
    private final StunReader reader = new StunReader();
    private final StunIntegrity integrity = new StunIntegrity();
    private final ByteBuffer data = ByteBuffer.allocate(MAX_BYTES);
    private byte[] realm = {};
    private byte[] nonce = {};
    private byte[] key = {};
    private long requests;

    RelayedClient(Line line, String user, String password) {
        this.line = line;
        this.user = user;
        this.password = password;
    }

    /** Asks for a relay and a channel to the peer. */
    void enter(TransportAddress peer) throws IOException {
        StunReader refusal = ask(allocation());
        realm = refusal.bytes(StunAttribute.REALM);
        nonce = refusal.bytes(StunAttribute.NONCE);
        String realmText = refusal.text(StunAttribute.REALM, MAX_BYTES);
        key = LongTermKey.of(PasswordAlgorithm.MD5, user, realmText, password);
        grant(allocation());
        grant(
                begin(StunType.CHANNEL_BIND)
                        .putFirstTwoOfFour(StunAttribute.CHANNEL_NUMBER, CHANNEL)
                        .putAddress(StunAttribute.XOR_PEER_ADDRESS, peer));
    }

    private StunWriter allocation() {
        return begin(StunType.ALLOCATE).putFirstOfFour(StunAttribute.REQUESTED_TRANSPORT, UDP);
    }

    /** On a stream, a length that needs no padding is expected. */
    void send(int lengthBytes) throws IOException {
        data.clear().putInt(ChannelData.header(CHANNEL, lengthBytes));
        line.send(data.limit(ChannelData.HEADER_BYTES + lengthBytes).rewind());
    }

    void receive() throws IOException {
        line.receive();
    }

    void leave() throws IOException {
        grant(begin(StunType.REFRESH).putInt32(StunAttribute.LIFETIME, 0));
    }

    private StunWriter begin(int method) {
        return writer.begin(StunType.of(method, StunType.REQUEST), 0, ++requests);
    }

    private void grant(StunWriter request) throws IOException {
        request.putText(StunAttribute.USERNAME, user);
        request.putBytes(StunAttribute.REALM, realm).putBytes(StunAttribute.NONCE, nonce);
        StunReader answer = ask(request.seal(integrity, key));
        if (answer.kind() != StunType.SUCCESS)
            throw new IOException("a relay was refused: " + answer.errorCode());
    }

    private StunReader ask(StunWriter request) throws IOException {
        line.send(request.finish());
        return reader.read(line.receive());
    }

    @Override
    public void close() throws IOException {
        line.close();
    }

    /** Takes over the socket. */
    static Line over(DatagramSocket socket) {
        DatagramPacket packet = new DatagramPacket(new byte[MAX_BYTES], MAX_BYTES);
        return new Line() {
            @Override
            public void send(ByteBuffer message) throws IOException {
                int offset = message.arrayOffset() + message.position();
                socket.send(new DatagramPacket(message.array(), offset, message.remaining()));
            }

            @Override
            public ByteBuffer receive() throws IOException {
                packet.setLength(MAX_BYTES);
                socket.receive(packet);
                return ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
            }

            @Override
            public void close() {
                socket.close();
            }
        };
    }

    /** Takes over the socket. */
    static Line over(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        ByteBuffer frame = ByteBuffer.allocate(MAX_BYTES);
        return new Line() {
            @Override
            public void send(ByteBuffer message) throws IOException {
                int offset = message.arrayOffset() + message.position();
                socket.getOutputStream().write(message.array(), offset, message.remaining());
            }

            @Override
            public ByteBuffer receive() throws IOException {
                int prefix = in.readInt();
                int bytes = StreamFrames.frameBytes(prefix);
                frame.clear().putInt(prefix);
                in.readFully(frame.array(), frame.position(), bytes - frame.position());
                return frame.limit(bytes).rewind();
            }

            @Override
            public void close() throws IOException {
                socket.close();
            }
        };
    }
}
