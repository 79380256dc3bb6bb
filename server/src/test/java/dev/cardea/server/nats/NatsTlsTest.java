package dev.cardea.server.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.messaging.log.MemoryBudget;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.ClientInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NatsTlsTest {
    private static final Path FOLDER = Path.of("src/test/resources/dev/cardea/server/tls");

    private static String file(String name) {
        return FOLDER.resolve(name).toAbsolutePath().toString();
    }

    /** Several of a node's attempts to connect. */
    private static final Duration ATTEMPTS = Duration.ofSeconds(8);

    @Test
    void aNatsWithTlsAndAUserIsSpokenTo() throws Exception {
        try (NatsServer nats =
                NatsServer.start(
                        "--user",
                        "cardea",
                        "--pass",
                        "secret",
                        "--tls",
                        "--tlscert",
                        file("server-cert.pem"),
                        "--tlskey",
                        file("server-key.pem"))) {
            String tls =
                    "tls: {enabled: true, server_ca_pem: '%s'}".formatted(file("server-cert.pem"));
            String known = "cardea:secret@localhost:" + nats.port();
            assertThat(isSpokenTo(known, tls)).isTrue();
            assertThat(isSpokenTo("cardea:wrong@localhost:" + nats.port(), tls)).isFalse();
            assertThat(isSpokenTo(known, "tls: {enabled: true}"))
                    .as("an authority that nobody knows")
                    .isFalse();
        }
    }

    @Test
    void aCertificateOfAnotherNameIsRefused() throws Exception {
        Path folder = Files.createTempDirectory("certificate");
        String cert = folder.resolve("cert.pem").toString();
        String key = folder.resolve("key.pem").toString();
        makeCertificate(folder.resolve("store"), Path.of(cert), Path.of(key));
        try (NatsServer nats = NatsServer.start("--tls", "--tlscert", cert, "--tlskey", key)) {
            String tls = "tls: {enabled: true, server_ca_pem: '%s'}".formatted(cert);
            assertThat(isSpokenTo("localhost:" + nats.port(), tls)).isTrue();
            assertThat(isSpokenTo("127.0.0.1:" + nats.port(), tls)).isFalse();
            String anybody = "tls: {enabled: true, insecure_skip_verify: true}";
            assertThat(isSpokenTo("127.0.0.1:" + nats.port(), anybody)).isTrue();
        } finally {
            for (String name : List.of("store", "cert.pem", "key.pem"))
                Files.deleteIfExists(folder.resolve(name));
            Files.delete(folder);
        }
    }

    /** For the name localhost, and for no address. */
    private static void makeCertificate(Path store, Path cert, Path key) throws Exception {
        String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process made =
                new ProcessBuilder(
                                keytool,
                                "-genkeypair",
                                "-keyalg",
                                "EC",
                                "-groupname",
                                "secp256r1",
                                "-alias",
                                "a",
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                "secret",
                                "-dname",
                                "CN=x",
                                "-ext",
                                "san=dns:localhost")
                        .inheritIO()
                        .start();
        assertThat(made.waitFor()).isZero();
        char[] password = "secret".toCharArray();
        KeyStore opened = KeyStore.getInstance(store.toFile(), password);
        Files.writeString(key, pem("PRIVATE KEY", opened.getKey("a", password).getEncoded()));
        Files.writeString(cert, pem("CERTIFICATE", opened.getCertificate("a").getEncoded()));
    }

    private static String pem(String what, byte[] der) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, lines, what);
    }

    private static boolean isSpokenTo(String server, String settings) throws Exception {
        Hub hub = new Hub(_ -> new MemoryBudget(1_000), () -> "epoch", 1);
        try (NodeBroker node =
                NatsNode.start(
                        Configured.nats("url: 'nats://%s', %s".formatted(server, settings)),
                        hub,
                        "node",
                        () -> "epoch",
                        Duration.ofSeconds(10))) {
            if (!isReached(node)) return false;
            ClientInfo member = new ClientInfo("ann", "c", Bytes.EMPTY, Bytes.EMPTY);
            node.broker().addPresence("x", member).toCompletableFuture().get(5, TimeUnit.SECONDS);
            return node.broker().presence("x").toCompletableFuture().get(5, TimeUnit.SECONDS).size()
                    == 1;
        }
    }

    /** A first handshake may take longer than a node waits; it tries again. */
    private static boolean isReached(NodeBroker node) {
        long deadline = System.nanoTime() + ATTEMPTS.toNanos();
        while (!node.isReachable() && System.nanoTime() - deadline < 0) Thread.onSpinWait();
        return node.isReachable();
    }
}
