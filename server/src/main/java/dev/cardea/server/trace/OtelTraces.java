package dev.cardea.server.trace;

import dev.cardea.server.net.RequestHead;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Spans for OpenTelemetry, sent over OTLP/HTTP. Where to, how many and under which name is said by
 * its own environment variables ({@code OTEL_EXPORTER_OTLP_ENDPOINT}, {@code OTEL_TRACES_SAMPLER},
 * {@code OTEL_SERVICE_NAME}...). Loaded only where tracing is on.
 */
final class OtelTraces implements Traces {
    private static final long FAREWELL_SECONDS = 3;

    private static final Map<String, String> DEFAULTS =
            Map.of(
                    "otel.service.name", "cardea",
                    "otel.exporter.otlp.protocol", "http/protobuf",
                    "otel.metrics.exporter", "none",
                    "otel.logs.exporter", "none",
                    "otel.propagators", "tracecontext");

    private final OpenTelemetrySdk sdk;
    private final Tracer tracer;
    private final boolean requests;
    private final boolean calls;

    /**
     * @param requests of the server API are traced
     * @param calls of the application's backend are
     */
    OtelTraces(Map<String, String> settings, boolean requests, boolean calls) {
        this.sdk =
                AutoConfiguredOpenTelemetrySdk.builder()
                        .addPropertiesSupplier(() -> DEFAULTS)
                        .addPropertiesCustomizer(_ -> settings)
                        .disableShutdownHook()
                        .build()
                        .getOpenTelemetrySdk();
        this.tracer = sdk.getTracer("dev.cardea");
        this.requests = requests;
        this.calls = calls;
    }

    @Override
    public Span request(RequestHead head, String name) {
        if (!requests) return Span.NONE;
        Context parent =
                W3CTraceContextPropagator.getInstance()
                        .extract(Context.root(), head, new HeaderGetter());
        SpanBuilder span =
                tracer.spanBuilder(name)
                        .setSpanKind(SpanKind.SERVER)
                        .setParent(parent)
                        .setAttribute("http.request.method", head.method())
                        .setAttribute("url.path", head.path());
        return new OtelSpan(span.startSpan());
    }

    @Override
    public Span call(String kind, String proxy, String endpoint) {
        if (!calls) return Span.NONE;
        SpanBuilder span =
                tracer.spanBuilder("proxy " + kind)
                        .setSpanKind(SpanKind.CLIENT)
                        .setNoParent()
                        .setAttribute("cardea.proxy", proxy)
                        .setAttribute("http.request.method", "POST")
                        .setAttribute("url.full", endpoint);
        return new OtelSpan(span.startSpan());
    }

    @Override
    public void close() {
        sdk.shutdown().join(FAREWELL_SECONDS, TimeUnit.SECONDS);
    }

    private static final class HeaderGetter implements TextMapGetter<RequestHead> {
        @Override
        public Iterable<String> keys(RequestHead head) {
            return head.headers().names();
        }

        @Override
        public @Nullable String get(@Nullable RequestHead head, String key) {
            return head == null ? null : head.header(key);
        }
    }
}
