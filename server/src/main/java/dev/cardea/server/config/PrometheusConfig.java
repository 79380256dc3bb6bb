package dev.cardea.server.config;

/** {@code prometheus}: the endpoint with metrics. */
public record PrometheusConfig(
        @Setting(is = "false", means = "serves metrics in Prometheus format") boolean enabled,
        @Setting(is = "/metrics", means = "its path") String handlerPrefix)
        implements Checked {

    @Override
    public void check(Problems.Group problems) {
        problems.checkPath("handler_prefix", handlerPrefix);
    }
}
