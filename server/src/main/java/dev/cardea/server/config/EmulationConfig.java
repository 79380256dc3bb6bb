package dev.cardea.server.config;

/** {@code emulation}: where clients of HTTP streaming and server-sent events speak. */
public record EmulationConfig(
        @Setting(is = "/emulation", means = "its path") String handlerPrefix,
        @Setting(
                        is = "65536",
                        means = "bytes that the body of a request may have",
                        atLeast = "1",
                        atMost = "1073741824")
                int maxRequestBodySize)
        implements Checked {

    @Override
    public void check(Problems.Group problems) {
        problems.checkPath("handler_prefix", handlerPrefix);
    }
}
