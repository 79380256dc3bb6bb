package dev.cardea.server.hostile;

import static dev.cardea.server.hostile.AttackedServer.SOON;
import static dev.cardea.server.hostile.AttackedServer.connect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.testkit.websocket.Incoming;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tokens that somebody made who has no key, or who has one and makes mistakes. */
@Timeout(120)
final class ForgedTokensTest {
    private static final String SECRET = "a-secret-that-is-more-than-thirty-two-bytes-long";

    private static AttackedServer server(String keys) throws Exception {
        return AttackedServer.start("client: {insecure: true, token: {" + keys + "}}\n");
    }

    private static void isRefused(AttackedServer server, String token) throws IOException {
        try (CentrifugeSocket client = CentrifugeSocket.json(server.open())) {
            client.send(connect(token));
            assertThat(client.awaitEnd(SOON))
                    .as(token)
                    .isEqualTo(new Incoming.Close(3500, "invalid token"));
        }
    }

    private static void isTaken(AttackedServer server, String token) throws IOException {
        try (CentrifugeSocket client = CentrifugeSocket.json(server.open())) {
            client.send(connect(token));
            assertThat(client.answer(1, SOON)).isInstanceOf(Reply.Connect.class);
        }
    }

    @Test
    void aTokenThatSaysItNeedsNoSignatureIsRefused() throws Exception {
        try (AttackedServer server = server("hmac_secret_key: " + SECRET)) {
            isTaken(server, Tokens.signed("{\"sub\":\"alice\"}", SECRET));
            String claims = Tokens.base64("{\"sub\":\"alice\"}");
            for (String none : List.of("none", "None", "NONE", "nOnE", "", "HS0")) {
                String head = Tokens.base64("{\"alg\":\"" + none + "\"}") + "." + claims + ".";
                isRefused(server, head);
                isRefused(server, head + Tokens.base64("x".repeat(32)));
            }
            isRefused(server, Tokens.base64("{}") + "." + claims + ".");
            String good = Tokens.signed("{\"sub\":\"alice\"}", SECRET);
            isRefused(server, good.substring(0, good.lastIndexOf('.') + 1));
            isRefused(server, good.substring(0, good.lastIndexOf('.')));
        }
    }

    /** RFC 8725 section 2.1. */
    @Test
    void aPublicKeyIsNotTakenForASecret() throws Exception {
        for (String[] kind :
                new String[][] {
                    {"RSA", "rsa_public_key"},
                    {"EC", "ecdsa_public_key"},
                    {"Ed25519", "eddsa_public_key"}
                }) {
            byte[] der = publicKey(kind[0]);
            String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
            String pem = "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----";
            try (AttackedServer server =
                    server(kind[1] + ": \"" + pem.replace("\n", "\\n") + "\"")) {
                String claims = "{\"sub\":\"alice\"}";
                for (String secret : List.of(pem, pem + "\n", pem.replace("\n", "\\n"), base64))
                    isRefused(server, Tokens.signed(claims, secret));
            }
        }
    }

    private static byte[] publicKey(String algorithm) throws GeneralSecurityException {
        KeyPairGenerator pair = KeyPairGenerator.getInstance(algorithm);
        if (algorithm.equals("RSA")) pair.initialize(2048);
        if (algorithm.equals("EC")) pair.initialize(256);
        return pair.generateKeyPair().getPublic().getEncoded();
    }

    @Test
    void claimsOfAWrongTypeEndTheConnection() throws Exception {
        try (AttackedServer server = server("hmac_secret_key: " + SECRET)) {
            for (String claims :
                    List.of(
                            "null",
                            "[]",
                            "5",
                            "{\"sub\":5}",
                            "{\"sub\":[\"alice\"]}",
                            "{\"exp\":\"tomorrow\"}",
                            "{\"exp\":1e400}",
                            "{\"exp\":-1}",
                            "{\"exp\":" + "9".repeat(1000) + "}",
                            "{\"nbf\":{}}",
                            "{\"iat\":[]}",
                            "{\"jti\":1}",
                            "{\"expire_at\":true}",
                            "{\"aud\":{\"a\":1}}",
                            "{\"iss\":1}",
                            "{\"b64info\":\"?\"}",
                            "{\"b64info\":1}",
                            "{\"channels\":\"a\"}",
                            "{\"channels\":[1]}",
                            "{\"subs\":[\"a\"]}",
                            "{\"subs\":{\"a\":1}}",
                            "{\"subs\":{\"a\":{\"override\":[]}}}",
                            "{\"subs\":{\"a\":{\"override\":{\"presence\":true}}}}",
                            "{\"subs\":{\"a\":{\"override\":{\"presence\":{\"value\":1}}}}}",
                            "{\"caps\":{}}",
                            "{\"caps\":[1]}",
                            "{\"caps\":[{\"channels\":1}]}",
                            "{\"caps\":[{\"channels\":[\"(\"],\"match\":\"regex\",\"allow\":[\"sub\"]}]}",
                            "{\"allow\":\"sub\"}",
                            "{\"sub\":\"a\",\"sub\":\"b\"}",
                            "{\"sub\":\"a\"}{}",
                            "{\"channel\":\"a\"}")) {
                isRefused(server, Tokens.signed(claims, SECRET));
            }
            isTaken(server, Tokens.signed("{\"sub\":\"alice\",\"else\":[{}]}", SECRET));
            isTaken(server, Tokens.signed("{\"sub\":null,\"caps\":null}", SECRET));
        }
    }

    private static Command subscribe(int id, String channel, String claims) {
        return new Command.Subscribe(
                id,
                new SubscribeRequest(
                        channel,
                        Tokens.signed(claims, SECRET),
                        false,
                        "",
                        0,
                        Bytes.EMPTY,
                        false,
                        false,
                        false,
                        "",
                        null,
                        0,
                        0));
    }

    @Test
    void anExpiredSubscriptionTokenBetweenGoodOnesIsTheOnlyOneRefused() throws Exception {
        try (AttackedServer server = server("hmac_secret_key: " + SECRET);
                CentrifugeSocket client = server.connected()) {
            String good = "{\"channel\":\"%s\"}";
            String expired = "{\"channel\":\"%s\",\"exp\":1000}";
            client.send(
                    subscribe(2, "$a", good.formatted("$a")),
                    subscribe(3, "$b", expired.formatted("$b")),
                    subscribe(4, "$c", good.formatted("$c")),
                    new Command.SubRefresh(
                            5, "$a", Tokens.signed(expired.formatted("$a"), SECRET), 0),
                    AttackedServer.publish(6, "$b", "1"),
                    AttackedServer.publish(7, "$c", "\"heard\""));
            assertThat(client.answer(2, SOON)).isInstanceOf(Reply.Subscribe.class);
            assertThat(client.answer(3, SOON))
                    .isEqualTo(new Reply.Error(3, 109, "token expired", false));
            assertThat(client.answer(4, SOON)).isInstanceOf(Reply.Subscribe.class);
            assertThat(client.answer(5, SOON))
                    .isEqualTo(new Reply.Error(5, 109, "token expired", false));
            assertThat(client.await(Reply.Pushed.class, SOON).push().channel()).isEqualTo("$c");
            client.send(subscribe(8, "$b", good.formatted("$b")));
            assertThat(client.answer(8, SOON)).isInstanceOf(Reply.Subscribe.class);
        }
    }
}
