package dev.cardea.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.config.StatusTransformConfig.ToDisconnectConfig;
import dev.cardea.server.config.StatusTransformConfig.ToErrorConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProxyConfigTest {
    @Test
    void proxiesAreReadAsCentrifugoWritesThem() {
        Config config =
                Load.yaml(
                        """
                        client:
                          proxy:
                            connect:
                              enabled: true
                              endpoint: http://backend:3000/connect
                              timeout: 250ms
                              http_headers: [Cookie, Authorization]
                              emulated_headers: [Authorization]
                              binary_encoding: true
                              include_connection_meta: true
                              http:
                                static_headers: {X-Key: secret}
                                status_to_code_transforms:
                                  - {status_code: 404, to_error: {code: 404, message: not here, temporary: true}}
                                  - {status_code: 403, to_disconnect: {code: 4503, reason: go away}}
                            disconnect: {enabled: true, endpoint: 'https://backend/gone', queue_size: 5, attempts: 2}
                        channel:
                          proxy: {publish: {endpoint: 'http://backend/publish'}}
                          namespaces:
                            - {name: chat, publish_proxy_enabled: true, subscribe_proxy_enabled: true, subscribe_proxy_name: other}
                        rpc:
                          proxy: {endpoint: 'http://backend/rpc'}
                          without_namespace: {proxy_enabled: true}
                          namespaces: [{name: math, proxy_enabled: true, proxy_name: other}]
                        proxies: [{name: other, endpoint: 'http://other/', circuit_breaker: {failures: 0}}]
                        """);
        EnabledProxyConfig connect = config.client().proxy().connect();
        assertThat(connect.enabled()).isTrue();
        assertThat(connect.proxy().timeout()).isEqualTo(Duration.ofMillis(250));
        assertThat(connect.proxy().httpHeaders()).containsExactly("Cookie", "Authorization");
        assertThat(connect.proxy().http().staticHeaders()).isEqualTo(Map.of("X-Key", "secret"));
        assertThat(connect.proxy().http().statusToCodeTransforms())
                .containsExactly(
                        new StatusTransformConfig(
                                404,
                                new ToErrorConfig(404, "not here", true),
                                new ToDisconnectConfig(0, "")),
                        new StatusTransformConfig(
                                403,
                                new ToErrorConfig(0, "", false),
                                new ToDisconnectConfig(4503, "go away")));
        assertThat(config.client().proxy().disconnect().attempts()).isEqualTo(2);
        assertThat(config.rpc().options("math:add"))
                .isEqualTo(new RpcConfig.RpcOptionsConfig(true, "other"));
        assertThat(config.rpc().options("add"))
                .isEqualTo(new RpcConfig.RpcOptionsConfig(true, "default"));
        assertThat(config.rpc().options("chess:add")).isNull();
        assertThat(config.proxies().getFirst().proxy().circuitBreaker().failures()).isZero();
    }

    @Test
    void headersCanComeFromTheEnvironment() throws Exception {
        Config config =
                ConfigLoader.defaults()
                        .environment(
                                Map.of(
                                        "CENTRIFUGO_PROXIES",
                                        "one",
                                        "CENTRIFUGO_PROXIES_ONE_ENDPOINT",
                                        "http://one",
                                        "CENTRIFUGO_PROXIES_ONE_HTTP_STATIC_HEADERS",
                                        "{\"X-Key\":\"secret\"}"))
                        .load()
                        .config();
        assertThat(config.proxies().getFirst().proxy().http().staticHeaders())
                .isEqualTo(Map.of("X-Key", "secret"));
    }

    @Test
    void whatCanNotWorkStopsTheStart() {
        assertThat(
                        Load.problems(
                                """
                                client:
                                  proxy:
                                    connect: {enabled: true}
                                    refresh:
                                      endpoint: grpc://backend:10000
                                      http_headers: [Host]
                                channel:
                                  namespaces:
                                    - {name: chat, subscribe_proxy_enabled: true, publish_proxy_name: nobody}
                                rpc: {namespaces: [{name: x}]}
                                proxies:
                                  - {name: default, endpoint: 'http://a'}
                                  - {name: two}
                                """))
                .containsExactly(
                        "c.yaml:3: client.proxy.connect.enabled needs endpoint",
                        "c.yaml:5: client.proxy.refresh.endpoint is \"grpc://backend:10000\";"
                                + " expected a URL such as http://backend:3000/path; gRPC isn't"
                                + " supported",
                        "c.yaml:6: client.proxy.refresh.http_headers has Host, which can't be passed"
                                + " on",
                        "c.yaml:10: rpc.namespaces[0].name is \"x\"; expected at least two letters,"
                                + " digits, -, _ or .",
                        "c.yaml:12: proxies[0].name is \"default\"; expected at least two letters,"
                                + " digits, -, _ or ., and not default",
                        "c.yaml:13: proxies[1].endpoint is missing");
        assertThat(
                        Load.problems(
                                """
                                channel:
                                  namespaces:
                                    - {name: chat, subscribe_proxy_enabled: true, publish_proxy_name: nobody}
                                rpc: {without_namespace: {proxy_enabled: true}}
                                proxies: [{name: two, endpoint: 'http://a'}, {name: two, endpoint: 'http://b'}]
                                """))
                .containsExactly(
                        "c.yaml:3: channel.namespaces[0].subscribe_proxy_enabled needs"
                                + " channel.proxy.subscribe.endpoint",
                        "c.yaml:3: channel.namespaces[0].publish_proxy_name is \"nobody\"; proxies has"
                                + " none of that name",
                        "c.yaml:4: rpc.without_namespace.proxy_enabled needs rpc.proxy.endpoint",
                        "c.yaml:5: proxies[1].name is \"two\", as another proxy's is");
    }

    @Test
    void aTransformMeansOneThing() {
        assertThat(
                        List.of(
                                transform("{status_code: 99, to_error: {code: 1}}"),
                                transform("{status_code: 500}"),
                                transform(
                                        "{status_code: 500, to_error: {code: 1}, to_disconnect: {code:"
                                                + " 4000}}"),
                                transform("{status_code: 500, to_disconnect: {code: 12}}"),
                                transform("{status_code: 500, to_error: {code: 1, message: é}}")))
                .containsExactly(
                        "status_code is 99; expected 100 to 599",
                        "status_code needs a code in to_error or in to_disconnect, not in both",
                        "status_code needs a code in to_error or in to_disconnect, not in both",
                        "to_disconnect.code is 12; expected 3000 to 4999",
                        "to_error.message isn't ASCII of at most 123 characters");
    }

    private static String transform(String transform) {
        String problem =
                Load.problems(
                                "rpc: {proxy: {http: {status_to_code_transforms: ["
                                        + transform
                                        + "]}}}")
                        .getFirst();
        return problem.substring(problem.indexOf("[0].") + 4);
    }
}
