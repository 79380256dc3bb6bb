package dev.cardea.server.config;

/**
 * {@code opentelemetry}: tracing, sent over OTLP; where to is in the environment ({@code
 * OTEL_EXPORTER_OTLP_ENDPOINT}).
 */
public record OpenTelemetryConfig(
        @Setting(is = "false", means = "turns tracing on") boolean enabled,
        @Setting(is = "false", means = "traces requests of the server API") boolean api,
        @Setting(is = "false", means = "traces calls of the application's backend; Cardea's own")
                boolean proxies) {}
