package dev.cardea.server.config;

/** {@code broker}: who carries messages between nodes. */
public record BrokerConfig(
        @Setting(is = "false", means = "takes the broker below instead of the engine's")
                boolean enabled,
        @Setting(
                        is = "memory",
                        means =
                                "nats keeps channels in a NATS that several nodes share, history and presence"
                                        + " in its JetStream; memory is the engine's")
                BrokerType type,
        @Setting(means = "the NATS of broker.type nats") NatsConfig nats)
        implements Checked {

    /** Who orders and keeps publications. */
    public enum BrokerType {
        MEMORY,
        NATS
    }

    /** Whether nodes share a NATS. */
    public boolean isNats() {
        return enabled && type == BrokerType.NATS;
    }

    @Override
    public void check(Problems.Group problems) {
        if (isNats()) nats.check(problems.in("nats"));
    }
}
