package dev.cardea.server.trace;

import dev.cardea.server.config.OpenTelemetryConfig;
import dev.cardea.server.net.RequestHead;
import java.util.Map;

/** Where spans come from. Thread safe. */
public interface Traces extends AutoCloseable {
    /** Nothing is traced. */
    Traces NONE =
            new Traces() {
                @Override
                public Span request(RequestHead head, String name) {
                    return Span.NONE;
                }

                @Override
                public Span call(String kind, String proxy, String endpoint) {
                    return Span.NONE;
                }

                @Override
                public void close() {}
            };

    /** As configured, with OpenTelemetry's own settings from the environment. */
    static Traces of(OpenTelemetryConfig config) {
        return config.enabled() ? new OtelTraces(Map.of(), config.api(), config.proxies()) : NONE;
    }

    /** A request of the backend's, part of the trace that its headers name, if any. */
    Span request(RequestHead head, String name);

    /** A call of the backend. */
    Span call(String kind, String proxy, String endpoint);

    /** Sends what is left. */
    @Override
    void close();
}
