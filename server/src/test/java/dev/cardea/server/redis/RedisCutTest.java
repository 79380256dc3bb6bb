package dev.cardea.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.nodes.Cables;
import dev.cardea.server.nodes.CutSuite;
import dev.cardea.server.nodes.Load;
import dev.cardea.server.nodes.Nodes;
import dev.cardea.testkit.Simulation;
import java.time.Duration;

class RedisCutTest extends CutSuite {
    private static final String IMPATIENT = ", io_timeout: 500ms, connect_timeout: 200ms";

    RedisCutTest() {
        super(Cables.Broker.REDIS, Duration.ofSeconds(5));
    }

    @Override
    protected Nodes nodes(Simulation simulation) {
        return Configured.nodes(simulation);
    }

    @Override
    protected String at(String address) {
        return "address: '%s'".formatted(address) + IMPATIENT;
    }

    @Override
    protected void assertWhileCut(Load load) {
        assertThat(load.failures()).isPositive();
    }
}
