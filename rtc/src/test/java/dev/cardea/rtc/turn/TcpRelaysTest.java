package dev.cardea.rtc.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.stun.StunAttribute;
import dev.cardea.wire.stun.StunReader;
import dev.cardea.wire.stun.StunType;
import dev.cardea.wire.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpRelaysTest {
    private static final String PEER = "192.0.2.9:9000";

    private final SimulatedServer server = new SimulatedServer();
    private final ScriptedClient alice = new ScriptedClient(server, "192.0.2.5:4000");

    @BeforeEach
    void allocate() {
        alice.isStream = true;
        StunReader answer =
                alice.request(
                        StunType.ALLOCATE,
                        out -> out.putFirstOfFour(StunAttribute.REQUESTED_TRANSPORT, 6));
        assertThat(answer.kind()).isEqualTo(StunType.SUCCESS);
    }

    private StunReader connect(String peer) {
        return alice.request(
                StunType.CONNECT,
                out ->
                        out.putAddress(
                                StunAttribute.XOR_PEER_ADDRESS, TransportAddress.parse(peer)));
    }

    private ScriptedClient second(String name, String password) {
        ScriptedClient client = new ScriptedClient(server, "192.0.2.5:4001").as(name, password);
        client.isStream = true;
        return client;
    }

    private static StunReader bind(ScriptedClient client, int id) {
        return client.request(
                StunType.CONNECTION_BIND, out -> out.putInt32(StunAttribute.CONNECTION_ID, id));
    }

    @Test
    void aConnectionIsJoinedWithTheOneThatItsUserBinds() {
        int id = connect(PEER).int32(StunAttribute.CONNECTION_ID);
        assertThat(bind(second("bob", "pw2"), id).errorCode()).as("another user").isEqualTo(400);
        assertThat(bind(second("alice", "pw"), id + 1).errorCode()).isEqualTo(400);
        assertThat(bind(second("alice", "pw"), id).kind()).isEqualTo(StunType.SUCCESS);
        assertThat(server.tcp.joined).containsExactly("192.0.2.5:4001 " + PEER);
        assertThat(bind(second("alice", "pw"), id).errorCode()).as("once").isEqualTo(400);
    }

    @Test
    void onePeerHasOneConnectionAndADeniedOneHasNone() {
        connect(PEER);
        assertThat(connect(PEER).errorCode()).isEqualTo(446);
        alice.held().endConnection(TransportAddress.parse(PEER));
        assertThat(connect(PEER).kind()).isEqualTo(StunType.SUCCESS);
        assertThat(connect("10.0.0.1:80").errorCode()).isEqualTo(403);
        server.tcp.accepts = false;
        assertThat(connect("192.0.2.9:1").errorCode()).isEqualTo(447);
        assertThat(connect("192.0.2.9:1").errorCode()).as("not left behind").isEqualTo(447);
    }

    @Test
    void aConnectionThatNobodyBindsIsClosedAfterThirtySeconds() {
        int id = connect(PEER).int32(StunAttribute.CONNECTION_ID);
        server.pass(Duration.ofSeconds(29));
        assertThat(server.closedConnections).isZero();
        server.pass(Duration.ofSeconds(1));
        assertThat(server.closedConnections).isEqualTo(1);
        assertThat(bind(second("alice", "pw"), id).errorCode()).isEqualTo(400);
    }

    @Test
    void aPeerThatConnectsNeedsPermission() {
        var connection = server.new SimulatedConnection(TransportAddress.parse(PEER));
        Allocation allocation = alice.held();
        assertThat(server.engine.attempted(allocation, server.tcp, connection, server.nowNanos))
                .isFalse();
        alice.permit(PEER);
        assertThat(server.engine.attempted(allocation, server.tcp, connection, server.nowNanos))
                .isTrue();
        StunReader attempt = new StunReader().read(ByteBuffer.wrap(alice.received.getLast()));
        assertThat(attempt.method()).isEqualTo(StunType.CONNECTION_ATTEMPT);
        assertThat(attempt.address(StunAttribute.XOR_PEER_ADDRESS)).hasToString(PEER);
        int id = attempt.int32(StunAttribute.CONNECTION_ID);
        assertThat(bind(second("alice", "pw"), id).kind()).isEqualTo(StunType.SUCCESS);
    }

    @Test
    void channelsAndIndicationsAreNotForRelaysOverTcp() {
        assertThat(alice.bind(0x4000, PEER).errorCode()).isEqualTo(400);
        alice.permit(PEER);
        alice.writer
                .begin(StunType.SEND_INDICATION, 1, 1)
                .putAddress(StunAttribute.XOR_PEER_ADDRESS, TransportAddress.parse(PEER))
                .putText(StunAttribute.DATA, "hi");
        ByteBuffer message = alice.writer.finish();
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        alice.give(bytes); // would throw
    }
}
