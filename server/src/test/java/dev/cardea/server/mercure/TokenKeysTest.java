package dev.cardea.server.mercure;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens that are signed with a private key, for publishers and subscribers of both versions. */
class TokenKeysTest {
    private static KeyPair pair(String kind) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
        if (kind.equals("RSA")) generator.initialize(2048);
        if (kind.equals("EC")) generator.initialize(256);
        return generator.generateKeyPair();
    }

    private static String signed(String header, String claims, PrivateKey key, String how)
            throws GeneralSecurityException {
        String text = RunningHub.base64(header) + "." + RunningHub.base64(claims);
        Signature signature = Signature.getInstance(how);
        signature.initSign(key);
        signature.update(text.getBytes(StandardCharsets.US_ASCII));
        return text
                + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    }

    private static String zero() {
        return "{\"mercure\":{\"publish\":[\"*\"],\"subscribe\":[\"*\"]}}";
    }

    private static String one() {
        long expires = System.currentTimeMillis() / 1000 + 100;
        return "{\"iss\":\"https://issuer.example\",\"aud\":\"%s\",\"exp\":%d,"
                        .formatted(RunningHub.URL, expires)
                + "\"authorization_details\":[{"
                + "\"type\":\"https://mercure.rocks/authorization-detail\","
                + "\"actions\":[\"publish\",\"subscribe\"],\"topics\":[{\"match\":\"*\"}]}]}";
    }

    private static void publishesAndSubscribes(RunningHub hub, String topic, String token)
            throws Exception {
        try (RunningHub.Stream stream = hub.subscribe(topic, "Authorization", "Bearer " + token)) {
            assertThat(stream.status()).isEqualTo(200);
            assertThat(hub.publish(token, "topic=a&private&data=x").statusCode()).isEqualTo(200);
            assertThat(stream.data(1)).containsExactly("x");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "RSA, RS256, SHA256withRSA",
        "RSA, RS512, SHA512withRSA",
        "EC, ES256, SHA256withECDSAinP1363Format",
        "Ed25519, EdDSA, Ed25519"
    })
    void aPublicKeyOfEachKindVerifiesBothVersions(String kind, String algorithm, String how)
            throws Exception {
        KeyPair pair = pair(kind);
        String base64 =
                Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(pair.getPublic().getEncoded());
        String pem = "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----";
        String jwt =
                "_jwt: {key: \"%s\", algorithm: %s}".formatted(pem.replace("\n", "\\n"), algorithm);
        try (RunningHub hub = new RunningHub("publisher" + jwt, "subscriber" + jwt)) {
            String header = "{\"alg\":\"" + algorithm + "\",\"typ\":\"%s\"}";
            String old = signed(header.formatted("JWT"), zero(), pair.getPrivate(), how);
            String young = signed(header.formatted("at+jwt"), one(), pair.getPrivate(), how);
            publishesAndSubscribes(hub, "topic=a", old);
            publishesAndSubscribes(hub, "match=a", young);
            String other = signed(header.formatted("JWT"), zero(), pair(kind).getPrivate(), how);
            assertThat(hub.publish(other, "topic=a").statusCode()).isEqualTo(401);
        }
    }

    private static String base64(BigInteger number) {
        byte[] bytes = number.toByteArray();
        if (bytes[0] == 0) bytes = Arrays.copyOfRange(bytes, 1, bytes.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Test
    void aKeySetVerifiesBothVersions() throws Exception {
        KeyPair pair = pair("RSA");
        RSAPublicKey key = (RSAPublicKey) pair.getPublic();
        byte[] set =
                "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"k1\",\"use\":\"sig\",\"alg\":\"RS256\",\"n\":\"%s\",\"e\":\"%s\"}]}"
                        .formatted(base64(key.getModulus()), base64(key.getPublicExponent()))
                        .getBytes(StandardCharsets.UTF_8);
        HttpServer issuer =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.createContext(
                "/keys",
                exchange -> {
                    try (exchange) {
                        exchange.getResponseHeaders().set("Content-Type", "application/json");
                        exchange.sendResponseHeaders(200, set.length);
                        exchange.getResponseBody().write(set);
                    }
                });
        issuer.start();
        String jwt = "_jwt: {jwks_url: \"http://127.0.0.1:%d/keys\"}";
        jwt = jwt.formatted(issuer.getAddress().getPort());
        try (RunningHub hub = new RunningHub("publisher" + jwt, "subscriber" + jwt)) {
            for (String[] each :
                    List.of(
                            new String[] {"JWT", zero(), "topic=a"},
                            new String[] {"at+jwt", one(), "match=a"})) {
                String header = "{\"alg\":\"RS256\",\"typ\":\"" + each[0] + "\",\"kid\":\"%s\"}";
                String token =
                        signed(header.formatted("k1"), each[1], pair.getPrivate(), "SHA256withRSA");
                publishesAndSubscribes(hub, each[2], token);
                String stranger =
                        signed(
                                header.formatted("k1"),
                                each[1],
                                pair("RSA").getPrivate(),
                                "SHA256withRSA");
                assertThat(hub.publish(stranger, "topic=a").statusCode()).isEqualTo(401);
            }
        } finally {
            issuer.stop(0);
        }
    }
}
