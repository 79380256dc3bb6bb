package dev.cardea.server.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.CardeaServer;
import dev.cardea.server.TestTls;
import dev.cardea.server.config.ConfigLoader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** coturn's client in all its ways, at the same time: most of what it does is to wait. */
@Timeout(120)
class TurnClientsTest {
    /** Its relays are above the ports that the system gives the clients meanwhile. */
    private static final String OPEN =
            """
            http_server: {address: 127.0.0.1, port: 0}
            event_loops: 2
            turn:
              enabled: true
              address: 127.0.0.1
              port: 0
              tls: {port: 0}
              users: [{name: alice, password: secret}]
              secrets: [sesame, older]
              relay: {ports: 61000-65535}
              peers: {allow: [127.0.0.1]}
              tcp_relays: true
            """;

    private static final Pattern COUNTED =
            Pattern.compile("tot_send_msgs=(\\d+), tot_recv_msgs=(\\d+)\\s*\\n.*tot_send_bytes");
    private static final String ALICE = "-u alice -w secret ";
    private static final String PASSIVE = ALICE + "-P";
    private static final Map<String, CompletableFuture<Coturn.Outcome>> RUNS =
            new LinkedHashMap<>();
    private static final Map<String, List<CompletableFuture<Coturn.Outcome>>> DAMAGED =
            new LinkedHashMap<>();

    @SuppressWarnings("NullAway.Init")
    private static CardeaServer server;

    @SuppressWarnings("NullAway.Init")
    private static Coturn.Peer peer;

    @BeforeAll
    static void start() throws Exception {
        ConfigLoader loader = ConfigLoader.text("turn.yaml", OPEN);
        TestTls.layOver(loader, "turn.tls");
        server = CardeaServer.start(loader.load().config(), null);
        peer = Coturn.Peer.start();
        for (String each : WAYS) RUNS.put(each, client(each));
        RUNS.put(PASSIVE, client(PASSIVE));
        for (String each : DAMAGING) {
            List<CompletableFuture<Coturn.Outcome>> runs = new ArrayList<>();
            for (int i = 0; i < 2; i++) runs.add(client(ALICE + "-R" + each));
            DAMAGED.put(each, runs);
        }
    }

    @AfterAll
    static void stop() {
        peer.close();
        server.close();
    }

    private static CompletableFuture<Coturn.Outcome> client(String options) {
        TurnServer turn = Objects.requireNonNull(server.turn());
        int port = options.contains("-S") ? turn.tlsPort() : turn.port();
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "-n",
                                "10",
                                "-e",
                                "127.0.0.1",
                                "-r",
                                Integer.toString(peer.port()),
                                "-p",
                                Integer.toString(port),
                                "-L",
                                "127.0.0.1"));
        arguments.addAll(List.of(options.split(" ")));
        arguments.add("127.0.0.1");
        int seconds = options.contains("-R") ? 6 : 50;
        return Coturn.run("uclient", arguments, seconds);
    }

    private static final String[] DAMAGING = {"", " -t", " -t -S", " -O"};

    private static final String[] WAYS = {
        ALICE + "-m 3",
        ALICE + "-s",
        ALICE + "-y",
        ALICE + "-y -s",
        ALICE + "-l 1200 -D",
        ALICE + "-t",
        ALICE + "-t -s",
        ALICE + "-t -y -l 1201",
        ALICE + "-t -S",
        ALICE + "-g",
        ALICE + "-G",
        ALICE + "-c",
        ALICE + "-T",
        ALICE + "-T -S",
        ALICE + "-X -y",
        "-u bob -W sesame",
        "-u bob -W older",
    };

    @ParameterizedTest
    @ValueSource(
            strings = {
                ALICE + "-m 3", // channels over UDP
                ALICE + "-s", // Send and Data indications
                ALICE + "-y", // from one relay to the other
                ALICE + "-y -s",
                ALICE + "-l 1200 -D", // padded, where no padding is needed
                ALICE + "-t",
                ALICE + "-t -s",
                ALICE + "-t -y -l 1201",
                ALICE + "-t -S",
                ALICE + "-g", // DONT-FRAGMENT
                ALICE + "-G", // requests that come twice
                ALICE + "-c", // no EVEN-PORT with a reservation
                ALICE + "-T", // TCP to the peer as well (RFC 6062)
                ALICE + "-T -S",
                ALICE + "-X -y", // REQUESTED-ADDRESS-FAMILY
                "-u bob -W sesame", // a name for a while
                "-u bob -W older",
            })
    void allThatIsSentComesBack(String options) {
        Coturn.Outcome outcome = Objects.requireNonNull(RUNS.get(options)).join();
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        Matcher counted = COUNTED.matcher(outcome.output());
        assertThat(counted.find()).as(outcome.output()).isTrue();
        int sent = Integer.parseInt(counted.group(1));
        assertThat(sent).isGreaterThanOrEqualTo(10);
        assertThat(Integer.parseInt(counted.group(2))).as(outcome.output()).isEqualTo(sent);
    }

    /** Its peers connect to the relays, and are the only ones to speak: what one side sends. */
    @Test
    void aPeerThatConnectsToTheRelayIsHeard() {
        Coturn.Outcome outcome = Objects.requireNonNull(RUNS.get(PASSIVE)).join();
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        assertThat(outcome.output()).contains("tot_send_msgs=20, tot_recv_msgs=10");
    }

    /** Its channels have random numbers, and each peer has several. */
    @Test
    void itsNegativeTestIsRefusedWhatCannotBe() {
        for (int i = 0; i < 20; i++) {
            Coturn.Outcome outcome = client(ALICE + "-N").join();
            if (outcome.exitCode() == 0) continue;
            assertThat(outcome.output()).contains("channel bind: error 400 (Bad Request)");
            return;
        }
        throw new AssertionError("every number was taken");
    }

    /** Every tenth of its messages is damaged; one that isn't answered may be its last. */
    @ParameterizedTest
    @ValueSource(strings = {"", " -t", " -t -S", " -O"})
    void itsDamagedMessagesHarmNobody(String way) {
        for (CompletableFuture<Coturn.Outcome> each : Objects.requireNonNull(DAMAGED.get(way)))
            each.join();
        Coturn.Outcome other = client(ALICE + "-c").join();
        assertThat(other.exitCode()).as(other.output()).isZero();
        assertThat(other.output()).contains("Total lost packets 0 ");
    }

    @Test
    void aWrongPasswordAllocatesNothing() {
        Coturn.Outcome outcome = client("-u alice -w guess").join();
        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.output()).contains("Cannot complete Allocation");
    }

    @Test
    void aClientLearnsItsAddress() {
        String port = Integer.toString(Objects.requireNonNull(server.turn()).port());
        Coturn.Outcome outcome =
                Coturn.run("stunclient", List.of("-p", port, "-L", "127.0.0.1", "127.0.0.1"))
                        .join();
        assertThat(outcome.output()).contains("UDP reflexive addr: 127.0.0.1:");
    }
}
