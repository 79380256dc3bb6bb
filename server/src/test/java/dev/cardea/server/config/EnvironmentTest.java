package dev.cardea.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class EnvironmentTest {
    @Test
    void aVariableIsThePathInCapitals() {
        Config config =
                Load.environment(
                        "client: {ping_interval: 1m, pong_timeout: 2s}",
                        Map.of(
                                "CENTRIFUGO_CLIENT_PING_INTERVAL", "30s",
                                "CENTRIFUGO_CLIENT_ALLOWED_ORIGINS", "* http://localhost:4000",
                                "CENTRIFUGO_CLIENT_TOKEN_HMAC_SECRET_KEY", "s e c r e t",
                                "CENTRIFUGO_HTTP_SERVER_PORT", "9000",
                                "CENTRIFUGO_CLIENT_PONG_TIMEOUT", ""));
        assertThat(config.client().pingInterval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.client().allowedOrigins()).containsExactly("*", "http://localhost:4000");
        assertThat(config.client().token().hmacSecretKey()).isEqualTo("s e c r e t");
        assertThat(config.httpServer().port()).isEqualTo(9000);
        assertThat(config.client().pongTimeout()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void ourPrefixWinsOverCentrifugos() {
        Config config =
                Load.environment(
                        "",
                        Map.of("CARDEA_HTTP_SERVER_PORT", "2", "CENTRIFUGO_HTTP_SERVER_PORT", "1"));
        assertThat(config.httpServer().port()).isEqualTo(2);
    }

    @Test
    void namespacesAreNamedAndThenFilled() {
        Config config =
                Load.environment(
                        "channel: {namespaces: [{name: gone}]}",
                        Map.of(
                                "CENTRIFUGO_CHANNEL_NAMESPACES", "chat my-news",
                                "CENTRIFUGO_CHANNEL_NAMESPACES_CHAT_PRESENCE", "true",
                                "CENTRIFUGO_CHANNEL_NAMESPACES_MY_NEWS_HISTORY_SIZE", "10",
                                "CENTRIFUGO_CHANNEL_NAMESPACES_MY_NEWS_HISTORY_TTL", "60s"));
        assertThat(config.channel().namespaces())
                .extracting(NamespaceConfig::name)
                .containsExactly("chat", "my-news");
        assertThat(config.channel().namespaces().getFirst().options().presence()).isTrue();
        assertThat(config.channel().namespaces().getLast().options().historySize()).isEqualTo(10);
    }

    @Test
    void namespacesOfTheFileAreReachedByTheirNames() {
        Config config =
                Load.environment(
                        "channel: {namespaces: [{name: chat}]}",
                        Map.of("CARDEA_CHANNEL_NAMESPACES_CHAT_CONFLATE_INTERVAL", "250ms"));
        assertThat(config.channel().namespaces().getFirst().options().conflate().interval())
                .isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void namespacesMayBeJson() {
        Config config =
                Load.environment(
                        "",
                        Map.of(
                                "CENTRIFUGO_CHANNEL_NAMESPACES",
                                "[{\"name\": \"chat\", \"presence\": true}]"));
        assertThat(config.channel().namespaces().getFirst().options().presence()).isTrue();
    }

    /** Of a key's type, and not its default. */
    private static String other(Schema.Key key) {
        Class<?> type = key.type();
        String is = key.rules().is();
        if (type == boolean.class) return is.equals("true") ? "false" : "true";
        if (type == int.class || type == long.class) {
            return Long.toString(
                    is.equals(key.rules().atMost())
                            ? Long.parseLong(is) - 1
                            : Long.parseLong(is) + 1);
        }
        if (type == Duration.class) return "1h2m3s";
        if (type == MemoryShare.class) return "7%";
        if (type == Map.class) return "{\"A-Name\": \"a value\"}";
        if (!type.isEnum()) return "some text";
        for (Object constant : type.getEnumConstants()) {
            String text = Values.written(constant);
            if (!text.isEmpty() && !text.equals(is)) return text;
        }
        throw new AssertionError(type);
    }

    @Test
    void everyKeyIsThereUnderBothNames() throws Exception {
        for (String prefix : List.of("CENTRIFUGO_", "CARDEA_")) {
            Map<String, String> variables = new HashMap<>();
            Map<String, Schema.Key> paths = new HashMap<>();
            Schema.leaves(Config.class)
                    .forEach((path, key) -> {
                        if (path.contains("[]")) return;
                        String name = prefix + Keys.inEnvironment(path);
                        assertThat(variables.put(name, other(key))).as(name).isNull();
                        paths.put(path, key);
                    });
            assertThat(variables.size()).isGreaterThan(200);
            assertSet(paths, variables);
        }
    }

    @Test
    void everyKeyOfANamespaceOrProxyIsThereUnderItsName() throws Exception {
        for (String list : List.of("channel.namespaces", "rpc.namespaces", "proxies")) {
            String variable = "CENTRIFUGO_" + Keys.inEnvironment(list);
            Map<String, String> variables = new HashMap<>(Map.of(variable, "one the-other"));
            Map<String, Schema.Key> paths = new HashMap<>();
            Schema.leaves(Config.class)
                    .forEach((path, key) -> {
                        if (!path.startsWith(list + "[].")) return;
                        String own = path.substring(list.length() + 3);
                        if (own.equals("name") || own.contains("[]")) return;
                        variables.put(
                                variable + "_THE_OTHER_" + Keys.inEnvironment(own), other(key));
                        paths.put(list + "[1]." + own, key);
                    });
            assertThat(paths).as(list).isNotEmpty();
            assertSet(paths, variables);
        }
    }

    /** Each of these keys has another value than its default. */
    private static void assertSet(Map<String, Schema.Key> paths, Map<String, String> variables)
            throws Exception {
        Node.Table root = Node.Table.empty(Place.DEFAULTS);
        Problems problems = new Problems();
        Environment.layOver(root, variables, problems);
        assertThat(problems.isEmpty()).isTrue();
        for (Map.Entry<String, Schema.Key> path : paths.entrySet()) {
            Node node = Tree.get(root, path.getKey());
            assertThat(node).as(path.getKey()).isNotNull();
            assertThat(Values.read(path.getValue(), Objects.requireNonNull(node)))
                    .as(path.getKey())
                    .isNotEqualTo(Binder.defaultOf(path.getValue()));
        }
    }

    @Test
    void aListWithinAnItemIsJson() {
        Config config =
                Load.environment(
                        "",
                        Map.of(
                                "CENTRIFUGO_PROXIES", "one",
                                "CENTRIFUGO_PROXIES_ONE_ENDPOINT", "http://one",
                                "CENTRIFUGO_PROXIES_ONE_HTTP_STATUS_TO_CODE_TRANSFORMS",
                                        "[{\"status_code\": 404, \"to_error\": {\"code\": 404}}]",
                                "CENTRIFUGO_RPC_PROXY_HTTP_STATUS_TO_CODE_TRANSFORMS",
                                        "[{\"status_code\": 403, \"to_error\": {\"code\": 403}}]"));
        assertThat(config.proxies().getFirst().proxy().http().statusToCodeTransforms())
                .extracting(StatusTransformConfig::statusCode)
                .containsExactly(404);
        assertThat(config.rpc().proxy().http().statusToCodeTransforms())
                .extracting(StatusTransformConfig::statusCode)
                .containsExactly(403);
    }

    @Test
    void headersOfProxiesMayHaveVariablesInThem() throws Exception {
        String file =
                "rpc: {proxy: {http: {static_headers: {A: 'x ${CENTRIFUGO_VAR_A}${CARDEA_VAR_B}'}}}}";
        Map<String, String> variables =
                Map.of(
                        "CENTRIFUGO_VAR_A", "\"one\" ${CENTRIFUGO_VAR_A}",
                        "CARDEA_VAR_B", "two",
                        "CENTRIFUGO_CLIENT_PROXY_CONNECT_HTTP_STATIC_HEADERS",
                                "{\"B\": \"${CENTRIFUGO_VAR_A}\"}");
        Config config = Load.environment(file, variables);
        assertThat(config.rpc().proxy().http().staticHeaders())
                .isEqualTo(Map.of("A", "x \"one\" ${CENTRIFUGO_VAR_A}two"));
        assertThat(config.client().proxy().connect().proxy().http().staticHeaders())
                .isEqualTo(Map.of("B", "\"one\" ${CENTRIFUGO_VAR_A}"));
        assertThat(Load.problems(file))
                .containsExactly(
                        "c.yaml:1: rpc.proxy.http.static_headers needs the variable"
                                + " CENTRIFUGO_VAR_A, which isn't set");
    }

    @Test
    void anUnknownVariableStopsTheStart() {
        assertThat(
                        Load.environmentProblems(
                                Map.of(
                                        "CENTRIFUGO_CLIENT_PING_INTERVALL", "1s",
                                        "CARDEA_PORT", "9000",
                                        "CARDEA_CHANNEL_NAMESPACES_CHAT_PRESENCE", "true")))
                .containsExactly(
                        "environment: CENTRIFUGO_CLIENT_PING_INTERVALL is no known setting; did you"
                                + " mean CENTRIFUGO_CLIENT_PING_INTERVAL?",
                        "environment: CARDEA_CHANNEL_NAMESPACES_CHAT_PRESENCE is no known setting",
                        "environment: CARDEA_PORT is no known setting; did you mean"
                                + " CARDEA_HTTP_SERVER_PORT?");
    }

    @Test
    void aWrongValueIsNamedWithItsVariable() {
        assertThat(
                        Load.environmentProblems(
                                Map.of(
                                        "CARDEA_HTTP_SERVER_PORT", "http",
                                        "CENTRIFUGO_CHANNEL_WITHOUT_NAMESPACE_SUBSCRIBE_STREAM_PROXY_ENABLED",
                                                "true")))
                .containsExactly(
                        "CARDEA_HTTP_SERVER_PORT: http_server.port is \"http\"; expected a whole"
                                + " number",
                        "CENTRIFUGO_CHANNEL_WITHOUT_NAMESPACE_SUBSCRIBE_STREAM_PROXY_ENABLED:"
                                + " channel.without_namespace.subscribe_stream_proxy_enabled is \"true\"; not"
                                + " supported yet, and it decides who may connect, read or write:"
                                + " leave it out (its default is false)");
    }

    @Test
    void whatKubernetesAndTheLauncherSetIsLeftAlone() {
        Config config =
                Load.environment(
                        "",
                        Map.of(
                                "CARDEA_PORT", "tcp://10.0.0.1:8000",
                                "CARDEA_PORT_8000_TCP_ADDR", "10.0.0.1",
                                "CARDEA_SERVICE_HOST", "10.0.0.1",
                                "CENTRIFUGO_WEB_SERVICE_PORT_HTTP", "8000",
                                "CENTRIFUGO_VAR_TOKEN", "x",
                                "CARDEA_JAVA_OPTS", "-Xmx1g",
                                "HOME", "/root"));
        assertThat(config).isEqualTo(Config.DEFAULT);
    }
}
