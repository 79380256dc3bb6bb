package dev.cardea.server.mercure;

import static dev.cardea.server.mercure.RunningHub.PUBLISHER_KEY;
import static dev.cardea.server.mercure.RunningHub.PUBLISH_ZERO;
import static dev.cardea.server.mercure.RunningHub.SUBSCRIBER_KEY;
import static dev.cardea.server.mercure.RunningHub.URL;
import static dev.cardea.server.mercure.RunningHub.access;
import static dev.cardea.server.mercure.RunningHub.one;
import static dev.cardea.server.mercure.RunningHub.plain;
import static dev.cardea.server.mercure.RunningHub.publishOne;
import static dev.cardea.server.mercure.RunningHub.zero;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PublishTest {
    private static RunningHub hub;

    @BeforeAll
    static void start() throws Exception {
        hub = new RunningHub("anonymous: true", "publish_origins: [\"https://good.example\"]");
    }

    @AfterAll
    static void close() {
        hub.close();
    }

    private static int status(String token, String form) throws Exception {
        return hub.publish(token, form).statusCode();
    }

    @Test
    void bothVersionsAreAnsweredWithTheIdentifier() throws Exception {
        for (String token : List.of(PUBLISH_ZERO, publishOne())) {
            HttpResponse<String> given = hub.publish(token, "topic=a&id=urn:x:1&data=1");
            assertThat(given.statusCode()).isEqualTo(200);
            assertThat(given.body()).isEqualTo("urn:x:1");
            assertThat(given.headers().firstValue("Content-Type"))
                    .contains("text/plain; charset=utf-8");
            assertThat(hub.publish(token, "topic=a").body())
                    .matches("urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        }
    }

    @Test
    void withoutATokenNobodyPublishes() throws Exception {
        HttpResponse<String> response = hub.send(hub.form("topic=a"));
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.body()).isEqualTo("Unauthorized");
        assertThat(response.headers().firstValue("WWW-Authenticate"))
                .contains(
                        "Bearer resource_metadata=\"https://hub.example.com/.well-known/"
                                + "oauth-protected-resource/.well-known/mercure\"");
    }

    @Test
    void aTokenOfVersion0NeedsAllTopicsElse401() throws Exception {
        String books = zero(PUBLISHER_KEY, "{\"publish\":[\"/books/{id}\",\"x\"]}");
        assertThat(status(books, "topic=/books/1")).isEqualTo(200);
        assertThat(status(books, "topic=/books/1&topic=x")).isEqualTo(200);
        assertThat(status(books, "topic=/books/1&topic=y")).isEqualTo(401);
        assertThat(status(zero(PUBLISHER_KEY, "{\"publish\":[]}"), "topic=a")).isEqualTo(401);
        assertThat(status(zero(PUBLISHER_KEY, "{}"), "topic=a")).isEqualTo(401);
        assertThat(status(zero(SUBSCRIBER_KEY, "{\"publish\":[\"*\"]}"), "topic=a")).isEqualTo(401);
        String named = "{\"https://mercure.rocks/\":{\"publish\":[\"*\"]},\"mercure\":{}}";
        assertThat(status(plain(PUBLISHER_KEY, named), "topic=a")).isEqualTo(200);
        String expired = "{\"mercure\":{\"publish\":[\"*\"]},\"exp\":1}";
        assertThat(status(plain(PUBLISHER_KEY, expired), "topic=a")).isEqualTo(401);
    }

    @Test
    void aTokenOfVersion1NeedsAllTopicsElse403() throws Exception {
        String books =
                one(
                        PUBLISHER_KEY,
                        "publish",
                        "[{\"match\":\"/books/:id\",\"match_type\":\"urlpattern\"},"
                                + "{\"match\":\"x\"}]");
        assertThat(status(books, "topic=/books/1&topic=x")).isEqualTo(200);
        HttpResponse<String> other = hub.publish(books, "topic=/books/1&topic=y");
        assertThat(other.statusCode()).isEqualTo(403);
        assertThat(other.headers().firstValue("WWW-Authenticate").orElse(""))
                .contains("error=\"insufficient_scope\"");
        assertThat(status(one(PUBLISHER_KEY, "subscribe", "[{\"match\":\"*\"}]"), "topic=a"))
                .isEqualTo(403);
    }

    @Test
    void aTokenOfVersion1IsAnAccessTokenForThisHub() throws Exception {
        String details =
                "\"authorization_details\":[{\"type\":\"https://mercure.rocks/authorization-detail\","
                        + "\"actions\":[\"publish\",\"dance\"],\"topics\":[{\"match\":\"*\"}]}]";
        long exp = System.currentTimeMillis() / 1000 + 100;
        String iss = "\"iss\":\"https://issuer.example\"";
        String aud = "\"aud\":[\"x\",\"" + URL + "\"]";
        String good = "{" + iss + "," + aud + ",\"exp\":" + exp + "," + details + "}";
        assertThat(status(access(PUBLISHER_KEY, good), "topic=a")).isEqualTo(200);
        for (String bad :
                List.of(
                        "{" + iss + "," + aud + "," + details + "}",
                        "{" + iss + ",\"exp\":" + exp + "," + details + "}",
                        "{" + aud + ",\"exp\":" + exp + "," + details + "}",
                        good.replace(URL, "https://other.example"),
                        good.replace("https://issuer.example", "https://other.example"),
                        good.replace("\"topics\":[{\"match\":\"*\"}]", "\"topics\":[]"),
                        good.replace("\"match\":\"*\"", "\"match\":\"a\",\"match_type\":\"x\""),
                        good.replace("[\"publish\",\"dance\"]", "[1]"),
                        good.replace("{\"match\":\"*\"}", "7"))) {
            HttpResponse<String> response = hub.publish(access(PUBLISHER_KEY, bad), "topic=a");
            assertThat(response.statusCode()).as(bad).isEqualTo(401);
            assertThat(response.headers().firstValue("WWW-Authenticate").orElse(""))
                    .contains("error=\"invalid_token\"");
        }
        assertThat(status(plain(PUBLISHER_KEY, good), "topic=a")).isEqualTo(401);
    }

    @Test
    void aTokenOfAnotherAlgorithmIsNoGood() throws Exception {
        String other = RunningHub.zeroOfAnotherAlgorithm(PUBLISHER_KEY, "{\"publish\":[\"*\"]}");
        assertThat(status(other, "topic=a")).isEqualTo(401);
    }

    @Test
    void aTokenWithTooManyTopicsIsNoGood() throws Exception {
        String topics = "\"t\",".repeat(1000);
        String many = zero(PUBLISHER_KEY, "{\"publish\":[" + topics + "\"a\"]}");
        assertThat(status(many, "topic=a")).isEqualTo(401);
        String least = zero(PUBLISHER_KEY, "{\"publish\":[" + topics.substring(4) + "\"a\"]}");
        assertThat(status(least, "topic=a")).isEqualTo(200);
    }

    @Test
    void brokenUpdatesAreRefused() throws Exception {
        for (String form :
                List.of(
                        "data=x",
                        "topic=a&id=%23x",
                        "topic=a&id=earliest",
                        "topic=a&id=x%0Ay",
                        "topic=a&type=x%0D",
                        "topic=a&type=mercure",
                        "topic=a&retry=soon",
                        "topic=%2A",
                        "topic=/.well-known/mercure/subscriptions/a/b")) {
            assertThat(status(PUBLISH_ZERO, form)).as(form).isEqualTo(400);
            assertThat(status(publishOne(), form)).as(form).isEqualTo(400);
        }
        for (String token : List.of(PUBLISH_ZERO, publishOne())) {
            assertThat(status(token, "topic=a&data=" + "x".repeat(1024 * 1024))).isEqualTo(413);
            assertThat(status(token, "topic=a&".repeat(1001))).isEqualTo(413);
        }
    }

    @Test
    void aCookiePublishesOnlyForPagesThatMay() throws Exception {
        for (String cookie :
                List.of(
                        "mercureAuthorization=" + PUBLISH_ZERO,
                        "a=b; __Secure-mercure_access_token=" + publishOne())) {
            var request = hub.form("topic=a").header("Cookie", cookie);
            assertThat(hub.send(request.copy()).statusCode()).isEqualTo(401);
            assertThat(
                            hub.send(request.copy().header("Origin", "https://bad.example"))
                                    .statusCode())
                    .isEqualTo(401);
            assertThat(
                            hub.send(request.copy().header("Origin", "https://good.example"))
                                    .statusCode())
                    .isEqualTo(200);
            assertThat(
                            hub.send(request.copy().header("Referer", "https://good.example/x?y"))
                                    .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void aBrokenHeaderIsNotPassedOverForTheCookie() throws Exception {
        var request =
                hub.form("topic=a")
                        .header("Cookie", "mercureAuthorization=" + PUBLISH_ZERO)
                        .header("Origin", "https://good.example");
        assertThat(hub.send(request.copy().header("Authorization", "Basic x")).statusCode())
                .isEqualTo(401);
        assertThat(hub.send(request.copy().header("Authorization", "Bearer x")).statusCode())
                .isEqualTo(401);
        assertThat(
                        hub.send(request.copy().header("Authorization", "bearer " + PUBLISH_ZERO))
                                .statusCode())
                .isEqualTo(200);
    }

    @Test
    void theQueryBringsATokenOfVersion0Alone() throws Exception {
        for (String[] each : new String[][] {{PUBLISH_ZERO, "200"}, {publishOne(), "401"}}) {
            var request =
                    hub.to(RunningHub.PATH + "?authorization=" + each[0])
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(java.net.http.HttpRequest.BodyPublishers.ofString("topic=a"));
            assertThat(hub.send(request).statusCode()).isEqualTo(Integer.parseInt(each[1]));
        }
        var broken =
                hub.to(RunningHub.PATH + "?authorization=%FF")
                        .header("Cookie", "mercureAuthorization=" + PUBLISH_ZERO)
                        .header("Origin", "https://good.example")
                        .POST(java.net.http.HttpRequest.BodyPublishers.ofString("topic=a"));
        assertThat(hub.send(broken).statusCode()).isEqualTo(401);
    }

    @Test
    void aTokenOfVersion1HasAHundredTopicsAtMost() throws Exception {
        String topics = "{\"match\":\"x\"},".repeat(99) + "{\"match\":\"a\"}";
        String most = one(PUBLISHER_KEY, "publish", "[" + topics + "]");
        assertThat(status(most, "topic=a")).isEqualTo(200);
        String more = one(PUBLISHER_KEY, "publish", "[" + topics + ",{\"match\":\"b\"}]");
        assertThat(status(more, "topic=a")).isEqualTo(401);
        String large = "[{\"match\":\"" + "a".repeat(4097) + "\"},{\"match\":\"a\"}]";
        assertThat(status(one(PUBLISHER_KEY, "publish", large), "topic=a")).isEqualTo(401);
    }

    @Test
    void otherMethodsAndTypesAreNotTaken() throws Exception {
        assertThat(hub.send(hub.to(RunningHub.PATH).DELETE()).statusCode()).isEqualTo(405);
        var json =
                hub.to(RunningHub.PATH)
                        .header("Authorization", "Bearer " + PUBLISH_ZERO)
                        .header("Content-Type", "application/json")
                        .POST(java.net.http.HttpRequest.BodyPublishers.ofString("{}"));
        assertThat(hub.send(json).statusCode()).isEqualTo(415);
        for (String[] each :
                new String[][] {
                    {"Application/X-WWW-Form-URLencoded; charset=utf-8", "200"},
                    {"application/x-www-form-urlencoded-not", "415"},
                    {"multipart/form-data; boundary=x", "415"}
                }) {
            var request =
                    hub.to(RunningHub.PATH)
                            .header("Authorization", "Bearer " + PUBLISH_ZERO)
                            .header("Content-Type", each[0])
                            .POST(java.net.http.HttpRequest.BodyPublishers.ofString("topic=a"));
            assertThat(hub.send(request).statusCode()).as(each[0]).hasToString(each[1]);
        }
    }
}
