package dev.cardea.server.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.CardeaServer;
import dev.cardea.server.config.ConfigLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** coturn's clients find out how the NAT between them and the server behaves: there is none. */
@Timeout(60)
class NatDiscoveryTest {
    private static final String OPEN =
            """
            http_server: {address: 127.0.0.1, port: 0}
            event_loops: 2
            turn:
              enabled: true
              address: 127.0.0.1
              port: 0
              discovery: {address: 127.0.0.2, port: 0}
            """;

    @SuppressWarnings("NullAway.Init")
    private static CardeaServer server;

    @BeforeAll
    static void start() throws Exception {
        server = CardeaServer.start(ConfigLoader.text("turn.yaml", OPEN).load().config(), null);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String output(String tool, String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        String port = Integer.toString(Objects.requireNonNull(server.turn()).port());
        arguments.addAll(List.of("-p", port, "-L", "127.0.0.1", "127.0.0.1"));
        Coturn.Outcome outcome = Coturn.run(tool, arguments).join();
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        return outcome.output();
    }

    @Test
    void theMappingOfAnAddressIsTheSameForAllDestinations() {
        assertThat(output("natdiscovery", "-m"))
                .contains(
                        "No NAT! (Endpoint Independent Mapping)", "Response origin: : 127.0.0.2:");
    }

    @Test
    void whatComesFromElsewhereGetsThrough() {
        assertThat(output("natdiscovery", "-f"))
                .contains(
                        "NAT with Endpoint Independent Filtering!",
                        "Response origin: : 127.0.0.2:");
    }

    @Test
    void paddedQuestionsHavePaddedAnswers() {
        assertThat(output("natdiscovery", "-f", "-P"))
                .contains("NAT with Endpoint Independent Filtering!");
    }

    @Test
    void aClientSpeaksWithItself() {
        assertThat(output("natdiscovery", "-H")).contains("successful hairpinning");
    }

    @Test
    void anAnswerGoesToAnotherPortAfterAWhile() {
        assertThat(output("natdiscovery", "-t", "-T", "1")).contains("RFC 5780 response 2");
    }

    @Test
    void theSimpleClientAsksForAllOfItToo() {
        assertThat(output("stunclient", "-f"))
                .contains("RFC 5780 response 3", "Response origin: : 127.0.0.2:");
    }
}
