package dev.cardea.rtc.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.stun.StunAttribute;
import dev.cardea.wire.stun.StunReader;
import dev.cardea.wire.stun.StunType;
import dev.cardea.wire.stun.StunWriter;
import dev.cardea.wire.stun.TransportAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class AllocateTest {
    private final SimulatedServer server = new SimulatedServer();
    private final ScriptedClient alice = new ScriptedClient(server, "192.0.2.5:4000");

    private int refusal(Consumer<StunWriter> attributes) {
        return alice.request(StunType.ALLOCATE, attributes).errorCode();
    }

    @Test
    void aClientIsToldItsRelayedAddressAndItsOwn() {
        StunReader answer = alice.allocate();
        assertThat(answer.kind()).isEqualTo(StunType.SUCCESS);
        assertThat(answer.address(StunAttribute.XOR_RELAYED_ADDRESS))
                .hasToString("198.51.100.1:50000");
        assertThat(answer.address(StunAttribute.XOR_MAPPED_ADDRESS)).isEqualTo(alice.address);
        assertThat(answer.int32(StunAttribute.LIFETIME)).isEqualTo(600);
        assertThat(alice.integrity.isAuthentic(answer, alice.key())).isTrue();
        assertThat(server.reports).containsExactly(" 401 expected: it has no credentials yet");
    }

    @Test
    void anAllocationEndsAfterItsLifetimeUnlessItIsRefreshed() {
        alice.allocated();
        server.pass(Duration.ofSeconds(599));
        assertThat(alice.refresh(900).int32(StunAttribute.LIFETIME)).isEqualTo(900);
        server.pass(Duration.ofSeconds(899));
        assertThat(server.taken).hasSize(1);
        server.pass(Duration.ofSeconds(2));
        assertThat(server.taken).isEmpty();
        assertThat(alice.allocation()).isNull();
        assertThat(server.reports).contains("alice ended: it wasn't refreshed in time");
        assertThat(alice.refresh(600).errorCode()).isEqualTo(437);
    }

    @Test
    void aLifetimeIsAtMostAnHourAndNoLessThanTenMinutesAndZeroIsTheEnd() {
        alice.allocated();
        assertThat(alice.refresh(100_000).int32(StunAttribute.LIFETIME)).isEqualTo(3600);
        assertThat(alice.refresh(-1).int32(StunAttribute.LIFETIME)).isEqualTo(3600);
        assertThat(alice.refresh(1).int32(StunAttribute.LIFETIME)).isEqualTo(600);
        assertThat(alice.refresh(0).int32(StunAttribute.LIFETIME)).isZero();
        assertThat(server.taken).isEmpty();
        alice.allocated();
    }

    @Test
    void anAllocateThatComesAgainGetsTheSameAnswerAndAnotherOneIsAMismatch() {
        alice.allocate();
        byte[] request = alice.sealed(StunType.ALLOCATE, ScriptedClient::udp);
        alice.refresh(0);
        alice.exchange(request);
        byte[] first = alice.received.getLast();
        alice.exchange(request);
        assertThat(alice.received.getLast()).isEqualTo(first);
        assertThat(server.taken).hasSize(1);
        assertThat(alice.allocate().errorCode()).isEqualTo(437);
    }

    @Test
    void whatIsNotThereIsRefusedByItsCode() {
        assertThat(refusal(_ -> {})).isEqualTo(400);
        assertThat(refusal(out -> out.putFirstOfFour(StunAttribute.REQUESTED_TRANSPORT, 99)))
                .isEqualTo(442);
        assertThat(refusal(out -> out.putFirstOfFour(StunAttribute.REQUESTED_TRANSPORT, 6)))
                .as("TCP for a client of UDP")
                .isEqualTo(400);
        assertThat(refusal(out -> out.putUint8(StunAttribute.REQUESTED_TRANSPORT, 17)))
                .as("an odd length")
                .isEqualTo(400);
        server.hasIpv6 = false;
        assertThat(refusal(out -> family(out, StunAttribute.REQUESTED_ADDRESS_FAMILY, 2)))
                .isEqualTo(440);
        assertThat(refusal(out -> family(out, StunAttribute.REQUESTED_ADDRESS_FAMILY, 3)))
                .isEqualTo(440);
        server.portsLeft = 0;
        assertThat(alice.allocate().errorCode()).isEqualTo(508);
        assertThat(server.taken).isEmpty();
        assertThat(alice.allocation()).isNull();
    }

    private static void family(StunWriter out, int attribute, int family) {
        ScriptedClient.udp(out);
        out.putFirstOfFour(attribute, family);
    }

    @Test
    void unknownAttributesAreListed() {
        StunReader answer =
                alice.request(
                        StunType.ALLOCATE,
                        out -> {
                            ScriptedClient.udp(out);
                            out.putInt32(0x7001, 1).putInt32(0x7002, 1).putInt32(0xF001, 1);
                        });
        assertThat(answer.errorCode()).isEqualTo(420);
        assertThat(answer.bytes(StunAttribute.UNKNOWN_ATTRIBUTES))
                .containsExactly(0x70, 1, 0x70, 2);
        server.hasDontFragment = false;
        answer =
                alice.request(
                        StunType.ALLOCATE,
                        out -> {
                            ScriptedClient.udp(out);
                            out.putFlag(StunAttribute.DONT_FRAGMENT);
                        });
        assertThat(answer.errorCode()).isEqualTo(420);
        assertThat(answer.bytes(StunAttribute.UNKNOWN_ATTRIBUTES)).containsExactly(0, 0x1A);
    }

    @Test
    void anEvenPortIsGivenAndTheNextOneIsKeptForWhoeverHasTheToken() {
        server.nextPort = 50_001;
        StunReader answer =
                alice.request(
                        StunType.ALLOCATE,
                        out -> {
                            ScriptedClient.udp(out);
                            out.putUint8(StunAttribute.EVEN_PORT, 0x80);
                        });
        assertThat(answer.address(StunAttribute.XOR_RELAYED_ADDRESS).port()).isEqualTo(50_002);
        long token = answer.int64(StunAttribute.RESERVATION_TOKEN);
        ScriptedClient second = new ScriptedClient(server, "192.0.2.5:4001");
        Consumer<StunWriter> withToken =
                out -> {
                    ScriptedClient.udp(out);
                    out.putInt64(StunAttribute.RESERVATION_TOKEN, token);
                };
        assertThat(
                        second.request(
                                        StunType.ALLOCATE,
                                        withToken.andThen(
                                                out -> out.putUint8(StunAttribute.EVEN_PORT, 0)))
                                .errorCode())
                .isEqualTo(400);
        assertThat(
                        second.request(StunType.ALLOCATE, withToken)
                                .address(StunAttribute.XOR_RELAYED_ADDRESS)
                                .port())
                .isEqualTo(50_003);
        ScriptedClient third = new ScriptedClient(server, "192.0.2.5:4002");
        assertThat(third.request(StunType.ALLOCATE, withToken).errorCode()).isEqualTo(508);
    }

    @Test
    void bothAddressFamiliesAreGivenOrTheReasonWhyOneIsnt() {
        Consumer<StunWriter> both = out -> family(out, StunAttribute.ADDITIONAL_ADDRESS_FAMILY, 2);
        StunReader answer = alice.request(StunType.ALLOCATE, both);
        int first = answer.find(StunAttribute.XOR_RELAYED_ADDRESS);
        assertThat(answer.addressAt(first).isIpv4()).isTrue();
        assertThat(answer.addressAt(answer.next(first)).isIpv4()).isFalse();
        StunReader less =
                alice.request(
                        StunType.REFRESH,
                        out ->
                                out.putInt32(StunAttribute.LIFETIME, 0)
                                        .putFirstOfFour(StunAttribute.REQUESTED_ADDRESS_FAMILY, 1));
        assertThat(less.kind()).isEqualTo(StunType.SUCCESS);
        assertThat(alice.permit("192.0.2.9:9").errorCode()).isEqualTo(443);
        assertThat(alice.permit("[2620:fe::9]:9").kind()).isEqualTo(StunType.SUCCESS);

        server.hasIpv6 = false;
        ScriptedClient bob = new ScriptedClient(server, "192.0.2.6:4000").as("bob", "pw2");
        answer = bob.request(StunType.ALLOCATE, both);
        assertThat(answer.kind()).isEqualTo(StunType.SUCCESS);
        assertThat(answer.bytes(StunAttribute.ADDRESS_ERROR_CODE)).startsWith(2, 0, 4, 40);
    }

    @Test
    void quotasHoldByUserAndInAll() {
        SimulatedServer small =
                new SimulatedServer(
                        new SimulatedServer.Limits(3, 2, 8, 0, 0, List.of(), List.of()));
        ScriptedClient[] clients = new ScriptedClient[5];
        for (int i = 0; i < 5; i++) clients[i] = new ScriptedClient(small, "192.0.2.5:400" + i);
        clients[0].allocated();
        clients[1].allocated();
        assertThat(clients[2].allocate().errorCode()).isEqualTo(486);
        clients[3].as("bob", "pw2").allocated();
        assertThat(clients[4].as("bob", "pw2").allocate().errorCode()).isEqualTo(486);
        assertThat(small.reports)
                .contains("bob 486: the server has its 3 allocations (quotas.allocations)");
        clients[0].refresh(0);
        clients[4].allocated();
    }

    @Test
    void whoWantsToAllocateWhileTheServerDrainsIsSentToAnother() {
        alice.allocated();
        server.engine.drain(List.of(TransportAddress.parse("192.0.2.99:3478")));
        ScriptedClient late = new ScriptedClient(server, "192.0.2.5:4001");
        StunReader answer = late.allocate();
        assertThat(answer.errorCode()).isEqualTo(300);
        assertThat(answer.address(StunAttribute.ALTERNATE_SERVER)).hasToString("192.0.2.99:3478");
        assertThat(alice.refresh(600).kind()).isEqualTo(StunType.SUCCESS);
    }
}
