package dev.cardea.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.config.ConfigLoader;
import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.testkit.websocket.Incoming;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class DrainTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static CardeaServer start(String yaml) throws Exception {
        return CardeaServer.start(
                ConfigLoader.text("test.yaml", "client: {insecure: true}\n" + yaml)
                        .flag("test", "http_server.address", "127.0.0.1")
                        .flag("test", "http_server.port", "0")
                        .load()
                        .config(),
                null);
    }

    private static CentrifugeSocket connect(CardeaServer server) throws IOException {
        CentrifugeSocket client = CentrifugeSocket.connectJson("127.0.0.1", server.port(), SOON);
        client.send(new Command.Connect(1, "", Bytes.EMPTY, Map.of(), "", "", Map.of(), 0));
        client.answer(1, SOON);
        return client;
    }

    private static CompletableFuture<Long> closedAt(CentrifugeSocket client) {
        CompletableFuture<Long> at = new CompletableFuture<>();
        Thread.ofPlatform()
                .start(() -> {
                    try {
                        Incoming end = client.awaitEnd(SOON);
                        assertThat(end).isEqualTo(new Incoming.Close(3001, "shutdown"));
                        at.complete(System.nanoTime());
                    } catch (IOException | AssertionError e) {
                        at.completeExceptionally(e);
                    }
                });
        return at;
    }

    @Test
    void connectionsAreClosedOneAfterTheOther() throws Exception {
        int clients = 30;
        int rate = 20;
        CardeaServer server = start("shutdown: {rate: %d}".formatted(rate));
        List<CompletableFuture<Long>> ends = new ArrayList<>();
        for (int i = 0; i < clients; i++) ends.add(closedAt(connect(server)));
        long begin = System.nanoTime();
        server.close();
        List<Long> at = ends.stream().map(CompletableFuture::join).sorted().toList();
        for (int i = 0; i < clients; i++) {
            double seconds = (at.get(i) - begin) / 1e9;
            assertThat(seconds).as("end of number %d", i).isGreaterThanOrEqualTo((double) i / rate);
        }
    }

    @Test
    void manyConnectionsAreClosedInTimeAllTheSame() throws Exception {
        CardeaServer server = start("shutdown: {rate: 1, timeout: 2s}");
        List<CompletableFuture<Long>> ends = new ArrayList<>();
        for (int i = 0; i < 40; i++) ends.add(closedAt(connect(server)));
        server.close();
        for (CompletableFuture<Long> end : ends) end.join(); // each was told why
    }

    @Test
    void whoDoesNotReadIsGivenTheRestOfTheTimeAndIsThenCutOff() throws Exception {
        CardeaServer server =
                start(
                        """
                        shutdown: {timeout: 2s}
                        channel: {without_namespace: {slow_consumer: skip}}
                        """);
        try (CentrifugeSocket idle = connect(server);
                CentrifugeSocket publisher = connect(server)) {
            idle.send(new Command.Subscribe(2, SubscribeRequest.to("news")));
            idle.answer(2, SOON);
            Bytes large = Bytes.utf8('"' + "x".repeat(60_000) + '"');
            for (int i = 2; i < 300; i++) {
                publisher.send(new Command.Publish(i, "news", large, 0, "", false));
                publisher.answer(i, SOON);
            }
            CompletableFuture<Long> told = closedAt(publisher);
            long begin = System.nanoTime();
            server.close();
            told.join();
            // The timeout, and what the machine takes to end the event loops.
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(Duration.ofMillis(1900), Duration.ofSeconds(8));
            assertThat(idle.awaitEnd(SOON)).isNotInstanceOf(Incoming.Close.class);
        }
    }

    @Test
    void whileConnectionsAreClosedTheInternalPortSaysAliveButNotReady() throws Exception {
        CardeaServer server =
                start(
                        """
                        health: {enabled: true}
                        http_server: {internal_port: 0}
                        shutdown: {rate: 1, timeout: 60s}
                        """);
        for (int i = 0; i < 30; i++) connect(server);
        Thread closing = Thread.ofPlatform().start(server::close);
        long deadline = System.nanoTime() + SOON.toNanos();
        while (accepts(server.port())) assertThat(System.nanoTime()).isLessThan(deadline);
        assertThat(status(server.internalPort(), "/health")).isEqualTo(200);
        assertThat(status(server.internalPort(), "/health/ready")).isEqualTo(503);
        closing.interrupt();
        closing.join();
    }

    private static boolean accepts(int port) {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void readinessIsTakenBackFirstAndAnInterruptEndsTheWaiting() throws Exception {
        CardeaServer server =
                start(
                        """
                        health: {enabled: true}
                        shutdown: {grace: 100s, timeout: 200s}
                        """);
        assertThat(status(server, "/health/ready")).isEqualTo(200);
        Thread closing = Thread.ofPlatform().start(server::close);
        long deadline = System.nanoTime() + SOON.toNanos();
        while (status(server, "/health/ready") != 503) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
        assertThat(status(server, "/health")).isEqualTo(200);
        connect(server).close(); // business as usual, until balancers have noticed
        closing.interrupt();
        closing.join();
    }

    private static int status(CardeaServer server, String path) throws Exception {
        return status(server.port(), path);
    }

    private static int status(int port, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
