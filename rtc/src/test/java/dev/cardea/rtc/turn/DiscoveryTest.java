package dev.cardea.rtc.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.stun.StunAttribute;
import dev.cardea.wire.stun.StunReader;
import dev.cardea.wire.stun.StunType;
import dev.cardea.wire.stun.StunWriter;
import dev.cardea.wire.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A server with two addresses and two ports tells clients how their NATs behave (RFC 5780). */
class DiscoveryTest {
    private final SimulatedServer server = new SimulatedServer();
    private final List<String> sent = new ArrayList<>();
    private @Nullable StunReader answer;

    private final class Seen implements Client {
        private final int ip;
        private final int port;
        private final int to;

        Seen(int ip, int port, int to) {
            this.ip = ip;
            this.port = port;
            this.to = to;
        }

        private static TransportAddress at(int ip, int port) {
            return TransportAddress.parse("198.51.100." + (1 + ip) + ":" + (3478 + port));
        }

        @Override
        public TransportAddress address() {
            return TransportAddress.parse("192.0.2.5:" + to);
        }

        @Override
        public TransportAddress server() {
            return at(ip, port);
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
            byte[] bytes = new byte[message.remaining()];
            message.get(bytes);
            answer = new StunReader().read(ByteBuffer.wrap(bytes));
            sent.add(server() + " to " + address());
        }

        @Override
        public @Nullable Allocation allocation() {
            return null;
        }

        @Override
        public void hold(@Nullable Allocation allocation) {}

        @Override
        public Client from(boolean otherIp, boolean otherPort) {
            return new Seen(otherIp ? 1 - ip : ip, otherPort ? 1 - port : port, to);
        }

        @Override
        public Client at(int otherPort) {
            return new Seen(ip, port, otherPort);
        }

        @Override
        public TransportAddress otherServer() {
            return at(1 - ip, 1 - port);
        }
    }

    private StunReader ask(Consumer<StunWriter> attributes) {
        StunWriter writer = new StunWriter(2048).begin(StunType.BINDING, 1, 1);
        attributes.accept(writer);
        server.engine.receive(writer.finish(), new Seen(0, 0, 4000), server.nowNanos);
        StunReader told = answer;
        answer = null;
        if (told == null) throw new AssertionError("no answer");
        return told;
    }

    @Test
    void theAnswerSaysWhereItComesFromAndWhereElseToAsk() {
        StunReader told = ask(_ -> {});
        for (int each : new int[] {StunAttribute.MAPPED_ADDRESS, StunAttribute.XOR_MAPPED_ADDRESS})
            assertThat(told.address(each)).hasToString("192.0.2.5:4000");
        assertThat(told.address(StunAttribute.RESPONSE_ORIGIN)).hasToString("198.51.100.1:3478");
        assertThat(told.address(StunAttribute.OTHER_ADDRESS)).hasToString("198.51.100.2:3479");
        assertThat(told.lengthBytes()).isLessThanOrEqualTo(Amplification.SMALL_BYTES);
    }

    @Test
    void itComesFromTheAddressAndPortThatAreAskedFor() {
        for (int change : new int[] {0, 2, 4, 6}) {
            StunReader told = ask(out -> out.putInt32(StunAttribute.CHANGE_REQUEST, change));
            assertThat(told.address(StunAttribute.OTHER_ADDRESS)).hasToString("198.51.100.2:3479");
        }
        assertThat(sent)
                .containsExactly(
                        "198.51.100.1:3478 to 192.0.2.5:4000",
                        "198.51.100.1:3479 to 192.0.2.5:4000",
                        "198.51.100.2:3478 to 192.0.2.5:4000",
                        "198.51.100.2:3479 to 192.0.2.5:4000");
    }

    @Test
    void itGoesToAnotherPortOfTheClientAndIsPaddedAsTheRequestIs() {
        ask(out -> out.putFirstTwoOfFour(StunAttribute.RESPONSE_PORT, 4001));
        ask(out -> out.putBytes(StunAttribute.RESPONSE_PORT, new byte[] {0x0F, (byte) 0xA2}));
        assertThat(sent)
                .containsExactly(
                        "198.51.100.1:3478 to 192.0.2.5:4001",
                        "198.51.100.1:3478 to 192.0.2.5:4002");
        StunReader told = ask(out -> out.putBytes(StunAttribute.PADDING, new byte[1500]));
        assertThat(told.bytes(StunAttribute.PADDING)).hasSize(1500);
        StunReader both =
                ask(out ->
                        out.putBytes(StunAttribute.PADDING, new byte[4])
                                .putFirstTwoOfFour(StunAttribute.RESPONSE_PORT, 4001));
        assertThat(both.errorCode()).isEqualTo(400);
    }

    @Test
    void aServerWithOneAddressDoesNotUnderstandSuchQuestions() {
        ScriptedClient client = new ScriptedClient(server, "192.0.2.5:4000");
        for (int each :
                new int[] {
                    StunAttribute.CHANGE_REQUEST, StunAttribute.RESPONSE_PORT, StunAttribute.PADDING
                }) {
            StunReader told = client.plain(StunType.BINDING, out -> out.putInt32(each, 0));
            assertThat(told.errorCode()).isEqualTo(420);
            assertThat(told.bytes(StunAttribute.UNKNOWN_ATTRIBUTES)).containsExactly(0, each);
        }
    }
}
