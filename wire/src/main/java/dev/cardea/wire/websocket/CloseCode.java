package dev.cardea.wire.websocket;

/** The close codes of RFC 6455 section 7.4.1 that we send or look for. */
public final class CloseCode {
    public static final int NORMAL = 1000;
    public static final int GOING_AWAY = 1001;
    public static final int PROTOCOL_ERROR = 1002;

    /** Stands for a close frame without a code; never on the wire. */
    public static final int NONE = 1005;

    public static final int INVALID_PAYLOAD = 1007;
    public static final int POLICY_VIOLATION = 1008;
    public static final int TOO_BIG = 1009;
    public static final int INTERNAL_ERROR = 1011;

    private CloseCode() {}

    /**
     * Whether a peer may put this code on the wire: what RFC 6455 defines, what IANA registered
     * since (1012 to 1014), and the ranges for libraries and applications.
     */
    public static boolean isValid(int code) {
        if (code >= 3000) return code <= 4999;
        if (code >= 1007) return code <= 1014;
        return code >= 1000 && code <= 1003;
    }
}
