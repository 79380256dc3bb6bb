package dev.cardea.server.mercure;

import static dev.cardea.server.mercure.RunningHub.PATH;
import static dev.cardea.server.mercure.RunningHub.SUBSCRIBER_KEY;
import static dev.cardea.server.mercure.RunningHub.SUBSCRIBE_ZERO;
import static dev.cardea.server.mercure.RunningHub.encoded;
import static dev.cardea.server.mercure.RunningHub.one;
import static dev.cardea.server.mercure.RunningHub.subscribeOne;
import static dev.cardea.server.mercure.RunningHub.zero;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SubscriptionsTest {
    private static HttpResponse<String> get(RunningHub hub, String path, String token)
            throws Exception {
        return hub.send(hub.to(PATH + path).header("Authorization", "Bearer " + token));
    }

    @Test
    void eachVersionReadsWhoSubscribes() throws Exception {
        try (RunningHub hub = new RunningHub("anonymous: true", "subscriptions: true");
                RunningHub.Stream zero = hub.subscribe("topic=" + encoded("/a/{id}"));
                RunningHub.Stream one = hub.subscribe("match=" + encoded("/b c"))) {
            assertThat(zero.status() + one.status()).isEqualTo(400);
            HttpResponse<String> old = get(hub, "/subscriptions", SUBSCRIBE_ZERO);
            assertThat(old.statusCode()).isEqualTo(200);
            assertThat(old.headers().firstValue("Content-Type")).contains("application/ld+json");
            assertThat(old.body())
                    .startsWith("{\"@context\":\"https://mercure.rocks/\"")
                    .contains("\"type\":\"Subscriptions\"", "\"lastEventID\":\"urn:uuid:")
                    .contains("/subscriptions/%2Fa%2F%7Bid%7D/urn%3Auuid%3A");
            HttpResponse<String> young = get(hub, "/subscriptions", subscribeOne());
            assertThat(young.headers().firstValue("Content-Type")).contains("application/json");
            assertThat(young.headers().firstValue("Link").orElse(""))
                    .startsWith("</.well-known/mercure>; rel=\"mercure\"; last-event-id=\"urn:");
            assertThat(young.body()).startsWith("{\"id\":\"/.well-known/mercure/subscriptions\"");
            String tag = young.headers().firstValue("ETag").orElse("");
            assertThat(tag).startsWith("\"urn:uuid:");
            assertThat(
                            hub.send(
                                            hub.to(PATH + "/subscriptions")
                                                    .header(
                                                            "Authorization",
                                                            "Bearer " + subscribeOne())
                                                    .header("If-None-Match", tag))
                                    .statusCode())
                    .isEqualTo(304);

            String ofMatcher = get(hub, "/subscriptions/exact/%2Fb%20c", subscribeOne()).body();
            int at = ofMatcher.indexOf("/subscriptions/exact/%2Fb%20c/urn");
            String single = ofMatcher.substring(at, ofMatcher.indexOf('"', at));
            assertThat(get(hub, single, subscribeOne()).body())
                    .contains("\"match\":\"/b c\"", "\"active\":true");
            String ofTopic = get(hub, "/subscriptions/%2Fa%2F%7Bid%7D", SUBSCRIBE_ZERO).body();
            at = ofTopic.indexOf("/subscriptions/%2Fa%2F%7Bid%7D/urn");
            single = ofTopic.substring(at, ofTopic.indexOf('"', at));
            assertThat(get(hub, single, SUBSCRIBE_ZERO).body())
                    .contains("\"topic\":\"/a/{id}\"", "\"type\":\"Subscription\"");
            assertThat(get(hub, "/subscriptions/%252Fb", SUBSCRIBE_ZERO).body())
                    .contains("\"subscriptions\":[]");
            assertThat(get(hub, "/subscriptions/exact/a/nobody", subscribeOne()).statusCode())
                    .isEqualTo(404);
            assertThat(get(hub, "/subscriptions/regexp/a", subscribeOne()).statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void onlyWhoHasTheRightToThePathReadsIt() throws Exception {
        try (RunningHub hub = new RunningHub("anonymous: true", "subscriptions: true")) {
            assertThat(hub.send(hub.to(PATH + "/subscriptions")).statusCode()).isEqualTo(401);
            assertThat(
                            get(
                                            hub,
                                            "/subscriptions",
                                            zero(SUBSCRIBER_KEY, "{\"subscribe\":[\"a\"]}"))
                                    .statusCode())
                    .isEqualTo(401);
            String other = one(SUBSCRIBER_KEY, "subscribe", "[{\"match\":\"a\"}]");
            assertThat(get(hub, "/subscriptions", other).statusCode()).isEqualTo(403);
            String exact =
                    one(
                            SUBSCRIBER_KEY,
                            "subscribe",
                            "[{\"match\":\"" + PATH + "/subscriptions\"}]");
            assertThat(get(hub, "/subscriptions?last_event_id=x", exact).statusCode())
                    .isEqualTo(200);
            assertThat(get(hub, "/subscriptions/exact/a", exact).statusCode()).isEqualTo(403);
        }
    }

    @Test
    void whereNobodyIsToldThereIsNothing() throws Exception {
        try (RunningHub hub = new RunningHub("anonymous: true")) {
            assertThat(get(hub, "/subscriptions", SUBSCRIBE_ZERO).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void whoComesAndGoesIsToldAsItHappens() throws Exception {
        try (RunningHub hub = new RunningHub("anonymous: true", "subscriptions: true");
                RunningHub.Stream watcher =
                        hub.subscribe(
                                "match_urlpattern=" + encoded(PATH + "/subscriptions/exact/:m/:s"),
                                "Authorization",
                                "Bearer " + subscribeOne())) {
            RunningHub.Stream one = hub.subscribe("match=x");
            Map<String, String> came = watcher.next();
            assertThat(came.get("event")).isEqualTo("mercure");
            assertThat(came.get("data")).contains("\"match\":\"x\"", "\"active\":true");
            one.close();
            assertThat(watcher.next().get("data")).contains("\"active\":false");
        }
    }

    @Test
    void whoComesAndGoesIsToldInVersion0AsAPrivateUpdateOfTheSubscription() throws Exception {
        try (RunningHub hub = new RunningHub("anonymous: true", "subscriptions: true");
                RunningHub.Stream watcher =
                        hub.subscribe(
                                "topic=" + encoded(PATH + "/subscriptions/{topic}/{subscriber}"),
                                "Authorization",
                                "Bearer " + SUBSCRIBE_ZERO);
                RunningHub.Stream stranger =
                        hub.subscribe("topic=z&topic=" + encoded(PATH + "/subscriptions{/x*}"))) {
            Map<String, String> own = watcher.next();
            while (!own.getOrDefault("data", "").contains("x*")) own = watcher.next();
            assertThat(own).doesNotContainKey("event");
            String claim = "{\"subscribe\":[\"x\"],\"payload\":{\"user\":7}}";
            RunningHub.Stream one =
                    hub.subscribe(
                            "topic=x", "Authorization", "Bearer " + zero(SUBSCRIBER_KEY, claim));
            assertThat(watcher.next().get("data"))
                    .startsWith("{\"@context\":\"https://mercure.rocks/\"")
                    .contains("\"topic\":\"x\"", "\"active\":true")
                    .contains("\"payload\":{\"user\":7}");
            one.close();
            assertThat(watcher.next().get("data")).contains("\"active\":false");
            hub.publish("topic=z&data=the+first+it+hears");
            assertThat(stranger.data(1)).containsExactly("the first it hears");
        }
    }

    @Test
    void anOAuthClientFindsWhatItNeeds() throws Exception {
        try (RunningHub hub = new RunningHub("anonymous: true")) {
            assertThat(hub.send(hub.to("/.well-known/oauth-protected-resource" + PATH)).body())
                    .contains("\"resource\":\"" + RunningHub.URL + "\"");
        }
    }
}
