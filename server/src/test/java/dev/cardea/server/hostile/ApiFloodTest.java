package dev.cardea.server.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls of the server API that are far more than anybody needs, by somebody who has the key. */
@Timeout(120)
@SuppressWarnings("NullAway.Init")
final class ApiFloodTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private AttackedServer server;

    @BeforeEach
    void start() throws Exception {
        server = AttackedServer.start("client: {insecure: true}\nhttp_api: {insecure: true}\n");
    }

    @AfterEach
    void theBystanderHasNotNoticed() throws Exception {
        server.close();
        http.close();
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        HttpRequest request =
                HttpRequest.newBuilder(uri)
                        .timeout(AttackedServer.SOON)
                        .POST(BodyPublishers.ofString(body))
                        .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private static String batch(String command, int count) {
        return "{\"commands\":[" + (command + ",").repeat(count - 1) + command + "]}";
    }

    @Test
    void aBatchOfAHundredThousandIsRefusedAndNothingOfItIsDone() throws Exception {
        Memory memory = new Memory();
        // whatever is published there is noticed by the bystander
        for (int round = 0; round < 5; round++) {
            assertThat(post("/api/batch", batch("{}", 100_000)).statusCode()).isEqualTo(413);
            assertThat(post("/api/batch", batch("{\"info\":{}}", 90_000)).statusCode())
                    .isEqualTo(413);
            // more than a request may have, before anybody has counted
            String publish = "{\"publish\":{\"channel\":\"" + Bystander.CHANNEL + "\",\"data\":1}}";
            assertThat(post("/api/batch", batch(publish, 20_000)).statusCode()).isEqualTo(413);
            assertThat(post("/api/batch", batch(publish, 100_000)).statusCode()).isEqualTo(413);
            assertThat(post("/api", "{\"method\":\"info\"}\n".repeat(50_000)).statusCode())
                    .isEqualTo(413);
        }
        assertThat(memory.grownBytes()).isLessThan(8L << 20);
    }

    @Test
    void aBatchOfAsManyAsMayBeLeavesRoomForOthers() throws Exception {
        for (boolean parallel : new boolean[] {false, true}) {
            String publish = "{\"publish\":{\"channel\":\"a\",\"data\":1}}";
            String commands = batch(publish, 10_000);
            String body = "{\"parallel\":" + parallel + "," + commands.substring(1);
            HttpResponse<String> response = post("/api/batch", body);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body().split("publish", -1)).hasSize(10_001);
            server.bystander().await(5);
        }
    }
}
