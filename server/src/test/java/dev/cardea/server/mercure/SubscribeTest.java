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
import org.junit.jupiter.api.Timeout;

@Timeout(60)
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
        String topic = topic();
        String first = hub.publish("topic=" + topic + "&data=1");
        hub.publish("topic=" + topic + "&data=2");
        for (String body : List.of("match=" + topic, "topic=" + topic)) {
            var request =
                    hub.to(PATH + "?match=x")
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .method(
                                    "QUERY",
                                    BodyPublishers.ofString(body + "&last_event_id=" + first));
            try (RunningHub.Stream stream = hub.open(request)) {
                assertThat(stream.data(1)).containsExactly("2");
            }
        }
        var broken = hub.to(PATH + "?match=a");
        assertThat(
                        hub.send(
                                        broken.copy()
                                                .method(
                                                        "QUERY",
                                                        BodyPublishers.ofString("match_regexp=b")))
                                .statusCode())
                .isEqualTo(400);
        assertThat(
                        hub.send(
                                        broken.copy()
                                                .header("Content-Type", "application/json")
                                                .method("QUERY", BodyPublishers.ofString("{}")))
                                .statusCode())
                .isEqualTo(415);
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
    void anAlternateOpensAPrivateUpdateToWhoHasAskedForAnotherOfItsTopics() throws Exception {
        String topic = topic();
        String zero = zero(SUBSCRIBER_KEY, "{\"subscribe\":[\"/users/{id}\"]}");
        String one =
                one(
                        SUBSCRIBER_KEY,
                        "subscribe",
                        "[{\"match\":\"/users/:id\",\"match_type\":\"urlpattern\"}]");
        try (RunningHub.Stream old =
                        hub.subscribe("topic=" + topic, "Authorization", "Bearer " + zero);
                RunningHub.Stream young =
                        hub.subscribe("match=" + topic, "Authorization", "Bearer " + one)) {
            hub.publish("topic=" + topic + "&data=no&private");
            hub.publish("topic=/users/7&data=not+asked+for&private");
            hub.publish("topic=" + topic + "&topic=/users/7&data=yes&private");
            assertThat(old.data(1)).containsExactly("yes");
            assertThat(young.data(1)).containsExactly("yes");
        }
    }

    @Test
    void theHeaderComesBeforeTheQueryAndTheQueryBeforeTheCookie() throws Exception {
        String topic = topic();
        String good = zero(SUBSCRIBER_KEY, "{\"subscribe\":[\"" + topic + "\"]}");
        String other = zero(SUBSCRIBER_KEY, "{\"subscribe\":[\"other\"]}");
        String query = "topic=" + topic + "&authorization=";
        try (RunningHub.Stream header =
                        hub.subscribe(
                                query + other,
                                "Authorization",
                                "Bearer " + good,
                                "Cookie",
                                "mercureAuthorization=" + other);
                RunningHub.Stream inQuery =
                        hub.subscribe(query + good, "Cookie", "mercureAuthorization=" + other);
                RunningHub.Stream notTheCookie =
                        hub.subscribe(query + other, "Cookie", "mercureAuthorization=" + good)) {
            hub.publish("topic=" + topic + "&data=private&private");
            hub.publish("topic=" + topic + "&data=public");
            assertThat(header.data(1)).containsExactly("private");
            assertThat(inQuery.data(1)).containsExactly("private");
            assertThat(notTheCookie.data(1)).containsExactly("public");
        }
        for (String broken : List.of("x", "", good + "&authorization=" + good)) {
            var request =
                    hub.to(PATH + "?" + query + broken)
                            .header("Cookie", "mercureAuthorization=" + good);
            assertThat(hub.send(request).statusCode()).as(broken).isEqualTo(401);
        }
    }

    @Test
    void aTokenOfVersion1IsNotTakenFromTheQuery() throws Exception {
        HttpResponse<String> refused =
                hub.send(hub.to(PATH + "?topic=a&authorization=" + subscribeOne()));
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("WWW-Authenticate").orElse(""))
                .contains("invalid_token");
    }

    @Test
    void theCookieHasTheNameThatIsConfigured() throws Exception {
        try (RunningHub other = new RunningHub("cookie_name: hub")) {
            for (String query : List.of("topic=a", "match=a")) {
                var request = other.to(PATH + "?" + query);
                String usual = "mercureAuthorization=" + SUBSCRIBE_ZERO;
                assertThat(other.send(request.copy().header("Cookie", usual)).statusCode())
                        .isEqualTo(401);
                String token = query.startsWith("t") ? SUBSCRIBE_ZERO : subscribeOne();
                try (RunningHub.Stream in = other.subscribe(query, "Cookie", "hub=" + token)) {
                    assertThat(in.status()).isEqualTo(200);
                }
            }
        }
    }

    @Test
    void noMoreOfATopicIsKeptThanIsConfigured() throws Exception {
        try (RunningHub small =
                new RunningHub("anonymous: true", "retention: {topic_size: 2, size: 3}")) {
            for (int i = 1; i <= 5; i++) small.publish("topic=a&data=" + i + "&id=" + i);
            for (String query : List.of("topic=a&lastEventID=1", "match=a&last_event_id=1")) {
                try (RunningHub.Stream stream = small.subscribe(query)) {
                    assertThat(stream.next().get("event")).isEqualTo("cardea-gap");
                    assertThat(stream.data(2)).containsExactly("4", "5");
                    assertThat(stream.header("Last-Event-ID")).isEqualTo("earliest");
                }
            }
        }
    }

    @Test
    void subscribersCountForTheConnectionLimit() throws Exception {
        try (RunningHub two = RunningHub.with("client: {insecure: true, connection_limit: 2}\n");
                RunningHub.Stream one = two.subscribe("topic=a")) {
            assertThat(one.status()).isEqualTo(200);
            RunningHub.Stream last = two.subscribe("match=a");
            assertThat(last.status()).isEqualTo(200);
            for (String query : List.of("topic=a", "match=a")) {
                HttpResponse<String> refused = two.send(two.to(PATH + "?" + query));
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(refused.body()).isEqualTo("connection limit reached");
            }
            var head = two.to(PATH + "?topic=a").method("HEAD", BodyPublishers.noBody());
            assertThat(two.send(head).statusCode()).isEqualTo(200);
            assertThat(two.publish(RunningHub.PUBLISH_ZERO, "topic=a").statusCode()).isEqualTo(200);
            last.close();
            while (true) { // until the server has heard of it
                try (RunningHub.Stream next = two.subscribe("match=a")) {
                    if (next.status() == 200) break;
                }
            }
        }
    }

    @Test
    void aServerThatEndsEndsStreamsOneAfterTheOther() throws Exception {
        RunningHub ending = RunningHub.with("shutdown: {rate: 20}\nclient: {insecure: true}\n");
        List<Long> ends = new java.util.concurrent.CopyOnWriteArrayList<>();
        List<Thread> readers = new java.util.ArrayList<>();
        for (int i = 0; i < 10; i++) {
            RunningHub.Stream stream = ending.subscribe(i % 2 == 0 ? "topic=a" : "match=a");
            String id = ending.publish("topic=a&data=" + i);
            assertThat(stream.next().get("id")).isEqualTo(id);
            readers.add(
                    Thread.startVirtualThread(() -> {
                        try {
                            stream.response.body().readAllBytes(); // throws if it is cut off
                            ends.add(System.nanoTime());
                        } catch (java.io.IOException e) {
                            ends.add(0L);
                        }
                    }));
        }
        long begin = System.nanoTime();
        ending.server.close();
        for (Thread reader : readers) reader.join();
        ending.close();
        assertThat(ends).doesNotContain(0L);
        List<Long> inOrder = ends.stream().sorted().toList();
        for (int i = 0; i < 10; i++)
            assertThat((inOrder.get(i) - begin) / 1e9).isGreaterThanOrEqualTo(i / 20.0);
    }

    @Test
    void theNumbersHaveTheNamesOfOtherHubs() throws Exception {
        try (RunningHub counted = RunningHub.with("client: {insecure: true}\n");
                RunningHub.Stream one = counted.subscribe("topic=a");
                RunningHub.Stream two = counted.subscribe("match=a")) {
            counted.subscribe("match=a").close();
            counted.publish("topic=a&data=1");
            assertThat(one.data(1)).isEqualTo(two.data(1));
            String metrics = "";
            while (!metrics.contains("\nmercure_subscribers_connected 2.0\n")) // it has left
            metrics = counted.send(counted.to("/metrics")).body();
            assertThat(metrics)
                    .contains("\nmercure_subscribers_total 3.0\n")
                    .contains("\nmercure_updates_total 1.0\n")
                    .contains("\ncardea_mercure_kept_updates 1.0\n")
                    .containsPattern("\ncardea_mercure_visited_updates_total [1-9]")
                    .containsPattern("\ncardea_mercure_kept_bytes [1-9]");
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
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Credentials"))
                .contains("true");
        HttpResponse<String> foreign =
                hub.send(
                        hub.to(PATH)
                                .method("OPTIONS", BodyPublishers.noBody())
                                .header("Origin", "https://bad.example")
                                .header("Access-Control-Request-Method", "GET"));
        assertThat(foreign.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
        assertThat(foreign.headers().firstValue("Access-Control-Allow-Credentials")).isEmpty();
    }

    @Test
    void whereAnyPageMayReadNoneMayWithCookies() throws Exception {
        try (RunningHub open = new RunningHub("anonymous: true", "cors_origins: [\"*\"]");
                RunningHub.Stream stream =
                        open.subscribe("topic=a", "Origin", "https://bad.example")) {
            assertThat(stream.header("Access-Control-Allow-Origin")).isEqualTo("*");
            assertThat(stream.header("Access-Control-Allow-Credentials")).isEqualTo("-");
        }
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
