package dev.cardea.server.mercure;

import static dev.cardea.server.mercure.RunningHub.PATH;
import static dev.cardea.server.mercure.RunningHub.SUBSCRIBER_KEY;
import static dev.cardea.server.mercure.RunningHub.SUBSCRIBE_ZERO;
import static dev.cardea.server.mercure.RunningHub.encoded;
import static dev.cardea.server.mercure.RunningHub.one;
import static dev.cardea.server.mercure.RunningHub.plain;
import static dev.cardea.server.mercure.RunningHub.subscribeOne;
import static dev.cardea.server.mercure.RunningHub.zero;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SubscribeTest {
    private static RunningHub hub;
    private static int topics;

    @BeforeAll
    static void start() throws Exception {
        hub = new RunningHub("anonymous: true", "cors_origins: [\"https://*.good.example\"]");
    }

    @AfterAll
    static void close() {
        hub.close();
    }

    private static String topic() {
        return "t" + ++topics;
    }

    @Test
    void anEventHasAllThatWasPublished() throws Exception {
        String topic = topic();
        for (String query : List.of("topic=" + topic, "match=" + topic)) {
            try (RunningHub.Stream stream = hub.subscribe(query)) {
                assertThat(stream.status()).isEqualTo(200);
                String id = hub.publish("topic=" + topic + "&data=a%0Ab%0D%0Ac&type=t&retry=7");
                assertThat(stream.next())
                        .isEqualTo(Map.of("event", "t", "retry", "7", "id", id, "data", "a\nb\nc"));
            }
        }
    }

    @Test
    void headersKeepProxiesAndCachesAway() throws Exception {
        try (RunningHub.Stream stream = hub.subscribe("topic=a")) {
            assertThat(stream.header("Content-Type")).isEqualTo("text/event-stream");
            assertThat(stream.header("Cache-Control"))
                    .isEqualTo("private, no-cache, no-store, must-revalidate, max-age=0");
            assertThat(stream.header("Pragma")).isEqualTo("no-cache");
            assertThat(stream.header("Expire")).isEqualTo("0");
            assertThat(stream.header("X-Accel-Buffering")).isEqualTo("no");
            assertThat(stream.header("X-Frame-Options")).isEqualTo("DENY");
            assertThat(stream.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(stream.header("Last-Event-ID")).isEqualTo("-");
            assertThat(stream.header("Mercure-Last-Event-ID")).isEqualTo("-");
        }
        HttpResponse<String> head =
                hub.send(hub.to(PATH + "?topic=a").method("HEAD", BodyPublishers.noBody()));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Type")).contains("text/event-stream");
    }

    @Test
    void whatWasMissedIsGivenBackHoweverTheIdentifierComes() throws Exception {
        String topic = topic();
        String first = hub.publish("topic=" + topic + "&data=1&id=" + topic + "%C4%8A");
        hub.publish("topic=" + topic + "&data=2");
        String inHeader =
                new String(
                        first.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        java.nio.charset.StandardCharsets.ISO_8859_1);
        for (String query :
                List.of(
                        "topic=" + topic + "&lastEventID=" + encoded(first),
                        "topic=" + topic + "&Last-Event-ID=" + encoded(first),
                        "match=" + topic + "&last_event_id=" + encoded(first))) {
            try (RunningHub.Stream stream = hub.subscribe(query)) {
                assertThat(stream.data(1)).containsExactly("2");
                assertThat(stream.header("Last-Event-ID")).isEqualTo(inHeader);
                assertThat(stream.header("Mercure-Last-Event-ID")).isEqualTo(inHeader);
            }
        }
        String plain = hub.publish("topic=" + topic + "&data=3");
        hub.publish("topic=" + topic + "&data=4");
        for (String query : List.of("topic=" + topic, "match=" + topic + "&last_event_id=no")) {
            try (RunningHub.Stream stream = hub.subscribe(query, "Last-Event-ID", plain)) {
                assertThat(stream.data(1)).containsExactly("4");
                assertThat(stream.header("Mercure-Last-Event-ID")).isEqualTo(plain);
            }
        }
    }

    @Test
    void earliestIsEverythingAndWhatNobodyKnowsIsSaidToBeMissing() throws Exception {
        String topic = topic();
        hub.publish("topic=" + topic + "&data=1");
        hub.publish("topic=" + topic + "&data=2");
        try (RunningHub.Stream all = hub.subscribe("topic=" + topic + "&lastEventID=earliest")) {
            assertThat(all.header("Last-Event-ID")).isEqualTo("earliest");
            assertThat(all.data(2)).containsExactly("1", "2");
        }
        try (RunningHub.Stream none = hub.subscribe("match=" + topic, "Last-Event-ID", "?")) {
            assertThat(none.header("Mercure-Last-Event-ID")).isEqualTo("earliest");
            assertThat(none.next())
                    .isEqualTo(Map.of("event", "cardea-gap", "data", "{\"last_event_id\":\"?\"}"));
            hub.publish("topic=" + topic + "&data=3");
            assertThat(none.data(1)).containsExactly("3");
        }
    }

    @Test
    void badQueriesAreRefused() throws Exception {
        for (String query :
                List.of(
                        "",
                        "x=y",
                        "match_regexp=a",
                        "Match=a",
                        "match_urlpattern=%28",
                        "topic=%00"))
            assertThat(hub.send(hub.to(PATH + "?" + query)).statusCode()).as(query).isEqualTo(400);
    }

    @Test
    void aQueryRequestBringsItsMatchersInTheBody() throws Exception {
        var request =
                hub.to(PATH + "?match=a")
                        .method("QUERY", BodyPublishers.ofString("match_regexp=b"));
        assertThat(hub.send(request).statusCode()).isEqualTo(400);
    }

    @Test
    void aPrivateUpdateNeedsARight() throws Exception {
        String topic = topic();
        String zero = zero(SUBSCRIBER_KEY, "{\"subscribe\":[\"" + topic + "\"]}");
        String one = one(SUBSCRIBER_KEY, "subscribe", "[{\"match\":\"" + topic + "\"}]");
        String other = one(SUBSCRIBER_KEY, "subscribe", "[{\"match\":\"other\"}]");
        try (RunningHub.Stream anonymous = hub.subscribe("topic=" + topic);
                RunningHub.Stream header =
                        hub.subscribe("topic=" + topic, "Authorization", "Bearer " + zero);
                RunningHub.Stream query =
                        hub.subscribe("topic=" + topic + "&authorization=" + zero);
                RunningHub.Stream cookie =
                        hub.subscribe("topic=" + topic, "Cookie", "mercureAuthorization=" + zero);
                RunningHub.Stream second =
                        hub.subscribe("match=" + topic, "Authorization", "Bearer " + one);
                RunningHub.Stream secondCookie =
                        hub.subscribe(
                                "match=" + topic,
                                "Cookie",
                                "__Secure-mercure_access_token=" + one);
                RunningHub.Stream elsewhere =
                        hub.subscribe("match=" + topic, "Authorization", "Bearer " + other);
                RunningHub.Stream notInQuery =
                        hub.subscribe("match=" + topic + "&authorization=" + one)) {
            hub.publish("topic=" + topic + "&data=private&private");
            hub.publish("topic=" + topic + "&data=public");
            for (RunningHub.Stream stream : List.of(header, query, cookie, second, secondCookie))
                assertThat(stream.data(2)).containsExactly("private", "public");
            for (RunningHub.Stream stream : List.of(anonymous, elsewhere, notInQuery))
                assertThat(stream.data(1)).containsExactly("public");
        }
    }

    @Test
    void aTokenThatIsNoGoodIsAnErrorThoughAnonymousMay() throws Exception {
        String expired = plain(SUBSCRIBER_KEY, "{\"mercure\":{\"subscribe\":[\"*\"]},\"exp\":1}");
        for (String query : List.of("topic=a", "match=a")) {
            HttpResponse<String> response =
                    hub.send(
                            hub.to(PATH + "?" + query)
                                    .header("Cookie", "mercureAuthorization=" + expired));
            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.headers().firstValue("WWW-Authenticate").orElse(""))
                    .contains("invalid_token", "the token has expired");
            assertThat(
                            hub.send(hub.to(PATH + "?" + query).header("Authorization", "Bearer x"))
                                    .statusCode())
                    .isEqualTo(401);
        }
        assertThat(hub.send(hub.to(PATH + "?match=a").header("Authorization", "x")).statusCode())
                .isEqualTo(400);
        assertThat(hub.send(hub.to(PATH + "?topic=a").header("Authorization", "x")).statusCode())
                .isEqualTo(401);
    }

    @Test
    void withoutATokenNobodySubscribesWhereAnonymousMayNot() throws Exception {
        try (RunningHub closed = new RunningHub()) {
            assertThat(closed.send(closed.to(PATH + "?topic=a")).statusCode()).isEqualTo(401);
            assertThat(closed.send(closed.to(PATH + "?match=a")).statusCode()).isEqualTo(401);
            for (String[] each :
                    new String[][] {{"topic=a", SUBSCRIBE_ZERO}, {"match=a", subscribeOne()}}) {
                try (RunningHub.Stream in =
                        closed.subscribe(each[0], "Authorization", "Bearer " + each[1])) {
                    assertThat(in.status()).isEqualTo(200);
                }
            }
        }
    }

    @Test
    void pagesOfAllowedOriginsMayReadTheStream() throws Exception {
        String good = "https://a.good.example";
        try (RunningHub.Stream stream = hub.subscribe("topic=a", "Origin", good)) {
            assertThat(stream.header("Access-Control-Allow-Origin")).isEqualTo(good);
            assertThat(stream.header("Access-Control-Allow-Credentials")).isEqualTo("true");
            assertThat(stream.header("Access-Control-Expose-Headers"))
                    .contains("Mercure-Last-Event-ID", "Link");
        }
        try (RunningHub.Stream stream = hub.subscribe("topic=a", "Origin", "https://bad.example")) {
            assertThat(stream.header("Access-Control-Allow-Origin")).isEqualTo("-");
        }
        HttpResponse<String> preflight =
                hub.send(
                        hub.to(PATH)
                                .method("OPTIONS", BodyPublishers.noBody())
                                .header("Origin", good)
                                .header("Access-Control-Request-Method", "GET"));
        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Headers").orElse(""))
                .contains("authorization", "cache-control", "last-event-id");
    }

    @Test
    void aSilentStreamIsKeptAliveAndEndsInItsTime() throws Exception {
        try (RunningHub quick =
                new RunningHub("anonymous: true", "heartbeat: 50ms", "write_timeout: 1s")) {
            HttpResponse<String> whole = quick.send(quick.to(PATH + "?topic=a"));
            assertThat(whole.body()).startsWith(":\n:\n:\n").matches("(:\n)+");
        }
    }
}
