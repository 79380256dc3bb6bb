package dev.cardea.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.server.config.BadConfig;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.testkit.websocket.RawWebSocket;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients and backends over TLS, on one port or two. */
@Timeout(60)
final class TlsTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private static CardeaServer start(ConfigLoader loader) throws IOException, BadConfig {
        return CardeaServer.start(
                loader.flag("test", "http_server.address", "127.0.0.1")
                        .flag("test", "http_server.port", "0")
                        .flag("test", "client.insecure", "true")
                        .flag("test", "http_api.insecure", "true")
                        .flag("test", "health.enabled", "true")
                        .load()
                        .config(),
                null);
    }

    private static CardeaServer withTls() throws IOException, BadConfig {
        ConfigLoader loader = ConfigLoader.defaults();
        TestTls.layOver(loader, "http_server.tls");
        return start(loader);
    }

    private static CentrifugeSocket connected(CentrifugeSocket client) throws IOException {
        client.send(new Command.Connect(1, "", Bytes.EMPTY, Map.of(), "", "", Map.of(), 0));
        client.answer(1, SOON);
        return client;
    }

    private static RawWebSocket.Dial dial(CardeaServer server) {
        return RawWebSocket.to("127.0.0.1", server.port())
                .path(CentrifugeSocket.PATH)
                .tls(TestTls.trustful());
    }

    private static CentrifugeSocket client(CardeaServer server) throws IOException {
        return connected(CentrifugeSocket.json(dial(server).connect(SOON)));
    }

    private static int get(SSLContext trust, String uri) throws Exception {
        try (HttpClient http = HttpClient.newBuilder().sslContext(trust).build()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(uri)).build(),
                            BodyHandlers.discarding())
                    .statusCode();
        }
    }

    @Test
    void messagesOfAllSizesPassInBothFormats() throws Exception {
        try (CardeaServer server = withTls();
                CentrifugeSocket json = client(server);
                CentrifugeSocket protobuf =
                        connected(
                                CentrifugeSocket.protobuf(
                                        dial(server)
                                                .subprotocols(List.of("centrifuge-protobuf"))
                                                .connect(SOON)))) {
            protobuf.send(new Command.Subscribe(2, SubscribeRequest.to("news")));
            protobuf.answer(2, SOON);
            for (int size : new int[] {1, 100, 16_000, 17_000, 60_000}) {
                Bytes data = Bytes.utf8('"' + "x".repeat(size) + '"');
                json.send(new Command.Publish(2 + size, "news", data, 0, "", false));
                json.answer(2 + size, SOON);
                Push push = protobuf.await(Reply.Pushed.class, SOON).push();
                assertThat(push)
                        .isInstanceOfSatisfying(
                                Push.Pub.class,
                                pub -> assertThat(pub.publication().data()).isEqualTo(data));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ec-cert.pem, ec-key-sec1.pem, EC",
        "server-cert.pem, server-key-pkcs1.pem, RSA",
    })
    void otherKeysServeToo(String cert, String key, String algorithm) throws Exception {
        ConfigLoader loader = ConfigLoader.defaults();
        TestTls.layOver(loader, "http_server.tls", TestTls.file(cert), TestTls.file(key));
        try (CardeaServer server = start(loader)) {
            assertThat(certificate(server).getPublicKey().getAlgorithm()).isEqualTo(algorithm);
        }
    }

    private static X509Certificate certificate(CardeaServer server) throws IOException {
        try (SSLSocket socket =
                (SSLSocket)
                        TestTls.trustful()
                                .getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    @Test
    void plainHttpOnATlsPortIsEndedAndNobodyElseNotices() throws Exception {
        try (CardeaServer server = withTls();
                CentrifugeSocket client = client(server);
                Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            plain.setSoTimeout((int) SOON.toMillis());
            plain.getOutputStream()
                    .write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = plain.getInputStream().readAllBytes();
            assertThat(answer).hasSizeLessThan(16); // an alert of TLS, at most
            client.send(new Command.Subscribe(2, SubscribeRequest.to("news")));
            client.answer(2, SOON);
        }
    }

    @Test
    void aClientWithoutTheCertificateThatIsAskedForIsRefused() throws Exception {
        ConfigLoader loader = ConfigLoader.defaults();
        TestTls.layOver(loader, "http_server.tls");
        loader.flag("test", "http_server.tls.client_ca_pem", TestTls.file("client-ca.pem"));
        try (CardeaServer server = start(loader)) {
            String uri = "https://127.0.0.1:" + server.port() + "/health";
            assertThatThrownBy(() -> get(TestTls.trustful(), uri)).isInstanceOf(IOException.class);
            assertThat(get(TestTls.withClientCertificate(), uri)).isEqualTo(200);
        }
    }

    @Test
    void aRenewedCertificateIsTakenForNewConnectionsAndABadOneIsNot() throws Exception {
        Path cert = folder.resolve("cert.pem");
        Path key = folder.resolve("key.pem");
        copy("server-cert.pem", cert);
        copy("server-key.pem", key);
        ConfigLoader loader = ConfigLoader.defaults();
        TestTls.layOver(loader, "http_server.tls", cert.toString(), key.toString());
        try (CardeaServer server = start(loader);
                CentrifugeSocket before = client(server)) {
            assertThat(certificate(server).getPublicKey().getAlgorithm()).isEqualTo("RSA");
            copy("ec-cert.pem", cert); // half of a renewal
            server.renewTls();
            assertThat(certificate(server).getPublicKey().getAlgorithm()).isEqualTo("RSA");
            copy("ec-key.pem", key);
            server.renewTls();
            assertThat(certificate(server).getPublicKey().getAlgorithm()).isEqualTo("EC");
            before.send(new Command.Subscribe(2, SubscribeRequest.to("news")));
            before.answer(2, SOON);
        }
    }

    private static void copy(String from, Path to) throws IOException {
        Files.copy(Path.of(TestTls.file(from)), to, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void internalEndpointsMoveToTheirOwnPort() throws Exception {
        ConfigLoader loader = ConfigLoader.defaults();
        loader.flag("test", "http_server.internal_port", "0");
        loader.flag("test", "prometheus.enabled", "true");
        try (CardeaServer server = start(loader)) {
            String external = "http://127.0.0.1:" + server.port();
            String internal = "http://127.0.0.1:" + server.internalPort();
            SSLContext trust = TestTls.trustful();
            for (String path : List.of("/health", "/health/ready", "/metrics")) {
                assertThat(get(trust, external + path)).as(path).isEqualTo(404);
                assertThat(get(trust, internal + path)).as(path).isEqualTo(200);
            }
            assertThat(get(trust, external + "/api/info")).isEqualTo(404);
            assertThat(get(trust, internal + "/api/info")).isEqualTo(405); // only POST
            assertThat(get(trust, internal + "/connection/websocket")).isEqualTo(404);
            assertThat(get(trust, external + "/connection/websocket")).isEqualTo(426);
        }
    }

    @Test
    void theApiIsExternalWhereThatIsSaid() throws Exception {
        ConfigLoader loader = ConfigLoader.defaults();
        loader.flag("test", "http_server.internal_port", "0");
        loader.flag("test", "http_api.external", "true");
        try (CardeaServer server = start(loader)) {
            SSLContext trust = TestTls.trustful();
            String path = "/api/info";
            assertThat(get(trust, "http://127.0.0.1:" + server.port() + path)).isEqualTo(405);
            assertThat(get(trust, "http://127.0.0.1:" + server.internalPort() + path))
                    .isEqualTo(404);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "false, '', https, RSA", // the same as outside
        "true, '', http, ''",
        "false, ec, https, EC",
        "true, ec, https, EC",
    })
    void theInternalPortHasTlsOfItsOwnOrTheSameOrNone(
            boolean external, String own, String scheme, String algorithm) throws Exception {
        ConfigLoader loader = ConfigLoader.defaults();
        TestTls.layOver(loader, "http_server.tls");
        loader.flag("test", "http_server.internal_port", "0");
        loader.flag("test", "http_server.tls_external", Boolean.toString(external));
        if (!own.isEmpty()) {
            TestTls.layOver(
                    loader,
                    "http_server.internal_tls",
                    TestTls.file("ec-cert.pem"),
                    TestTls.file("ec-key.pem"));
        }
        try (CardeaServer server = start(loader)) {
            String uri = scheme + "://127.0.0.1:" + server.internalPort() + "/health";
            assertThat(get(TestTls.trustful(), uri)).isEqualTo(200);
            assertThat(certificate(server).getPublicKey().getAlgorithm()).isEqualTo("RSA");
        }
    }

    @Test
    void badCertificatesStopTheStartAndAreNamed() {
        ConfigLoader loader = ConfigLoader.defaults();
        TestTls.layOver(
                loader,
                "http_server.tls",
                TestTls.file("server-cert.pem"),
                TestTls.file("ec-key.pem"));
        loader.flag("test", "http_server.internal_tls.enabled", "true");
        loader.flag("test", "http_server.internal_port", "http");
        assertThatThrownBy(loader::load)
                .isInstanceOfSatisfying(
                        BadConfig.class,
                        e ->
                                assertThat(e.problems())
                                        .contains(
                                                "test: http_server.tls.key_pem isn't the key of the"
                                                        + " certificate in cert_pem",
                                                "test: http_server.internal_tls.cert_pem is not set,"
                                                        + " and enabled is true",
                                                "test: http_server.internal_tls.key_pem is not set,"
                                                        + " and enabled is true"));
    }
}
