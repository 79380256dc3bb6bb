package dev.cardea.server.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.auth.Authenticator;
import dev.cardea.messaging.auth.Authenticator.Credentials;
import dev.cardea.messaging.auth.Peer;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.server.config.BadConfig;
import dev.cardea.server.config.ClientConfig;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HeaderAuthenticatorTest {
    private static Authenticator authenticator(String more) throws BadConfig {
        String yaml =
                "client: {user_id_http_header: X-User, token: {hmac_secret_key: '%s'}%s}"
                        .formatted(HandMadeToken.SECRET, more);
        ClientConfig client = ConfigLoader.text("c.yaml", yaml).load().config().client();
        return HeaderAuthenticator.before(
                new TokenAuthenticator(client, () -> 1_000_000_000), client.userIdHttpHeader());
    }

    private static Verdict<Credentials> connect(
            Authenticator authenticator, Map<String, String> headers, String token) {
        Peer peer = new Peer("websocket", "json", headers, Map.of("x-user", "forged"));
        Command.Connect command =
                new Command.Connect(
                        1, token, Bytes.EMPTY, Map.of(), "", "", Map.of("X-User", "forged"), 0);
        return authenticator.connect("c", peer, command).toCompletableFuture().join();
    }

    private static Verdict<Credentials> user(String name) {
        return new Verdict.Granted<>(new Credentials(name, Bytes.EMPTY, 0));
    }

    @Test
    void whomTheHeaderNamesIsLetIn() throws Exception {
        Authenticator authenticator = authenticator("");
        assertThat(connect(authenticator, Map.of("x-user", "alice"), "")).isEqualTo(user("alice"));
        String utf8 = new String("Алиса".getBytes(UTF_8), ISO_8859_1); // as it is read off the wire
        assertThat(connect(authenticator, Map.of("x-user", utf8), "")).isEqualTo(user("Алиса"));
    }

    @Test
    void aTokenCountsForMore() throws Exception {
        Authenticator authenticator = authenticator("");
        String token = HandMadeToken.of("{\"sub\":\"bob\"}");
        assertThat(connect(authenticator, Map.of("x-user", "alice"), token))
                .isInstanceOfSatisfying(
                        Verdict.Granted.class,
                        granted ->
                                assertThat(((Credentials) granted.what()).user()).isEqualTo("bob"));
        assertThat(connect(authenticator, Map.of("x-user", "alice"), "nonsense"))
                .isInstanceOf(Verdict.Invalid.class);
    }

    @Test
    void whatTheClientSaysOfItselfDoesNotCount() throws Exception {
        for (Map<String, String> headers :
                List.of(
                        Map.<String, String>of(),
                        Map.of("x-user", ""),
                        Map.of("x-user", "\u00ff"))) {
            assertThat(connect(authenticator(""), headers, "")).isInstanceOf(Verdict.Missing.class);
            assertThat(
                            connect(
                                    authenticator(", allow_anonymous_connect_without_token: true"),
                                    headers,
                                    ""))
                    .isEqualTo(user(""));
        }
    }

    @Test
    void withoutAHeaderThereIsNothingToTakeCareOf() throws Exception {
        Authenticator tokens = authenticator("");
        assertThat(HeaderAuthenticator.before(tokens, "")).isSameAs(tokens);
    }
}
