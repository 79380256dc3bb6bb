package dev.cardea.server.udp;

/** Whoever reads from a {@link UdpSocket}. Called on its loop. */
public interface UdpReceiver {
    /**
     * Something came.
     *
     * @param datagram with its sender's address; to be used before this returns, or sent on by a
     *     socket of the same loop
     */
    void received(Datagram datagram);

    /** Some datagrams that were sent were not taken by the network. */
    void dropped(int count);
}
