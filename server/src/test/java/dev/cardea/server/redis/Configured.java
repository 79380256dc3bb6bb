package dev.cardea.server.redis;

import dev.cardea.server.config.BadConfig;
import dev.cardea.server.config.Config;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.server.config.RedisConfig;
import dev.cardea.server.nodes.Nodes;
import dev.cardea.testkit.Simulation;
import java.time.Duration;

/** Configurations of this package's tests. */
final class Configured {
    private Configured() {}

    /**
     * @param redis keys of engine.redis, as YAML in one line
     */
    static RedisConfig redis(String redis) {
        return config("engine: {type: redis, redis: {%s}}".formatted(redis)).engine().redis();
    }

    static Config config(String yaml) {
        try {
            return ConfigLoader.text("test.yaml", yaml).load().config();
        } catch (BadConfig e) {
            throw new AssertionError(e);
        }
    }

    /** Nodes, each told of its broker in YAML. */
    static Nodes nodes(Simulation simulation) {
        return new Nodes(
                simulation,
                (settings, hub, id, newEpoch) ->
                        RedisNode.start(redis(settings), hub, id, newEpoch, Duration.ofSeconds(2)));
    }
}
