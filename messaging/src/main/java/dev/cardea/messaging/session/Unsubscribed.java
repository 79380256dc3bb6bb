package dev.cardea.messaging.session;

/** Why the server ends a subscription. Clients subscribe again from code 2500 on. */
public enum Unsubscribed {
    SERVER(2000, "server unsubscribe"),
    INSUFFICIENT_STATE(2500, "insufficient state"),
    EXPIRED(2501, "subscription expired");

    private final int code;
    private final String reason;

    Unsubscribed(int code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    public int code() {
        return code;
    }

    public String reason() {
        return reason;
    }
}
