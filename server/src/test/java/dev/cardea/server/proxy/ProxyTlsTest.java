package dev.cardea.server.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.messaging.auth.Peer;
import dev.cardea.messaging.hook.Answer;
import dev.cardea.messaging.hook.Caller;
import dev.cardea.messaging.hook.Hooks.Rpc;
import dev.cardea.server.TestTls;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.server.tls.ClientTls;
import dev.cardea.server.trace.Traces;
import dev.cardea.wire.Bytes;
import java.net.InetAddress;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A backend over TLS, with a certificate that nobody but the configuration trusts. */
@Timeout(60)
class ProxyTlsTest {
    private static final Caller CALLER =
            new Caller("c", "u", Bytes.EMPTY, Bytes.EMPTY, Peer.of("websocket", "json"));

    @SuppressWarnings("NullAway.Init")
    private ScriptedBackend backend;

    @BeforeEach
    void start() throws Exception {
        start(false);
    }

    private void start(boolean asksForCertificates) throws Exception {
        // its own side: this certificate, and it believes clients whose certificate client-ca.pem
        // has issued
        ClientTls server =
                ClientTls.load(
                        TestTls.file("server-cert.pem"),
                        TestTls.file("server-key.pem"),
                        TestTls.file("client-ca.pem"),
                        false);
        SSLServerSocket listener =
                (SSLServerSocket)
                        server.context()
                                .getServerSocketFactory()
                                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        listener.setNeedClientAuth(asksForCertificates);
        backend = new ScriptedBackend(listener);
        backend.answers("{\"result\":{\"data\":1}}");
    }

    @AfterEach
    void close() throws Exception {
        backend.close();
    }

    /** Whether a call is answered, with these keys in http.tls. */
    private boolean isAnswered(String tls) throws Exception {
        String yaml =
                "rpc: {proxy: {endpoint: '%s', timeout: 10s, http: {tls: {%s}}}, without_namespace: {proxy_enabled: true}}"
                        .formatted(
                                backend.url("/rpc"),
                                tls.replace("FOLDER", TestTls.file("x").replace("/x", "")));
        try (Proxies proxies =
                new Proxies(ConfigLoader.text("c.yaml", yaml).load().config(), Traces.NONE)) {
            Rpc rpc = Objects.requireNonNull(proxies.hooks().rpc("any"));
            try {
                Answer<Bytes> answer =
                        rpc.call(CALLER, "any", Bytes.EMPTY).toCompletableFuture().join();
                return answer.equals(new Answer.Given<>(Bytes.utf8("1")));
            } catch (CompletionException e) {
                assertThat(e).hasCauseInstanceOf(BackendFailure.class);
                return false;
            }
        }
    }

    @Test
    void anAuthorityOfTheConfigurationIsTrusted() throws Exception {
        assertThat(isAnswered("enabled: true, server_ca_pem: FOLDER/server-cert.pem")).isTrue();
        assertThat(isAnswered("enabled: true, server_ca_pem: FOLDER/ec-cert.pem")).isFalse();
        assertThat(isAnswered("enabled: false")).isFalse();
        assertThat(isAnswered("enabled: false, server_ca_pem: FOLDER/server-cert.pem")).isFalse();
        assertThat(backend.asked()).hasSize(1);
    }

    @Test
    void nobodyIsDoubtedWhereTheConfigurationSaysSo() throws Exception {
        assertThat(isAnswered("enabled: true, insecure_skip_verify: true")).isTrue();
    }

    @Test
    void aBackendMayWantToKnowWhoAsks() throws Exception {
        backend.close();
        start(true);
        String ca = "enabled: true, server_ca_pem: FOLDER/server-cert.pem";
        assertThat(isAnswered(ca)).isFalse();
        assertThat(
                        isAnswered(
                                ca
                                        + ", cert_pem: FOLDER/client-cert.pem, key_pem:"
                                        + " FOLDER/client-key.pem"))
                .isTrue();
        assertThat(isAnswered(ca + ", cert_pem: FOLDER/ec-cert.pem, key_pem: FOLDER/ec-key.pem"))
                .as("issued by nobody that it trusts")
                .isFalse();
    }

    @Test
    void whatCanNotWorkStopsTheStart() {
        assertThatThrownBy(() -> isAnswered("enabled: true, cert_pem: FOLDER/client-cert.pem"))
                .hasMessageContaining("rpc.proxy.http.tls.key_pem is not set, and cert_pem is");
        assertThatThrownBy(() -> isAnswered("enabled: true, server_ca_pem: FOLDER/none.pem"))
                .hasMessageContaining("rpc.proxy.http.tls.server_ca_pem is neither PEM");
        assertThatThrownBy(() -> isAnswered("enabled: true, server_name: other"))
                .hasMessageContaining("rpc.proxy.http.tls.server_name is \"other\"; not supported");
    }
}
