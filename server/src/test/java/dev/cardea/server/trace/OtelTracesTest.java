package dev.cardea.server.trace;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.cardea.server.config.OpenTelemetryConfig;
import dev.cardea.server.net.RequestHead;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Spans, as a collector gets them over OTLP/HTTP. */
class OtelTracesTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";

    private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
    private HttpServer collector;

    /** A span's status: {@code code: STATUS_CODE_ERROR}. */
    private static final String ERROR = "7a021802";

    @BeforeEach
    void start() throws Exception {
        collector =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext(
                "/v1/traces",
                exchange -> {
                    synchronized (collected) {
                        exchange.getRequestBody().transferTo(collected);
                    }
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        collector.start();
    }

    @AfterEach
    void stop() {
        collector.stop(0);
    }

    private OtelTraces traces(boolean requests, boolean calls) {
        String endpoint = "http://127.0.0.1:" + collector.getAddress().getPort();
        return new OtelTraces(Map.of("otel.exporter.otlp.endpoint", endpoint), requests, calls);
    }

    private String collected() {
        synchronized (collected) {
            return HexFormat.of().formatHex(collected.toByteArray());
        }
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void aRequestIsPartOfTheTraceThatItNames() {
        OtelTraces traces = traces(true, false);
        Span span = traces.request(head("00-" + TRACE + "-" + PARENT + "-01"), "POST /api/publish");
        span.status(200);
        span.end();
        traces.close();
        assertThat(collected()).contains(TRACE, PARENT, hex("POST /api/publish"), hex("cardea"));
        assertThat(collected()).doesNotContain(ERROR);
    }

    @Test
    void anErrorOfTheServersIsOneOfTheTrace() {
        OtelTraces traces = traces(true, false);
        Span span = traces.request(head(""), "POST /api/publish");
        span.status(500);
        span.end();
        traces.close();
        assertThat(collected()).contains(ERROR);
    }

    @Test
    void aRequestWithoutATraceOrWithNonsenseBeginsItsOwn() {
        OtelTraces traces = traces(true, false);
        for (String parent : List.of("", "00-xyz", "00-" + "0".repeat(32) + "-" + PARENT + "-01")) {
            traces.request(head(parent), "POST /api/info").end();
        }
        traces.close();
        assertThat(collected()).contains(hex("POST /api/info")).doesNotContain(PARENT);
    }

    @Test
    void aCallTellsTheBackendItsTrace() {
        OtelTraces traces = traces(false, true);
        Map<String, String> headers = new HashMap<>();
        Span span = traces.call("rpc", "billing", "http://backend/rpc");
        span.inject(headers::put);
        span.failed("timeout");
        traces.close();
        assertThat(headers.get("traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[13]");
        assertThat(collected())
                .contains(requireNonNull(headers.get("traceparent")).substring(3, 35))
                .contains(hex("proxy rpc"), hex("billing"), hex("timeout"));
    }

    @Test
    void whatIsNotAskedForIsNotTraced() {
        OtelTraces traces = traces(false, false);
        assertThat(traces.request(head(""), "x")).isSameAs(Span.NONE);
        assertThat(traces.call("rpc", "a", "b")).isSameAs(Span.NONE);
        traces.close();
        assertThat(Traces.of(new OpenTelemetryConfig(false, true, true))).isSameAs(Traces.NONE);
        assertThat(collected()).isEmpty();
    }

    private static RequestHead head(String traceparent) {
        HttpHeaders headers = new DefaultHttpHeaders();
        if (!traceparent.isEmpty()) headers.add("traceparent", traceparent);
        return new RequestHead("POST", "/api/publish", Map.of(), headers, new InetSocketAddress(1));
    }
}
