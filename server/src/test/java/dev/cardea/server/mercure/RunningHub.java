package dev.cardea.server.mercure;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cardea.server.CardeaServer;
import dev.cardea.server.config.BadConfig;
import dev.cardea.server.config.ConfigLoader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A whole server with a hub, and clients for it that know nothing but HTTP. */
final class RunningHub implements AutoCloseable {
    static final String PATH = "/.well-known/mercure";
    static final String PUBLISHER_KEY = "the publishers' secret of 32 bytes or more";
    static final String SUBSCRIBER_KEY = "the subscribers' secret of 32 bytes or more";
    static final String URL = "https://hub.example.com/.well-known/mercure";
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String EVERYBODY_MAY = "client: {insecure: true}\n";

    final CardeaServer server;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** With further lines of the group {@code mercure}. */
    RunningHub(String... more) throws IOException, BadConfig {
        this(EVERYBODY_MAY, more);
    }

    /**
     * With other groups of the configuration, and open to everybody.
     *
     * @param groups with {@code client}
     */
    static RunningHub with(String groups) throws IOException, BadConfig {
        return new RunningHub(groups, new String[] {"anonymous: true"});
    }

    private RunningHub(String groups, String[] more) throws IOException, BadConfig {
        String config =
                """
                http_server: {address: 127.0.0.1, port: 0}
                http_api: {key: k}
                prometheus: {enabled: true}
                channel:
                  namespaces:
                    - name: news
                      history_size: 100
                      history_ttl: 1h
                      force_recovery: true
                """;
        StringBuilder whole = new StringBuilder(config).append(groups).append("mercure:\n");
        List<String> lines =
                new ArrayList<>(
                        List.of(
                                "enabled: true",
                                "url: " + URL,
                                "publisher_jwt: {key: \"%s\", issuer: \"https://issuer.example\"}"
                                        .formatted(PUBLISHER_KEY),
                                "subscriber_jwt: {key: \"%s\"}".formatted(SUBSCRIBER_KEY)));
        for (String line : more) {
            String key = line.substring(0, line.indexOf(':') + 1);
            lines.removeIf(each -> each.startsWith(key));
            lines.add(line);
        }
        for (String line : lines) whole.append("  ").append(line).append('\n');
        server =
                CardeaServer.start(
                        ConfigLoader.text("test.yaml", whole.toString()).load().config(), null);
    }

    // ---- tokens ----

    /** Of either version, signed with HS256. */
    static String token(String type, String key, String claims) {
        return token("256", type, key, claims);
    }

    private static String token(String bits, String type, String key, String claims) {
        String header = "{\"alg\":\"HS" + bits + "\",\"typ\":\"" + type + "\"}";
        String signed = base64(header) + "." + base64(claims);
        try {
            Mac mac = Mac.getInstance("HmacSHA" + bits);
            mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA" + bits));
            return signed
                    + "."
                    + Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }

    /** Of version 0.x, with the content of the claim. */
    static String zero(String key, String mercure) {
        return token("JWT", key, "{\"mercure\":" + mercure + "}");
    }

    /** The same, signed with HS384. */
    static String zeroOfAnotherAlgorithm(String key, String mercure) {
        return token("384", "JWT", key, "{\"mercure\":" + mercure + "}");
    }

    /** Of version 0.x, with all claims. */
    static String plain(String key, String claims) {
        return token("JWT", key, claims);
    }

    static String access(String key, String claims) {
        return token("at+jwt", key, claims);
    }

    /** Of version 1.0, for one action on topics as they stand in JSON. */
    static String one(String key, String action, String topics) {
        long expires = System.currentTimeMillis() / 1000 + 3600;
        return access(
                key,
                "{\"iss\":\"https://issuer.example\",\"aud\":\""
                        + URL
                        + "\",\"exp\":"
                        + expires
                        + ",\"authorization_details\":[{\"type\":"
                        + "\"https://mercure.rocks/authorization-detail\",\"actions\":[\""
                        + action
                        + "\"],\"topics\":"
                        + topics
                        + "}]}");
    }

    static final String PUBLISH_ZERO = zero(PUBLISHER_KEY, "{\"publish\":[\"*\"]}");
    static final String SUBSCRIBE_ZERO = zero(SUBSCRIBER_KEY, "{\"subscribe\":[\"*\"]}");

    static String publishOne() {
        return one(PUBLISHER_KEY, "publish", "[{\"match\":\"*\"}]");
    }

    static String subscribeOne() {
        return one(SUBSCRIBER_KEY, "subscribe", "[{\"match\":\"*\"}]");
    }

    // ---- requests ----

    static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(SOON);
    }

    HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    HttpRequest.Builder form(String body) {
        return to(PATH).header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body));
    }

    HttpResponse<String> publish(String token, String form)
            throws IOException, InterruptedException {
        return send(form(form).header("Authorization", "Bearer " + token));
    }

    /** Publishes as an old publisher may. */
    String publish(String form) throws IOException, InterruptedException {
        HttpResponse<String> response = publish(PUBLISH_ZERO, form);
        if (response.statusCode() != 200) throw new AssertionError(response + response.body());
        return response.body();
    }

    String api(String method, String body) throws IOException, InterruptedException {
        return send(to("/api/" + method)
                        .header("X-API-Key", "k")
                        .POST(BodyPublishers.ofString(body)))
                .body();
    }

    Stream subscribe(String query, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = to(PATH + "?" + query);
        for (int i = 0; i < headers.length; i += 2) request.header(headers[i], headers[i + 1]);
        return open(request);
    }

    Stream open(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<InputStream> response =
                http.send(request.build(), BodyHandlers.ofInputStream());
        return new Stream(response);
    }

    @Override
    public void close() {
        http.shutdownNow();
        server.close();
    }

    /** An open stream of events. */
    static final class Stream implements AutoCloseable {
        final HttpResponse<InputStream> response;
        private final BufferedReader reader;

        Stream(HttpResponse<InputStream> response) {
            this.response = response;
            this.reader = new BufferedReader(new InputStreamReader(response.body(), UTF_8));
        }

        int status() {
            return response.statusCode();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("-");
        }

        /** The next event's fields; its data with its lines. */
        Map<String, String> next() throws IOException {
            java.util.TreeMap<String, String> fields = new java.util.TreeMap<>();
            while (true) {
                String line = reader.readLine();
                if (line == null) throw new AssertionError("the stream has ended");
                if (line.isEmpty() && !fields.isEmpty()) return fields;
                int colon = line.indexOf(": ");
                if (colon > 0)
                    fields.merge(
                            line.substring(0, colon),
                            line.substring(colon + 2),
                            (a, b) -> a + "\n" + b);
            }
        }

        /** Data of the next few. */
        List<String> data(int count) throws IOException {
            List<String> data = new ArrayList<>();
            for (int i = 0; i < count; i++) data.add(next().getOrDefault("data", ""));
            return data;
        }

        @Override
        public void close() throws IOException {
            response.body().close();
        }
    }
}
