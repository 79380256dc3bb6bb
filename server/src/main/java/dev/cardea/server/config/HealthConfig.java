package dev.cardea.server.config;

/** {@code health}: the endpoint that says the server is up. */
public record HealthConfig(
        @Setting(is = "false", means = "serves the health endpoint") boolean enabled,
        @Setting(is = "/health", means = "its path") String handlerPrefix)
        implements Checked {

    @Override
    public void check(Problems.Group problems) {
        problems.checkPath("handler_prefix", handlerPrefix);
    }
}
