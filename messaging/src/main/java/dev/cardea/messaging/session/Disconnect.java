package dev.cardea.messaging.session;

/**
 * Why the server ends a connection. Clients come back after codes 3000-3499, 4000-4499 and from
 * 5000 on.
 *
 * @param reason fits into a WebSocket close frame: 123 bytes at most
 */
public record Disconnect(int code, String reason) {
    /** The peer has gone; nobody is left to be told. */
    public static final Disconnect CONNECTION_CLOSED = new Disconnect(3000, "connection closed");

    public static final Disconnect SHUTDOWN = new Disconnect(3001, "shutdown");
    public static final Disconnect SERVER_ERROR = new Disconnect(3004, "internal server error");
    public static final Disconnect EXPIRED = new Disconnect(3005, "connection expired");
    public static final Disconnect SUBSCRIPTION_EXPIRED =
            new Disconnect(3006, "subscription expired");
    public static final Disconnect SLOW = new Disconnect(3008, "slow");
    public static final Disconnect WRITE_ERROR = new Disconnect(3009, "write error");
    public static final Disconnect INSUFFICIENT_STATE = new Disconnect(3010, "insufficient state");
    public static final Disconnect FORCE_RECONNECT = new Disconnect(3011, "force reconnect");
    public static final Disconnect NO_PONG = new Disconnect(3012, "no pong");
    public static final Disconnect TOO_MANY_REQUESTS = new Disconnect(3013, "too many requests");
    public static final Disconnect INVALID_TOKEN = new Disconnect(3500, "invalid token");
    public static final Disconnect BAD_REQUEST = new Disconnect(3501, "bad request");
    public static final Disconnect STALE = new Disconnect(3502, "stale");
    public static final Disconnect FORCE_NO_RECONNECT = new Disconnect(3503, "force disconnect");
    public static final Disconnect CONNECTION_LIMIT = new Disconnect(3504, "connection limit");
    public static final Disconnect CHANNEL_LIMIT = new Disconnect(3505, "channel limit");
    public static final Disconnect PERMISSION_DENIED = new Disconnect(3507, "permission denied");
    public static final Disconnect NOT_AVAILABLE = new Disconnect(3508, "not available");

    public static final Disconnect TOO_MANY_ERRORS = new Disconnect(3509, "too many errors");

    /** What a client that can't be answered is told of an error, in its stead. */
    static Disconnect insteadOf(int errorCode) {
        return switch (errorCode) {
            case 103 -> PERMISSION_DENIED;
            case 109, 110 -> EXPIRED;
            case 111 -> TOO_MANY_REQUESTS;
            default -> SERVER_ERROR;
        };
    }

    /** These don't wait for what is still to be delivered: the peer has gone, or doesn't read. */
    boolean isAbrupt() {
        return code == CONNECTION_CLOSED.code || code == SLOW.code || code == WRITE_ERROR.code;
    }
}
