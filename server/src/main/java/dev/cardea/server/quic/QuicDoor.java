package dev.cardea.server.quic;

import dev.cardea.server.net.NettyLoops;
import dev.cardea.server.tls.TlsMaterial;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicCongestionControlAlgorithm;
import io.netty.handler.codec.quic.QuicConnectionIdGenerator;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTP/3 on one UDP port. Thread safe. */
public final class QuicDoor implements AutoCloseable {
    /** Datagrams that wait for the congestion window; what comes then is dropped, not late. */
    private static final int DATAGRAMS_TO_SEND = 64;

    private static final int DATAGRAMS_READ = 16;

    private static final Logger LOG = LoggerFactory.getLogger(QuicDoor.class);

    private final QuicTls tls;
    private final QuicLoad load;
    private final QuicListener listener;

    private final Duration closeTimeout;

    private QuicDoor(QuicTls tls, QuicLoad load, QuicListener listener, Duration closeTimeout) {
        this.tls = tls;
        this.load = load;
        this.listener = listener;
        this.closeTimeout = closeTimeout;
    }

    /**
     * Whether there is a native library for this machine; loads it. Says so where there is none.
     */
    public static boolean isAvailable() {
        if (Quic.isAvailable()) return true;
        LOG.atWarn().addKeyValue("os", System.getProperty("os.name")).log("no_quic");
        return false;
    }

    /**
     * @param address empty: all addresses
     * @param port of TCP, already bound
     * @throws IOException the address can't be bound, or there is no QUIC on this machine
     */
    public static QuicDoor open(
            NettyLoops loops, String address, int port, TlsMaterial material, Http3Door http)
            throws IOException {
        if (!Quic.isAvailable()) {
            throw new IOException("no QUIC on this machine", Quic.unavailabilityCause());
        }
        QuicTls tls = new QuicTls(material);
        QuicLoad load = new QuicLoad(http.limits());
        byte[] key = new byte[AddressTokens.KEY_BYTES];
        new SecureRandom().nextBytes(key);
        QuicListener listener =
                QuicListener.bind(
                        loops,
                        address,
                        port,
                        (idBytes, ids) -> codec(loops, tls, load, key, http, idBytes, ids));
        return new QuicDoor(tls, load, listener, http.limits().closeTimeout());
    }

    private static ChannelHandler codec(
            NettyLoops loops,
            QuicTls tls,
            QuicLoad load,
            byte[] key,
            Http3Door http,
            int idBytes,
            QuicConnectionIdGenerator ids) {
        QuicLimits limits = http.limits();
        return Http3.newQuicServerCodecBuilder()
                .sslEngineProvider(tls::engine)
                .tokenHandler(new AddressTokens(key, load, () -> System.currentTimeMillis() / 1000))
                .localConnectionIdLength(idBytes)
                .connectionIdAddressGenerator(ids)
                // CUBIC takes every loss of a thin flow for congestion
                .congestionControlAlgorithm(QuicCongestionControlAlgorithm.BBR)
                .maxIdleTimeout(limits.idleTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .initialMaxData(limits.connectionWindowBytes())
                .initialMaxStreamDataBidirectionalRemote(limits.streamWindowBytes())
                .initialMaxStreamDataBidirectionalLocal(limits.streamWindowBytes())
                .initialMaxStreamDataUnidirectional(limits.streamWindowBytes())
                .initialMaxStreamsBidirectional(limits.requestStreams())
                .initialMaxStreamsUnidirectional(limits.unidirectionalStreams())
                .datagram(DATAGRAMS_READ, DATAGRAMS_TO_SEND)
                .handler(
                        new ChannelInitializer<QuicChannel>() {
                            @Override
                            protected void initChannel(QuicChannel channel) {
                                channel.pipeline()
                                        .addLast(load.counter())
                                        .addLast(new SilenceWatch(channel, limits.silence()));
                                Http3Connection.begin(channel, loops.current(), http);
                            }
                        })
                .build();
    }

    /** New connections show this certificate; returns false if it was known already. */
    public boolean renewTls(TlsMaterial material) {
        return tls.renew(material);
    }

    /** No new connections; those that are open stay. */
    public void stopAccepting() {
        load.stop();
    }

    /** Connections that are open. */
    public int connections() {
        return load.connections();
    }

    int handshakes() {
        return load.handshakes();
    }

    /**
     * Sessions that were told to leave get a moment for it: what a browser has not read when its
     * connection ends is lost to it.
     */
    @Override
    public void close() {
        load.stop();
        try {
            load.awaitNone(closeTimeout);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        listener.close();
    }
}
