package dev.cardea.testkit.broker;

import dev.cardea.messaging.broker.EmbeddedBroker;
import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;

/** The broker of a node that stands alone. */
class EmbeddedBrokerTest extends BrokerSuite {
    EmbeddedBrokerTest() {
        super(Simulation.seeded(5), "");
    }

    @Override
    protected boolean isShared() {
        return false;
    }

    @Override
    protected NodeBroker join(String id, Hub hub) {
        return NodeBroker.alone(
                new EmbeddedBroker(
                        hub, SimulatedNode.PRESENCE_TTL.toNanos(), simulation::nowNanos));
    }
}
