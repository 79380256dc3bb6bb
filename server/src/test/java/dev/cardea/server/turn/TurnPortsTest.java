package dev.cardea.server.turn;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.CardeaServer;
import dev.cardea.server.TestTls;
import dev.cardea.server.config.ConfigLoader;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The other ways to be reached: one port for all relays, and a load balancer in front. */
@Timeout(60)
class TurnPortsTest {
    private static final String OPEN =
            """
            http_server: {address: 127.0.0.1, port: 0}
            http_api: {key: k}
            event_loops: 2
            turn:
              enabled: true
              address: 127.0.0.1
              port: 0
              users: [{name: alice, password: secret}]
              peers: {allow: [127.0.0.1]}
            """;

    private static final byte[] BINDING =
            HexFormat.of().parseHex("000100002112a442000102030405060708090a0b");

    private static CardeaServer server(String... more) throws Exception {
        ConfigLoader loader = ConfigLoader.text("turn.yaml", OPEN);
        for (int i = 0; i < more.length; i += 2) loader.flag("test", more[i], more[i + 1]);
        return CardeaServer.start(loader.load().config(), null);
    }

    private static int freePort() throws IOException {
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static Coturn.Outcome client(CardeaServer server, int peer, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "-u",
                                "alice",
                                "-w",
                                "secret",
                                "-n",
                                "5",
                                "-c",
                                "-L",
                                "127.0.0.1",
                                "-e",
                                "127.0.0.1"));
        arguments.addAll(List.of("-r", "" + peer, "-p", "" + port(server)));
        arguments.addAll(List.of(more));
        arguments.add("127.0.0.1");
        return Coturn.run("uclient", arguments).join();
    }

    /**
     * The client asks for an even port in some of its runs, which isn't to be had here. For each of
     * its allocations it tosses a coin, so it may take many.
     */
    private static void until(String says, Supplier<Coturn.Outcome> run) {
        String output = "";
        for (int i = 0; i < 60 && !output.contains(says); i++) output = run.get().output();
        assertThat(output).contains(says);
    }

    private static String explained(CardeaServer server) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + "/api/turn/explain?user=alice");
        HttpRequest request = HttpRequest.newBuilder(uri).header("X-API-Key", "k").build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    private static int port(CardeaServer server) {
        return Objects.requireNonNull(server.turn()).port();
    }

    @Test
    void oneUdpPortIsEnoughForAllRelays() throws Exception {
        int shared = freePort();
        try (CardeaServer server = server("turn.relay.ports", "single_port:" + shared);
                Coturn.Peer first = Coturn.Peer.start();
                Coturn.Peer second = Coturn.Peer.start()) {
            until("Total lost packets 0 ", () -> client(server, first.port()));
            until("Total lost packets 0 ", () -> client(server, second.port(), "-t", "-s"));
            // two allocations talk to one peer: the second is refused
            int other = freePort();
            until("error 403", () -> client(server, other, "-m", "2"));
            assertThat(explained(server))
                    .contains(
                            "another allocation talks to 127.0.0.1:",
                            "and all share one port (relay.ports)");
            // from relay to relay can't be told apart either
            until("error 403", () -> client(server, other, "-y"));
        }
    }

    @Test
    void overIpv6ItIsTheSame() throws Exception {
        try (CardeaServer server = server("turn.address", "::1")) {
            for (String transport : new String[] {"-s", "-t"}) {
                List<String> arguments =
                        List.of(
                                "-u",
                                "alice",
                                "-w",
                                "secret",
                                "-n",
                                "5",
                                "-c",
                                "-y",
                                "-x",
                                transport,
                                "-L",
                                "::1",
                                "-p",
                                "" + port(server),
                                "::1");
                Coturn.Outcome outcome = Coturn.run("uclient", arguments).join();
                assertThat(outcome.output()).contains("Total lost packets 0 ");
            }
        }
    }

    @Test
    void withoutAnAddressBothFamiliesAreServed() throws Exception {
        for (String any : new String[] {"", "0.0.0.0", "::"}) {
            try (CardeaServer server = server("turn.address", any)) {
                for (String here : new String[] {"127.0.0.1", "::1"}) {
                    InetAddress ip = InetAddress.ofLiteral(here);
                    try (DatagramSocket client = new DatagramSocket(0, ip)) {
                        client.setSoTimeout(10_000);
                        client.send(new DatagramPacket(BINDING, 20, ip, port(server)));
                        DatagramPacket answer = new DatagramPacket(new byte[200], 200);
                        client.receive(answer);
                        assertThat(answer.getData()).startsWith(1, 1);
                    }
                }
            }
        }
    }

    @Test
    void behindANatClientsAreToldItsAddressAndPortsAndFindEachOtherThere() throws Exception {
        int first = freePort() & ~63;
        try (CardeaServer server =
                server(
                        "turn.relay.ports",
                        first + "-" + (first + 63),
                        "turn.relay.advertise",
                        "203.0.113.7:2000")) {
            Coturn.Outcome outcome = client(server, freePort(), "-y", "-v");
            assertThat(outcome.output()).contains("Total lost packets 0 ");
            assertThat(outcome.output()).containsPattern("relay addr: 203\\.0\\.113\\.7:20[0-6]");
        }
    }

    @Test
    void aPortThatSomebodyElseListensOnIsNobodysRelay() throws Exception {
        List<ServerSocket> others = new ArrayList<>();
        try {
            int first = listenOnAllOf(12, others);
            for (int i = 0; i < 8; i += 2) others.remove(i).close(); // each third is free
            String ports = first + "-" + (first + 11);
            try (CardeaServer server =
                    server("turn.relay.ports", ports, "turn.tcp_relays", "true")) {
                // two allocations that connect with each other
                Coturn.Outcome outcome = client(server, freePort(), "-T");
                assertThat(outcome.output()).contains("Total lost packets 0 ");
            }
        } finally {
            for (ServerSocket each : others) each.close();
        }
    }

    /** Returns the first of so many neighbours. */
    private static int listenOnAllOf(int count, List<ServerSocket> opened) throws IOException {
        for (int first = 20_000; ; first += count) {
            try {
                for (int i = 0; i < count; i++)
                    opened.add(new ServerSocket(first + i, 1, InetAddress.getLoopbackAddress()));
                return first;
            } catch (IOException _) {
                for (ServerSocket each : opened) each.close();
                opened.clear();
            }
        }
    }

    @Test
    void theClientBehindALoadBalancerIsTheOneItNames() throws Exception {
        ConfigLoader loader =
                ConfigLoader.text("turn.yaml", OPEN)
                        .flag("test", "turn.proxy_protocol", "true")
                        .flag("test", "turn.tls.port", "0");
        TestTls.layOver(loader, "turn.tls");
        try (CardeaServer server = CardeaServer.start(loader.load().config(), null);
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), port(server))) {
            byte[] header =
                    HexFormat.of()
                            .parseHex(
                                    "0d0a0d0a000d0a515549540a2111000c"
                                            + "c0000207c6336401"
                                            + "0fa00d96");
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(server))) {
                socket.getOutputStream().write(header);
                socket.getOutputStream().write(BINDING);
                byte[] answer = socket.getInputStream().readNBytes(32);
                // XOR-MAPPED-ADDRESS: 192.0.2.7:4000
                int ip = ByteBuffer.wrap(answer).getInt(28) ^ 0x2112A442;
                assertThat(ip).isEqualTo(0xC0000207);
                int port = ByteBuffer.wrap(answer).getShort(26) & 0xFFFF;
                assertThat(port ^ 0x2112).isEqualTo(4000);
            }
            int tlsPort = Objects.requireNonNull(server.turn()).tlsPort();
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), tlsPort)) {
                socket.getOutputStream().write(header);
                try (Socket tls =
                        TestTls.trustful()
                                .getSocketFactory()
                                .createSocket(socket, "localhost", tlsPort, true)) {
                    tls.getOutputStream().write(BINDING);
                    byte[] answer = tls.getInputStream().readNBytes(32);
                    assertThat(ByteBuffer.wrap(answer).getInt(28) ^ 0x2112A442)
                            .isEqualTo(0xC0000207);
                }
            }
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(server))) {
                socket.getOutputStream().write(BINDING); // without a header
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
            silent.getOutputStream().write(header, 0, 15);
            assertThat(silent.getInputStream().read()).as("it never ends").isEqualTo(-1);
        }
    }

    @Test
    void aStreamOfRubbishIsClosedAndOneOfHalfFramesWaits() throws Exception {
        try (CardeaServer server = server()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(server))) {
                socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(server))) {
                // channel data of 65,535 bytes from somebody without an allocation
                socket.getOutputStream().write(new byte[] {0x40, 0, -1, -1});
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(server))) {
                socket.setTcpNoDelay(true);
                for (byte each : BINDING) {
                    socket.getOutputStream().write(each);
                    socket.getOutputStream().flush();
                }
                assertThat(socket.getInputStream().readNBytes(32)).startsWith(1, 1, 0, 12);
            }
        }
    }
}
