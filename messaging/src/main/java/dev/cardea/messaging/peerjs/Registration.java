package dev.cardea.messaging.peerjs;

import java.util.function.BooleanSupplier;

/** One connection that has an id, or wants one. Belongs to the realm's loop. */
public final class Registration {
    /** Not when a credential ends, but never. */
    public static final long ENDLESS = 0;

    private final String id;
    private final String owner;
    private final String user;
    private final String address;
    private final BooleanSupplier revoked;
    private final PeerLink link;

    // Of the realm.
    private long lifetimeNanos;
    private long sinceNanos;
    private long pingedNanos;
    private long claim;
    private Pace pace = Pace.NONE;

    /**
     * @param id a valid one
     * @param owner whoever says the same may take the id over: a digest of the token, or of the
     *     user
     * @param user who it is; empty: unknown
     * @param address where it comes from, for quotas
     * @param lifetimeNanos for how long its credentials are good; {@link #ENDLESS}
     * @param revoked whether its credentials were taken back; asked whenever any were
     */
    public Registration(
            String id,
            String owner,
            String user,
            String address,
            long lifetimeNanos,
            BooleanSupplier revoked,
            PeerLink link) {
        this.id = id;
        this.owner = owner;
        this.user = user;
        this.address = address;
        this.lifetimeNanos = lifetimeNanos;
        this.revoked = revoked;
        this.link = link;
    }

    public String id() {
        return id;
    }

    String owner() {
        return owner;
    }

    String user() {
        return user;
    }

    String address() {
        return address;
    }

    PeerLink link() {
        return link;
    }

    boolean hasOwner(String other) {
        return owner.equals(other);
    }

    void begin(long nowNanos, Pace itsPace) {
        sinceNanos = nowNanos;
        pingedNanos = nowNanos;
        pace = itsPace;
    }

    Pace pace() {
        return pace;
    }

    /** The number of the claim that it came by; 0: there was nobody to ask. */
    long claim() {
        return claim;
    }

    void cameBy(long number) {
        claim = number;
    }

    /** Its credentials are good for so long from now on. */
    void renew(long forNanos, long nowNanos) {
        lifetimeNanos = forNanos;
        sinceNanos = nowNanos;
    }

    boolean isRevoked() {
        return revoked.getAsBoolean();
    }

    boolean isExpired(long nowNanos) {
        return lifetimeNanos != ENDLESS && nowNanos - sinceNanos >= lifetimeNanos;
    }

    long silentNanos(long nowNanos) {
        return nowNanos - link.heardNanos();
    }

    /** Whether neither it nor a ping was heard of for so long. */
    boolean isDueForPing(long nowNanos, long afterNanos) {
        if (silentNanos(nowNanos) < afterNanos || nowNanos - pingedNanos < afterNanos) return false;
        pingedNanos = nowNanos;
        return true;
    }
}
