package dev.cardea.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.messaging.log.MemoryBudget;
import dev.cardea.testkit.net.FreePorts;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.ClientInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RedisTlsTest {
    private static final Path FOLDER = Path.of("src/test/resources/dev/cardea/server/tls");

    private static String file(String name) {
        return FOLDER.resolve(name).toAbsolutePath().toString();
    }

    @Test
    void aRedisWithTlsAndAUserIsSpokenTo() throws Exception {
        int port = FreePorts.next();
        try (RedisServer redis =
                RedisServer.start(
                        "--tls-port",
                        "" + port,
                        "--tls-cert-file",
                        file("server-cert.pem"),
                        "--tls-key-file",
                        file("server-key.pem"),
                        "--tls-ca-cert-file",
                        file("server-cert.pem"),
                        "--tls-auth-clients",
                        "no",
                        "--user",
                        "cardea",
                        "on",
                        ">secret",
                        "~*",
                        "&*",
                        "+@all")) {
            String good =
                    "tls: {enabled: true, server_ca_pem: '%s'}".formatted(file("server-cert.pem"));
            assertThat(isSpokenTo(redis, port, good + ", user: cardea, password: secret")).isTrue();
            assertThat(isSpokenTo(redis, port, good + ", user: cardea, password: wrong")).isFalse();
            assertThat(
                            isSpokenTo(
                                    redis,
                                    port,
                                    "tls: {enabled: true}, user: cardea, password: secret"))
                    .as("an authority that nobody knows")
                    .isFalse();
        }
    }

    private static boolean isSpokenTo(RedisServer redis, int port, String settings)
            throws Exception {
        assertThat(redis.port()).isNotEqualTo(port);
        Hub hub = new Hub(_ -> new MemoryBudget(1_000), () -> "epoch", 1);
        try (NodeBroker node =
                RedisNode.start(
                        Configured.redis("address: 'localhost:%d', %s".formatted(port, settings)),
                        hub,
                        "node",
                        () -> "epoch",
                        Duration.ofSeconds(10))) {
            if (!node.isReachable()) return false;
            ClientInfo member = new ClientInfo("ann", "c", Bytes.EMPTY, Bytes.EMPTY);
            node.broker().addPresence("x", member).toCompletableFuture().get(5, TimeUnit.SECONDS);
            return node.broker().presence("x").toCompletableFuture().get(5, TimeUnit.SECONDS).size()
                    == 1;
        }
    }
}
