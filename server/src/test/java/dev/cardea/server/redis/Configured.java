package dev.cardea.server.redis;

import dev.cardea.server.config.BadConfig;
import dev.cardea.server.config.Config;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.server.config.RedisConfig;

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
}
