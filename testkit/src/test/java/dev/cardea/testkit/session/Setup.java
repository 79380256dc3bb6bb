package dev.cardea.testkit.session;

import dev.cardea.testkit.FaultyBroker;
import dev.cardea.testkit.SimulatedEncoding;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;

/** What every test of a session is run with. */
enum Setup {
    EMBEDDED_JSON(false, SimulatedEncoding.JSON),
    EMBEDDED_PROTOBUF(false, SimulatedEncoding.PROTOBUF),
    FAULTY_JSON(true, SimulatedEncoding.JSON),
    FAULTY_PROTOBUF(true, SimulatedEncoding.PROTOBUF);

    final boolean faulty;
    final SimulatedEncoding encoding;

    Setup(boolean faulty, SimulatedEncoding encoding) {
        this.faulty = faulty;
        this.encoding = encoding;
    }

    /** A node with two loops and, where it is so set up, a slow broker that answers out of turn. */
    SimulatedNode.Builder node() {
        return node(Simulation.seeded(1));
    }

    SimulatedNode.Builder node(Simulation simulation) {
        SimulatedNode.Builder node = SimulatedNode.in(simulation).loops(2);
        return faulty ? node.broker(behind -> new FaultyBroker(behind, simulation)) : node;
    }
}
