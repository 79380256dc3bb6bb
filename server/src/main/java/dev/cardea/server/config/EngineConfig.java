package dev.cardea.server.config;

/** {@code engine}: where channels are kept. */
public record EngineConfig(
        @Setting(
                        is = "memory",
                        means =
                                "memory keeps channels in this process, which then is alone; redis in a"
                                        + " Redis that several nodes share")
                EngineType type,
        @Setting(means = "the Redis of engine.type redis") RedisConfig redis)
        implements Checked {

    /** Who orders and keeps publications. */
    public enum EngineType {
        MEMORY,
        REDIS
    }

    @Override
    public void check(Problems.Group problems) {
        if (type == EngineType.REDIS) redis.check(problems.in("redis"));
    }
}
