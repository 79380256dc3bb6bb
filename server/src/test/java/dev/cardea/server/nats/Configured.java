package dev.cardea.server.nats;

import dev.cardea.server.config.BadConfig;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.server.config.NatsConfig;
import dev.cardea.server.nodes.Nodes;
import dev.cardea.testkit.Simulation;
import java.time.Duration;

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

    /** Nodes, each told of its broker in YAML. */
    static Nodes nodes(Simulation simulation) {
        return new Nodes(
                simulation,
                (settings, hub, id, newEpoch) ->
                        NatsNode.start(nats(settings), hub, id, newEpoch, Duration.ofSeconds(2)));
    }
}
