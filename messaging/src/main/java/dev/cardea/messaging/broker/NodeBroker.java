package dev.cardea.messaging.broker;

/**
 * One node's side of a broker: what its channels are published and read through, and what connects
 * it with the other nodes. Thread safe.
 */
public interface NodeBroker extends AutoCloseable {
    Broker broker();

    Control control();

    /** Whether there are no other nodes. */
    default boolean isAlone() {
        return control().equals(Control.NONE);
    }

    /**
     * Whether it was there when last asked. While it isn't, clients stay connected, and what needs
     * the broker fails.
     */
    boolean isReachable();

    /** Gives back connections and threads. The server has ended its sessions. */
    @Override
    void close();

    /** A broker without other nodes. */
    static NodeBroker alone(Broker broker) {
        return new NodeBroker() {
            @Override
            public Broker broker() {
                return broker;
            }

            @Override
            public Control control() {
                return Control.NONE;
            }

            @Override
            public boolean isReachable() {
                return true;
            }

            @Override
            public void close() {}
        };
    }
}
