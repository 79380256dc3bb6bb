package dev.cardea.messaging.limit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** All rate limits of a node, with the buckets of its users and channels. Thread safe. */
public final class RateLimits {
    /** Everything may be done as often as one likes. */
    public static final RateLimits NONE = new RateLimits(null, null, null, List.of(), null);

    private final @Nullable LimitPlan connection;
    private final @Nullable KeyedLimits users;
    private final @Nullable KeyedLimits channels;
    private final @Nullable LimitPlan errors;
    private final @Nullable Bucket connects;
    private long connectsState;
    private boolean connectsBegun;

    /**
     * @param connection for each connection; null: none
     * @param user for all connections of a user together, anonymous ones excepted
     * @param channel for all clients of a channel together
     * @param errors answers with an error that a connection may be given before it is ended
     * @param connects new connections of the node
     */
    public RateLimits(
            @Nullable LimitPlan connection,
            @Nullable LimitPlan user,
            @Nullable LimitPlan channel,
            List<Bucket> errors,
            @Nullable Bucket connects) {
        this.connection = connection;
        this.users = user == null ? null : new KeyedLimits(user, KeyedLimits.MAX_KEYS);
        this.channels = channel == null ? null : new KeyedLimits(channel, KeyedLimits.MAX_KEYS);
        this.errors = errors.isEmpty() ? null : LimitPlan.builder().total(errors).build();
        this.connects = connects;
    }

    /** Whether the node takes one more connection now. */
    public synchronized boolean admitsConnection(long nowNanos) {
        if (connects == null) return true;
        if (!connectsBegun) connectsState = Bucket.full(nowNanos);
        connectsBegun = true;
        if (!connects.admits(connectsState, nowNanos)) return false;
        connectsState = connects.take(connectsState, nowNanos);
        return true;
    }

    public boolean admitsUser(String user, Operation operation, String of, long nowNanos) {
        return users == null || user.isEmpty() || users.admits(user, operation, of, nowNanos);
    }

    public boolean admitsInChannel(
            String channel, Operation operation, String namespace, long nowNanos) {
        return channels == null || channels.admits(channel, operation, namespace, nowNanos);
    }

    /** Buckets for one more connection; null: it needs none. */
    public @Nullable OfConnection ofConnection(long nowNanos) {
        return connection == null && errors == null ? null : new OfConnection(nowNanos);
    }

    /** One connection's buckets. Belongs to its event loop. */
    public final class OfConnection {
        private final long @Nullable [] commandStates;
        private final long @Nullable [] errorStates;

        private OfConnection(long nowNanos) {
            this.commandStates = connection == null ? null : connection.full(nowNanos);
            this.errorStates = errors == null ? null : errors.full(nowNanos);
        }

        public boolean admits(Operation operation, String of, long nowNanos) {
            return connection == null
                    || commandStates == null
                    || connection.admits(commandStates, operation, of, nowNanos);
        }

        /** Counts an answer with an error. Returns false if it was one too many. */
        public boolean admitsError(long nowNanos) {
            return errors == null
                    || errorStates == null
                    || errors.admits(errorStates, Operation.RPC, "", nowNanos);
        }
    }
}
