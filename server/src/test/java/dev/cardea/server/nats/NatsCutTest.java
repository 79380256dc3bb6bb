package dev.cardea.server.nats;

import dev.cardea.server.nodes.Cables;
import dev.cardea.server.nodes.CutSuite;
import dev.cardea.server.nodes.Nodes;
import dev.cardea.testkit.Simulation;
import java.time.Duration;

class NatsCutTest extends CutSuite {
    NatsCutTest() {
        super(Cables.Broker.NATS, Duration.ofSeconds(30));
    }

    @Override
    protected Nodes nodes(Simulation simulation) {
        return Configured.nodes(simulation);
    }

    @Override
    protected String at(String address) {
        return "url: 'nats://" + address + "'";
    }
}
