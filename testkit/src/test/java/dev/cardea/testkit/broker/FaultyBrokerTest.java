package dev.cardea.testkit.broker;

import dev.cardea.messaging.broker.Arrival;
import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.broker.Control;
import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.testkit.FaultyBroker;
import dev.cardea.testkit.Simulation;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * A shared broker behind a bad network: calls take effect late and are answered out of turn, what
 * it tells comes late too, and a tenth of what streams can show to be missing is lost.
 */
class FaultyBrokerTest extends BrokerSuite {
    private final SharedBroker shared = SharedBrokerTest.newSharedBroker(simulation);
    private final SplittableRandom random = simulation.random();

    FaultyBrokerTest() {
        super(Simulation.seeded(11), "");
    }

    @Override
    protected void lose(String channel) {
        shared.lose(channel);
    }

    @Override
    protected NodeBroker join(String id, Hub hub) {
        SharedBrokerNode node =
                shared.join(id, hub, new UnreliableWay(simulation, 0), this::reaches);
        tickEverySecond(node);
        Broker slow = new FaultyBroker(node, simulation);
        return new NodeBroker() {
            @Override
            public Broker broker() {
                return slow;
            }

            @Override
            public Control control() {
                return node;
            }

            @Override
            public boolean isReachable() {
                return true;
            }

            @Override
            public void close() {
                node.close();
            }
        };
    }

    private boolean reaches(Arrival arrival) {
        return !(arrival instanceof Arrival.Appended) || random.nextInt(10) > 0;
    }

    private void tickEverySecond(SharedBrokerNode node) {
        simulation.after(
                Duration.ofSeconds(1),
                () -> {
                    node.tick();
                    tickEverySecond(node);
                });
    }
}
