package dev.cardea.rtc.turn;

import dev.cardea.wire.stun.TransportAddress;
import java.time.Duration;

/** Somebody that an allocation talks to: a permitted address with a port, and its channel. */
public final class Peer {
    static final long CHANNEL_LIFETIME_NANOS = Duration.ofMinutes(10).toNanos();

    /** Stands for no channel. */
    public static final int NO_CHANNEL = 0;

    private final TransportAddress address;
    private final Permission permission;

    /** The address is one of the server's own: only a live relay may be reached there. */
    private final boolean isOwn;

    private final boolean mayLeave;

    private int channel;
    private long channelExpiresNanos;

    Peer(TransportAddress address, Permission permission, boolean isOwn, boolean mayLeave) {
        this.address = address;
        this.permission = permission;
        this.isOwn = isOwn;
        this.mayLeave = mayLeave;
    }

    public TransportAddress address() {
        return address;
    }

    public boolean isOwn() {
        return isOwn;
    }

    /** Whether what isn't for a live relay may be sent there. */
    public boolean mayLeave() {
        return mayLeave;
    }

    Permission permission() {
        return permission;
    }

    boolean is(long high, long low, int port) {
        return address.port() == port && permission.is(high, low);
    }

    void bind(int number, long nowNanos) {
        channel = number;
        channelExpiresNanos = nowNanos + CHANNEL_LIFETIME_NANOS;
    }

    void unbind() {
        channel = NO_CHANNEL;
    }

    /** The number of its channel, or {@link #NO_CHANNEL}. */
    public int channel(long nowNanos) {
        return channel != NO_CHANNEL && nowNanos - channelExpiresNanos < 0 ? channel : NO_CHANNEL;
    }

    /** The channel that it has or had. */
    int lastChannel() {
        return channel;
    }
}
