package dev.cardea.server.nats;

import dev.cardea.server.config.BadConfig;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.server.config.NatsConfig;

/** Configurations of this package's tests. */
final class Configured {
    private Configured() {}

    /**
     * @param nats keys of broker.nats, as YAML in one line
     */
    static NatsConfig nats(String nats) {
        String yaml = "broker: {enabled: true, type: nats, nats: {%s}}".formatted(nats);
        try {
            return ConfigLoader.text("test.yaml", yaml).load().config().broker().nats();
        } catch (BadConfig e) {
            throw new AssertionError(e);
        }
    }
}
