package dev.cardea.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.auth.Authenticator.OptionOverride;
import dev.cardea.messaging.auth.Capabilities;
import dev.cardea.messaging.auth.TokenId;
import dev.cardea.server.auth.Verification.Expired;
import dev.cardea.server.auth.Verification.Invalid;
import dev.cardea.server.auth.Verification.Valid;
import dev.cardea.server.config.BadConfig;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.server.config.TokenConfig;
import dev.cardea.wire.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

final class JwtVerifierTest {
    private static final long NOW = 1_000_000;

    private final JwtVerifier verifier = new JwtVerifier(rules(""));

    private static TokenConfig rules(String more) {
        String yaml =
                "client: {token: {hmac_secret_key: '" + HandMadeToken.SECRET + "'" + more + "}}";
        try {
            return ConfigLoader.text("c.yaml", yaml).load().config().client().token();
        } catch (BadConfig e) {
            throw new AssertionError(e);
        }
    }

    private static JwtVerifier verifier(String more) {
        return new JwtVerifier(rules(more));
    }

    /** Keys of the configuration are at hand, so nothing is waited for. */
    private static <T> T now(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        assertThat(future).isDone();
        return future.join();
    }

    private ConnectionToken connection(String claims) {
        return valid(now(verifier.verifyConnection(HandMadeToken.of(claims), NOW)));
    }

    private String refused(String claims) {
        return reason(now(verifier.verifyConnection(HandMadeToken.of(claims), NOW)));
    }

    private static <T> T valid(Verification<T> verification) {
        if (verification instanceof Valid<T>(T token)) return token;
        throw new AssertionError(verification);
    }

    private static String reason(Verification<?> verification) {
        if (verification instanceof Invalid<?>(String reason)) return reason;
        throw new AssertionError(verification);
    }

    @Test
    void aTokenThatOthersMadeIsTaken() throws BadConfig {
        // the example that jwt.io shows
        String token =
                "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9l"
                        + "IiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";
        String yaml = "client: {token: {hmac_secret_key: your-256-bit-secret}}";
        TokenConfig config = ConfigLoader.text("c.yaml", yaml).load().config().client().token();
        assertThat(valid(now(new JwtVerifier(config).verifyConnection(token, NOW))).user())
                .isEqualTo("1234567890");
    }

    @Test
    void everyClaimOfAConnectionTokenIsRead() {
        ConnectionToken token =
                connection(
                        """
                        {"sub": "alice", "exp": 1000010, "iat": 999999, "nbf": 1000000, "jti": "x",
                         "info": {"name": "Alice A", "n": [1.50, -2e3, true, null, "\\" \\\\ ü"]},
                         "meta": { "role" : "admin" }, "unknown": {"a": [1]},
                         "subs": {
                           "news": {},
                           "chat": {"info": 1, "data": "d", "override": {
                             "presence": {"value": true}, "join_leave": {"value": false},
                             "force_push_join_leave": {}, "force_recovery": {"value": true},
                             "force_positioning": null, "other": {"value": true}}},
                           "bin": {"b64info": "AQI=", "b64data": "/w==", "info": 5}}}
                        """);
        assertThat(token.user()).isEqualTo("alice");
        assertThat(token.id()).isEqualTo(new TokenId("x", 999999));
        assertThat(token.expireAt()).isEqualTo(1000010);
        assertThat(token.info().toUtf8())
                .isEqualTo("{\"name\":\"Alice A\",\"n\":[1.50,-2e3,true,null,\"\\\" \\\\ ü\"]}");
        assertThat(token.meta().toUtf8()).isEqualTo("{\"role\":\"admin\"}");
        assertThat(token.subscriptions())
                .isEqualTo(
                        Map.of(
                                "news",
                                TokenSubscription.PLAIN,
                                "chat",
                                new TokenSubscription(
                                        Bytes.utf8("1"),
                                        Bytes.utf8("\"d\""),
                                        new OptionOverride(true, false, true, null, false)),
                                "bin",
                                new TokenSubscription(
                                        Bytes.wrap(new byte[] {1, 2}),
                                        Bytes.wrap(new byte[] {-1}),
                                        OptionOverride.NOTHING)));
    }

    @Test
    void everyClaimOfASubscriptionTokenIsRead() {
        SubscriptionToken token =
                valid(
                        now(
                                verifier.verifySubscription(
                                        HandMadeToken.of(
                                                """
                                                {"sub":"alice","channel":"chat:1","client":"c1","exp":1000010,
                                                 "expire_at":1000005,"info":{"a":1},"b64data":"AQ==",
                                                 "override":{"presence":{"value":true}}}
                                                """),
                                        NOW)));
        assertThat(token)
                .isEqualTo(
                        new SubscriptionToken(
                                "alice",
                                "chat:1",
                                "c1",
                                1000005,
                                new TokenSubscription(
                                        Bytes.utf8("{\"a\":1}"),
                                        Bytes.wrap(new byte[] {1}),
                                        new OptionOverride(true, null, null, null, null)),
                                Set.of(),
                                new TokenId("", 0)));
    }

    @Test
    void channelsAreSubscriptionsUnlessThereAreSubs() {
        assertThat(connection("{\"channels\":[\"a\",\"b\"]}").subscriptions())
                .containsOnlyKeys("a", "b");
        assertThat(connection("{\"channels\":[\"a\"],\"subs\":{\"c\":{}}}").subscriptions())
                .containsOnlyKeys("c");
    }

    @Test
    void aTokenWithoutUserIsAnonymous() {
        assertThat(connection("{}").user()).isEmpty();
        assertThat(connection("{\"sub\":null}").user()).isEmpty();
    }

    @Test
    void expireAtIsApartFromExpAndZeroIsNever() {
        assertThat(connection("{}").expireAt()).isZero();
        assertThat(connection("{\"exp\":1000001}").expireAt()).isEqualTo(1000001);
        assertThat(connection("{\"exp\":1000001,\"expire_at\":0}").expireAt()).isZero();
        assertThat(connection("{\"exp\":1000001,\"expire_at\":2000000}").expireAt())
                .isEqualTo(2000000);
    }

    @Test
    void aTokenIsGoodFromNbfUntilExp() {
        assertThat(verified("{\"exp\":1000001}")).isInstanceOf(Valid.class);
        assertThat(verified("{\"exp\":1000000}")).isInstanceOf(Expired.class);
        assertThat(verified("{\"exp\":1000000.9}")).isInstanceOf(Expired.class);
        assertThat(verified("{\"nbf\":1000000}")).isInstanceOf(Valid.class);
        assertThat(verified("{\"nbf\":1000001}")).isInstanceOf(Expired.class);
        assertThat(
                        now(
                                verifier.verifySubscription(
                                        HandMadeToken.of("{\"channel\":\"a\",\"exp\":1}"), NOW)))
                .isInstanceOf(Expired.class);
    }

    private Verification<ConnectionToken> verified(String claims) {
        return now(verifier.verifyConnection(HandMadeToken.of(claims), NOW));
    }

    @Test
    void aTokenOfOneKindIsNoneOfTheOther() {
        assertThat(refused("{\"channel\":\"a\"}")).isEqualTo("has a channel");
        assertThat(
                        reason(
                                now(
                                        verifier.verifySubscription(
                                                HandMadeToken.of("{\"sub\":\"a\"}"), NOW))))
                .isEqualTo("has no channel");
    }

    @Test
    void threeHashesAreTaken() {
        String secret = HandMadeToken.SECRET;
        String hs384 = HandMadeToken.of("{\"alg\":\"HS384\"}", "{}", "HmacSHA384", secret);
        String hs512 = HandMadeToken.of("{\"alg\":\"HS512\"}", "{}", "HmacSHA512", secret);
        assertThat(now(verifier.verifyConnection(hs384, NOW))).isInstanceOf(Valid.class);
        assertThat(now(verifier.verifyConnection(hs512, NOW))).isInstanceOf(Valid.class);
        String crossed = HandMadeToken.of("{\"alg\":\"HS512\"}", "{}", "HmacSHA256", secret);
        assertThat(reason(now(verifier.verifyConnection(crossed, NOW))))
                .isEqualTo("has a wrong signature");
    }

    @Test
    void otherAlgorithmsAreRefused() {
        for (String alg : new String[] {"none", "None", "RS256", "ES256", "HS1", "hs256", ""}) {
            String header = "{\"alg\":\"" + alg + "\"}";
            String token = HandMadeToken.of(header, "{}", "HmacSHA256", HandMadeToken.SECRET);
            String unsigned = token.substring(0, token.lastIndexOf('.') + 1);
            assertThat(now(verifier.verifyConnection(token, NOW)))
                    .as(alg)
                    .isInstanceOf(Invalid.class);
            assertThat(now(verifier.verifyConnection(unsigned, NOW)))
                    .as(alg)
                    .isInstanceOf(Invalid.class);
        }
        String critical = "{\"alg\":\"HS256\",\"crit\":[\"x\"],\"x\":1}";
        String token = HandMadeToken.of(critical, "{}", "HmacSHA256", HandMadeToken.SECRET);
        assertThat(now(verifier.verifyConnection(token, NOW))).isInstanceOf(Invalid.class);
    }

    @Test
    void aSignatureWithAnotherSecretIsRefused() {
        String token = HandMadeToken.of("{\"alg\":\"HS256\"}", "{}", "HmacSHA256", "another");
        assertThat(reason(now(verifier.verifyConnection(token, NOW))))
                .isEqualTo("has a wrong signature");
    }

    @Test
    void withoutSignaturesAllOtherRulesHold() {
        JwtVerifier open = JwtVerifier.withoutSignatures(rules(", issuer: me"));
        String good =
                HandMadeToken.of("{\"alg\":\"RS256\"}", "{\"iss\":\"me\"}", "HmacSHA256", "?");
        assertThat(now(open.verifyConnection(good, NOW))).isInstanceOf(Valid.class);
        assertThat(now(open.verifyConnection(HandMadeToken.of("{}"), NOW)))
                .isInstanceOf(Invalid.class);
        String expired = HandMadeToken.of("{\"iss\":\"me\",\"exp\":1}");
        assertThat(now(open.verifyConnection(expired, NOW))).isInstanceOf(Expired.class);
    }

    @Test
    void withoutASecretNothingIsTaken() {
        JwtVerifier open = new JwtVerifier(rulesWithoutSecret());
        String token = HandMadeToken.of("{\"alg\":\"HS256\"}", "{}", "HmacSHA256", "\0");
        assertThat(reason(now(open.verifyConnection(token, NOW))))
                .isEqualTo("has an algorithm or a key id that there is no key for");
    }

    private static TokenConfig rulesWithoutSecret() {
        return dev.cardea.server.config.Config.DEFAULT.client().token();
    }

    @Test
    void thePreviousSecretIsTakenForItsTime() {
        String token = HandMadeToken.of("{\"alg\":\"HS256\"}", "{}", "HmacSHA256", "previous");
        String previous = ", hmac_previous_secret_key: previous";
        String until = previous + ", hmac_previous_secret_key_valid_until: 1000000";
        assertThat(now(verifier(previous).verifyConnection(token, NOW))).isInstanceOf(Valid.class);
        assertThat(now(verifier(until).verifyConnection(token, NOW))).isInstanceOf(Valid.class);
        assertThat(now(verifier(until).verifyConnection(token, NOW + 1)))
                .isInstanceOf(Invalid.class);
        String current = HandMadeToken.of("{}");
        assertThat(now(verifier(until).verifyConnection(current, NOW + 1)))
                .isInstanceOf(Valid.class);
    }

    @Test
    void audienceAndIssuerAreAskedFor() {
        String token =
                HandMadeToken.of("{\"aud\":[\"web\",\"app\"],\"iss\":\"https://a.example\"}");
        assertThat(now(verifier(", audience: app").verifyConnection(token, NOW)))
                .isInstanceOf(Valid.class);
        assertThat(reason(now(verifier(", audience: tv").verifyConnection(token, NOW))))
                .isEqualTo("is for another audience");
        assertThat(now(verifier(", audience_regex: '^a'").verifyConnection(token, NOW)))
                .isInstanceOf(Valid.class);
        assertThat(reason(now(verifier(", audience_regex: '^t'").verifyConnection(token, NOW))))
                .isEqualTo("is for another audience");
        assertThat(now(verifier(", issuer: 'https://a.example'").verifyConnection(token, NOW)))
                .isInstanceOf(Valid.class);
        assertThat(
                        reason(
                                now(
                                        verifier(", issuer: 'https://b.example'")
                                                .verifyConnection(token, NOW))))
                .isEqualTo("is of another issuer");
        assertThat(now(verifier(", issuer_regex: 'example$'").verifyConnection(token, NOW)))
                .isInstanceOf(Valid.class);
        assertThat(reason(now(verifier(", issuer_regex: 'org$'").verifyConnection(token, NOW))))
                .isEqualTo("is of another issuer");
        String bare = HandMadeToken.of("{\"aud\":\"app\"}");
        assertThat(now(verifier(", audience: app").verifyConnection(bare, NOW)))
                .isInstanceOf(Valid.class);
        assertThat(now(verifier(", issuer: a").verifyConnection(bare, NOW)))
                .isInstanceOf(Invalid.class);
    }

    @Test
    void anotherClaimMayNameTheUser() {
        JwtVerifier named = verifier(", user_id_claim: uid");
        String text = HandMadeToken.of("{\"sub\":\"s\",\"uid\":\"u\"}");
        String number = HandMadeToken.of("{\"uid\":42}");
        assertThat(valid(now(named.verifyConnection(text, NOW))).user()).isEqualTo("u");
        assertThat(valid(now(named.verifyConnection(number, NOW))).user()).isEqualTo("42");
        assertThat(
                        valid(now(named.verifyConnection(HandMadeToken.of("{\"sub\":\"s\"}"), NOW)))
                                .user())
                .isEmpty();
    }

    @Test
    void claimsOfAWrongTypeAreRefused() {
        assertThat(refused("{\"sub\":5}")).isEqualTo("sub is not a text");
        assertThat(refused("{\"exp\":\"1000001\"}")).isEqualTo("exp is not a number");
        assertThat(refused("{\"exp\":-1}")).isEqualTo("exp is not a time");
        assertThat(refused("{\"exp\":1e400}")).isEqualTo("exp is not a time");
        assertThat(refused("{\"iat\":{}}")).isEqualTo("iat is not a number");
        assertThat(refused("{\"aud\":[5]}")).isEqualTo("an item is not a text");
        assertThat(refused("{\"channels\":\"a\"}")).isEqualTo("channels is not a list of texts");
        assertThat(refused("{\"subs\":[]}")).isEqualTo("subs is not an object");
        assertThat(refused("{\"subs\":{\"a\":5}}")).isEqualTo("a is not an object");
        assertThat(refused("{\"b64info\":\"%\"}")).isEqualTo("b64info is not Base64");
        assertThat(refused("{\"subs\":{\"a\":{\"override\":{\"presence\":{\"value\":1}}}}}"))
                .isEqualTo("value is not true or false");
        assertThat(refused("[]")).isEqualTo("claims are no object");
        assertThat(refused("{} {}")).isEqualTo("claims go on behind their end");
        assertThat(refused("{\"sub\":\"a\",\"sub\":\"b\"}")).isEqualTo("is no JSON Web Token");
        assertThat(refused("{\"sub\":")).isEqualTo("is no JSON Web Token");
        assertThat(refused("[".repeat(10_000))).isEqualTo("claims are no object");
        assertThat(refused("{\"info\":" + "[".repeat(10_000))).isEqualTo("is no JSON Web Token");
    }

    @Test
    void whatIsNoTokenIsRefused() {
        for (String text : new String[] {"", ".", "..", "...", "a.b.c", "a", "ü.ü.ü", "e30.e30."}) {
            assertThat(now(verifier.verifyConnection(text, NOW)))
                    .as(text)
                    .isInstanceOf(Invalid.class);
        }
        String tooLong = HandMadeToken.of("{\"sub\":\"" + "a".repeat(64 * 1024) + "\"}");
        assertThat(reason(now(verifier.verifyConnection(tooLong, NOW)))).isEqualTo("is too long");
    }

    @Test
    void aTokenInATokenIsRefused() {
        String inner = HandMadeToken.of("{\"sub\":\"alice\"}");
        String header = "{\"alg\":\"HS256\",\"cty\":\"JWT\"}";
        String nested = HandMadeToken.of(header, inner, "HmacSHA256", HandMadeToken.SECRET);
        assertThat(now(verifier.verifyConnection(nested, NOW))).isInstanceOf(Invalid.class);
        String encrypted = "e30.e30.e30.e30.e30"; // five parts: JWE
        assertThat(now(verifier.verifyConnection(encrypted, NOW))).isInstanceOf(Invalid.class);
    }

    @Test
    void headersThatMeanNothingHereAreRefused() {
        for (String header :
                new String[] {
                    "{\"alg\":\"HS256\",\"crit\":[\"exp\"],\"exp\":1}",
                    "{\"alg\":\"HS256\",\"crit\":[]}",
                    "{\"alg\":\"HS256\",\"crit\":5}",
                    "{\"alg\":\"HS256\",\"b64\":false}",
                    "{\"alg\":\"HS256\",\"b64\":false,\"crit\":[\"b64\"]}",
                    "{\"alg\":\"HS256\",\"kid\":5}",
                    "{\"alg\":5}",
                    "{\"alg\":[\"HS256\"]}",
                    "{\"a\":" + "[".repeat(10_000),
                    "[]",
                    "5"
                }) {
            String token = HandMadeToken.of(header, "{}", "HmacSHA256", HandMadeToken.SECRET);
            assertThat(now(verifier.verifyConnection(token, NOW)))
                    .as(header)
                    .isInstanceOf(Invalid.class);
        }
    }

    @Test
    void aDamagedTokenIsRefused() {
        String token = HandMadeToken.of("{\"sub\":\"alice\",\"info\":{\"a\":[1,2]}}");
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        // the last letter has bits that mean nothing
        for (int at = 0; at < token.length() - 1; at++) {
            byte[] damaged = token.getBytes(StandardCharsets.ISO_8859_1);
            damaged[at] ^= (byte) (1 << random.nextInt(7));
            String text = new String(damaged, StandardCharsets.ISO_8859_1);
            assertThat(now(verifier.verifyConnection(text, NOW)))
                    .as("seed %d, %s", seed, text)
                    .isInstanceOf(Invalid.class);
        }
    }

    @Test
    void whatTheIssuerMakesTheVerifierTakes() {
        TokenConfig rules = rules(", audience: app, issuer: me, user_id_claim: uid");
        TokenIssuer issuer = new TokenIssuer(rules);
        JwtVerifier both = new JwtVerifier(rules);
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 50; i++) {
            String user = Long.toString(random.nextLong(), 36) + "\"\\ü\n";
            String channel = "c" + random.nextInt();
            String connection = issuer.connection(user, NOW, NOW + 1);
            String subscription = issuer.subscription(user, channel, NOW, NOW + 1);
            assertThat(valid(now(both.verifyConnection(connection, NOW))))
                    .as("seed %d", seed)
                    .isEqualTo(
                            new ConnectionToken(
                                    user,
                                    NOW + 1,
                                    Bytes.EMPTY,
                                    Bytes.EMPTY,
                                    Map.of(),
                                    Capabilities.NONE,
                                    new TokenId("", NOW)));
            assertThat(valid(now(both.verifySubscription(subscription, NOW))))
                    .as("seed %d", seed)
                    .isEqualTo(
                            new SubscriptionToken(
                                    user,
                                    channel,
                                    "",
                                    NOW + 1,
                                    TokenSubscription.PLAIN,
                                    Set.of(),
                                    new TokenId("", NOW)));
            assertThat(now(both.verifyConnection(connection, NOW + 1))).isInstanceOf(Expired.class);
        }
    }
}
