package dev.cardea.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.Curve;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cardea.server.auth.Verification.Invalid;
import dev.cardea.server.auth.Verification.Valid;
import dev.cardea.server.config.JwksTemplate;
import dev.cardea.server.config.TokenConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that an issuer publishes over real HTTP, or what it sends instead. */
final class JwksTest {
    private static final long NOW = 1_000_000;
    private static final String CLAIMS = "{\"sub\":\"alice\",\"exp\":1000001}";

    @TempDir Path folder;

    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger requests = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer issuer;

    private interface Answer {
        void give(HttpExchange exchange) throws IOException, InterruptedException;
    }

    JwksTest() throws IOException {
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void start() {
        issuer.setExecutor(threads);
        issuer.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        issuer.stop(0);
        threads.shutdownNow();
    }

    private String address(String path) {
        return "http://127.0.0.1:" + issuer.getAddress().getPort() + path;
    }

    private void answers(String path, Answer answer) {
        issuer.createContext(
                path,
                exchange -> {
                    requests.incrementAndGet();
                    try (exchange) {
                        answer.give(exchange);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    private void publishes(String path, byte[] set) {
        answers(
                path,
                exchange -> {
                    exchange.sendResponseHeaders(200, set.length);
                    exchange.getResponseBody().write(set);
                });
    }

    private JwtVerifier verifier() {
        return verifier(Rules.with("jwks_public_endpoint", address("/keys")));
    }

    private static JwtVerifier verifier(Rules rules) {
        TokenConfig config = rules.config();
        return new JwtVerifier(
                config,
                new Keyring(
                        new JwksKeys(
                                new JwksTemplate(config.jwksPublicEndpoint()),
                                new HttpKeySetFetch(Duration.ofMillis(500))),
                        Runnable::run));
    }

    private static Verification<ConnectionToken> verified(JwtVerifier verifier, String token) {
        return verifier.verifyConnection(token, NOW).toCompletableFuture().join();
    }

    private static String header(String algorithm, String kid) {
        return "{\"alg\":\"" + algorithm + "\",\"kid\":\"" + kid + "\"}";
    }

    @Test
    void keysOfEveryKindAreTaken() {
        OpenSsl rsa = OpenSsl.rsa(folder, 2048);
        OpenSsl p256 = OpenSsl.ec(folder, "P-256");
        OpenSsl p384 = OpenSsl.ec(folder, "P-384");
        OpenSsl p521 = OpenSsl.ec(folder, "P-521");
        OpenSsl ed = OpenSsl.ed25519(folder);
        publishes(
                "/keys",
                KeySets.of(
                        KeySets.rsa("r", rsa),
                        KeySets.ec("256", Curve.P_256, p256),
                        KeySets.ec("384", Curve.P_384, p384),
                        KeySets.ec("521", Curve.P_521, p521),
                        KeySets.ed25519("e", ed)));
        JwtVerifier verifier = verifier();
        good(verifier, rsa.token("RS256", header("RS256", "r"), CLAIMS));
        good(verifier, rsa.token("RS384", header("RS384", "r"), CLAIMS));
        good(verifier, rsa.token("RS512", header("RS512", "r"), CLAIMS));
        good(verifier, p256.token("ES256", header("ES256", "256"), CLAIMS));
        good(verifier, p384.token("ES384", header("ES384", "384"), CLAIMS));
        good(verifier, p521.token("ES512", header("ES512", "521"), CLAIMS));
        good(verifier, ed.token("EdDSA", header("EdDSA", "e"), CLAIMS));
        assertThat(requests).hasValue(1);

        bad(verifier, rsa.token("RS256", header("RS256", "e"), CLAIMS));
        bad(verifier, p256.token("ES256", header("ES256", "384"), CLAIMS));
        bad(verifier, rsa.token("RS256", CLAIMS)); // no key id
        String pem = rsa.publicPem();
        bad(verifier, HandMadeToken.of(header("HS256", "r"), CLAIMS, "HmacSHA256", pem));
        String kid = "{\"alg\":\"RS256\",\"kid\":5}";
        bad(verifier, rsa.token("RS256", kid, CLAIMS));
        assertThat(requests).hasValue(1);
    }

    private static void good(JwtVerifier verifier, String token) {
        assertThat(verified(verifier, token)).isInstanceOf(Valid.class);
    }

    private static void bad(JwtVerifier verifier, String token) {
        assertThat(verified(verifier, token)).isInstanceOf(Invalid.class);
    }

    @Test
    void eachIssuerHasItsOwnKeys() {
        OpenSsl one = OpenSsl.ec(folder, "P-256");
        OpenSsl two = OpenSsl.ec(folder, "P-256");
        publishes("/one/keys", KeySets.of(KeySets.ec("k", Curve.P_256, one)));
        publishes("/two/keys", KeySets.of(KeySets.ec("k", Curve.P_256, two)));
        JwtVerifier verifier =
                verifier(
                        Rules.with("jwks_public_endpoint", address("/{{realm}}/keys"))
                                .and("issuer_regex", "^https://id.example/(?P<realm>one|two)$"));
        String fromOne = "{\"iss\":\"https://id.example/one\"}";
        String fromTwo = "{\"iss\":\"https://id.example/two\"}";
        good(verifier, one.token("ES256", header("ES256", "k"), fromOne));
        good(verifier, two.token("ES256", header("ES256", "k"), fromTwo));
        bad(verifier, two.token("ES256", header("ES256", "k"), fromOne));
        bad(verifier, one.token("ES256", header("ES256", "k"), fromTwo));
        String fromThree = "{\"iss\":\"https://id.example/three\"}";
        bad(verifier, one.token("ES256", header("ES256", "k"), fromThree));
        assertThat(requests).hasValue(2);
    }

    @Test
    void anIssuerThatIsNotThereLeavesTheClientToComeBack() {
        JwtVerifier verifier =
                verifier(Rules.with("jwks_public_endpoint", "http://127.0.0.1:1/keys"));
        unavailable(verifier, "ConnectException");
    }

    @Test
    void anIssuerThatNeverAnswersIsGivenUp() {
        answers("/keys", _ -> end.await());
        unavailable(verifier(), "Timeout|no answer in 500 ms");
    }

    @Test
    void anIssuerThatAnswersByteByByteIsGivenUp() {
        answers(
                "/keys",
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    OutputStream out = exchange.getResponseBody();
                    out.write('{');
                    out.flush();
                    end.await();
                });
        unavailable(verifier(), "no answer in 500 ms");
    }

    @Test
    void moreThanASetIsNotRead() {
        answers(
                "/keys",
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    byte[] much = new byte[64 * 1024];
                    OutputStream out = exchange.getResponseBody();
                    // until the other side hangs up
                    for (int i = 0; i < 16_384; i++) out.write(much);
                });
        unavailable(verifier(), "body exceeds|exceed|capacity|limit");
    }

    @Test
    void aRedirectIsNotFollowed() {
        AtomicInteger elsewhere = new AtomicInteger();
        answers("/elsewhere", _ -> elsewhere.incrementAndGet());
        answers(
                "/keys",
                exchange -> {
                    exchange.getResponseHeaders().add("Location", address("/elsewhere"));
                    exchange.sendResponseHeaders(302, -1);
                });
        unavailable(verifier(), "answered 302");
        assertThat(elsewhere).hasValue(0);
    }

    @Test
    void anErrorPageIsNoSet() {
        answers("/keys", exchange -> exchange.sendResponseHeaders(500, -1));
        unavailable(verifier(), "answered 500");
        publishes("/text", "<html>".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        JwtVerifier verifier = verifier(Rules.with("jwks_public_endpoint", address("/text")));
        unavailable(verifier, "is no JSON");
    }

    private void unavailable(JwtVerifier verifier, String why) {
        String token = OpenSsl.ec(folder, "P-256").token("ES256", header("ES256", "k"), CLAIMS);
        assertThatThrownBy(() -> verified(verifier, token))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(KeyEndpoint.Unavailable.class)
                .hasMessageFindingMatch(why);
    }
}
