package dev.cardea.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.testkit.broker.SharedBroker;
import dev.cardea.testkit.net.Balancer;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Three real servers that share a broker are restarted one after the other, behind a load balancer,
 * while a publisher and some hundred readers go on: nobody loses anything, and the readers that are
 * sent away come back no faster than they are sent.
 */
@Timeout(180)
final class RollingRestartTest {
    private static final int NODES = 3;
    private static final int READERS = 300;
    private static final int RATE = 60;

    /** So late may an event loop be that is told to close a connection. */
    private static final long LATE_NANOS = 50_000_000;

    private static final long SECOND_NANOS = 1_000_000_000;
    private static final String CHANNEL = "news:all";

    private final SharedBroker shared =
            new SharedBroker(System::nanoTime, () -> "epoch", Duration.ofMinutes(1));

    /** When subscriptions arrived at the servers: one for each connection. */
    private final Queue<Long> arrivals = new ConcurrentLinkedQueue<>();

    private volatile boolean publishes = true;

    @Test
    void nobodyLosesAnythingAndNobodyIsFlooded() throws Exception {
        List<CardeaServer> servers = new ArrayList<>();
        List<RollingReader> readers = new ArrayList<>();
        try (Balancer balancer = Balancer.start()) {
            for (int i = 0; i < NODES; i++) servers.add(startBehind(balancer));
            for (int i = 0; i < READERS; i++)
                readers.add(RollingReader.start(balancer.port(), CHANNEL));
            for (RollingReader reader : readers) reader.awaitOffset(0);
            Publishing publishing = new Publishing(balancer.port());
            Thread publisher = Thread.ofVirtual().start(publishing);
            arrivals.clear();

            for (int i = 0; i < NODES; i++) {
                CardeaServer old = servers.get(i);
                int port = old.port();
                old.close();
                balancer.remove(port);
                servers.set(i, startBehind(balancer));
            }

            publishes = false;
            publisher.join();
            assertThat(publishing.failure).isNull();
            int published = publishing.published;
            for (RollingReader reader : readers) reader.awaitOffset(published);
            check(readers, published);
        } finally {
            readers.forEach(RollingReader::stop);
            servers.forEach(CardeaServer::close);
        }
    }

    private void check(List<RollingReader> readers, int published) {
        int moves = 0;
        long longestAway = 0;
        for (RollingReader reader : readers) {
            assertThat(reader.failedRecoveries()).isZero();
            assertThat(reader.received()).hasSize(published);
            for (int i = 0; i < published; i++)
                assertThat(reader.received().get(i)).isEqualTo((i + 1) + " {\"n\":" + i + "}");
            moves += reader.connects() - 1;
            longestAway = Math.max(longestAway, reader.longestAwayNanos());
        }
        assertThat(moves)
                .as("everybody was sent away at least once")
                .isGreaterThanOrEqualTo(READERS);
        assertThat(arrivals).hasSizeGreaterThanOrEqualTo(moves);
        int most = mostInASecond(List.copyOf(arrivals));
        System.out.printf(
                "rolling restart: %d readers moved %d times, %d publications each, %d arrivals in"
                        + " the busiest second at shutdown.rate %d, away for %d ms at most%n",
                READERS, moves, published, most, RATE, longestAway / 1_000_000);
        // The server decides when each leaves, not how long it takes to be back: who arrives within
        // a
        // second has left within a second and the longest time that anybody was away.
        double leftWithinSeconds = 1 + (longestAway + LATE_NANOS) / 1e9;
        assertThat((double) most).isLessThanOrEqualTo(Math.ceil(RATE * leftWithinSeconds));
    }

    private static int mostInASecond(List<Long> unsorted) {
        List<Long> at = unsorted.stream().sorted().toList();
        int most = 0;
        for (int first = 0, last = 0; last < at.size(); last++) {
            while (at.get(last) - at.get(first) > SECOND_NANOS) first++;
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    private CardeaServer startBehind(Balancer balancer) throws Exception {
        CardeaServer server =
                CardeaServer.start(
                        ConfigLoader.text(
                                        "test.yaml",
                                        """
                                        client: {insecure: true}
                                        http_server: {address: 127.0.0.1, port: 0}
                                        http_api: {insecure: true}
                                        health: {enabled: true}
                                        event_loops: 1
                                        shutdown: {rate: %d, grace: 300ms}
                                        channel:
                                          namespaces:
                                          - name: news
                                            history_size: 100000
                                            history_ttl: 10m
                                            force_recovery: true
                                        """
                                                .formatted(RATE))
                                .load()
                                .config(),
                        null,
                        this::broker);
        balancer.add(server.port());
        while (!balancer.isReady(server.port())) Thread.onSpinWait();
        return server;
    }

    /** The shared one, which notes when somebody begins to follow. */
    private Broker broker(Hub hub) {
        Broker broker = shared.of(hub);
        return (Broker)
                Proxy.newProxyInstance(
                        Broker.class.getClassLoader(),
                        new Class<?>[] {Broker.class},
                        (_, method, arguments) -> {
                            if (method.getName().equals("follow")) arrivals.add(System.nanoTime());
                            return method.invoke(broker, arguments);
                        });
    }

    /** A backend: it repeats what it can't be sure of, under the same key. */
    private final class Publishing implements Runnable {
        private final URI uri;
        private volatile int published;
        private volatile @Nullable Exception failure;

        Publishing(int port) {
            uri = URI.create("http://127.0.0.1:" + port + "/api/publish");
        }

        @Override
        public void run() {
            try (HttpClient http =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
                for (int n = 0; publishes; n++) {
                    while (!publish(http, n)) Thread.sleep(5);
                    published = n + 1;
                    Thread.sleep(20);
                }
            } catch (InterruptedException | AssertionError e) {
                failure = new IllegalStateException(e);
            }
        }

        private boolean publish(HttpClient http, int n) throws InterruptedException {
            String body =
                    "{\"channel\":\"%s\",\"data\":{\"n\":%d},\"idempotency_key\":\"%d\"}"
                            .formatted(CHANNEL, n, n);
            HttpRequest request =
                    HttpRequest.newBuilder(uri)
                            .timeout(Duration.ofSeconds(10))
                            .POST(BodyPublishers.ofString(body))
                            .build();
            try {
                var response = http.send(request, BodyHandlers.ofString());
                assertThat(response.body()).contains("\"offset\":" + (n + 1));
                return response.statusCode() == 200;
            } catch (IOException _) {
                return false; // its server has just gone
            }
        }
    }
}
