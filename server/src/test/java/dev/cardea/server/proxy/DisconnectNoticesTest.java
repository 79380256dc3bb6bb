package dev.cardea.server.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.CardeaServer;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.wire.centrifuge.Reply;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of notices that the backend doesn't take. */
@Timeout(60)
class DisconnectNoticesTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Pattern DROPPED =
            Pattern.compile("cardea_\\w*notices_dropped\\w* ([0-9.]+)");

    private static CardeaServer start(ScriptedBackend backend, String hook) throws Exception {
        String yaml =
                """
                http_server: {address: 127.0.0.1, port: 0}
                prometheus: {enabled: true}
                client:
                  allow_anonymous_connect_without_token: true
                  proxy: {disconnect: {enabled: true, endpoint: BACKEND/gone, HOOK}}
                """
                        .replace("BACKEND", backend.url(""))
                        .replace("HOOK", hook);
        return CardeaServer.start(ConfigLoader.text("c.yaml", yaml).load().config(), null);
    }

    private static void comesAndGoes(CardeaServer server) throws IOException {
        try (CentrifugeSocket client =
                CentrifugeSocket.connectJson("127.0.0.1", server.port(), SOON)) {
            client.send(ScriptedClient.connectCommand(1, ""));
            client.await(Reply.Connect.class, SOON);
        }
    }

    private static double dropped(CardeaServer server) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + server.port() + "/metrics");
            String page =
                    http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
            Matcher found = DROPPED.matcher(page);
            return found.find() ? Double.parseDouble(found.group(1)) : 0;
        }
    }

    private static void awaitDropped(CardeaServer server, double least) throws Exception {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (dropped(server) < least && System.nanoTime() < deadline) Thread.onSpinWait();
        assertThat(dropped(server)).isGreaterThanOrEqualTo(least);
    }

    @Test
    void whatABackendCannotTakeIsDroppedAndCounted() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (ScriptedBackend backend = new ScriptedBackend()) {
            backend.answers((_, _) -> end.await());
            try (CardeaServer server =
                    start(backend, "queue_size: 2, max_concurrent_calls: 1, timeout: 60s")) {
                // one is told, one waits for its turn, two wait in the queue
                for (int i = 0; i < 7; i++) comesAndGoes(server);
                awaitDropped(server, 3);
                end.countDown();
            }
        }
    }

    @Test
    void whileABackendIsSparedNothingIsTriedAndNothingLost() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch taken = new CountDownLatch(1);
        try (ScriptedBackend backend = new ScriptedBackend()) {
            backend.answers((_, out) -> {
                boolean isFirst = asked.incrementAndGet() == 1;
                out.write(
                        isFirst
                                ? ScriptedBackend.response("500 No", "")
                                : ScriptedBackend.ok("{}"));
                if (!isFirst) taken.countDown();
            });
            String hook = "attempts: 2, circuit_breaker: {failures: 1, open_for: 300ms}";
            try (CardeaServer server = start(backend, hook)) {
                comesAndGoes(server);
                assertThat(taken.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
                assertThat(dropped(server)).isZero();
            }
        }
    }

    @Test
    void aNoticeIsTriedAsOftenAsItMayBe() throws Exception {
        try (ScriptedBackend backend = new ScriptedBackend()) {
            backend.answers((_, out) -> out.write(ScriptedBackend.response("500 No", "")));
            try (CardeaServer server = start(backend, "attempts: 2")) {
                comesAndGoes(server);
                awaitDropped(server, 1);
            }
            assertThat(backend.asked()).hasSize(2);
        }
    }
}
