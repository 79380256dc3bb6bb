package dev.cardea.wire.stun;

/**
 * The first 16 bits of a message: a method, and which kind of message it is.
 *
 * <pre>
 *  |0 0|M11 ... M7|C1|M6 M5 M4|C0|M3 M2 M1 M0|   RFC 8489 section 5
 * </pre>
 */
public final class StunType {
    public static final int BINDING = 0x001;
    public static final int ALLOCATE = 0x003;
    public static final int REFRESH = 0x004;
    public static final int SEND = 0x006;
    public static final int DATA = 0x007;
    public static final int CREATE_PERMISSION = 0x008;
    public static final int CHANNEL_BIND = 0x009;

    /** RFC 6062. */
    public static final int CONNECT = 0x00A;

    public static final int CONNECTION_BIND = 0x00B;
    public static final int CONNECTION_ATTEMPT = 0x00C;

    public static final int REQUEST = 0x000;
    public static final int INDICATION = 0x010;
    public static final int SUCCESS = 0x100;
    public static final int ERROR = 0x110;

    public static final int SEND_INDICATION = SEND | INDICATION;
    public static final int DATA_INDICATION = DATA | INDICATION;

    private static final int KIND = 0x110;

    private StunType() {}

    /** {@link #REQUEST}, {@link #INDICATION}, {@link #SUCCESS} or {@link #ERROR}. */
    public static int kind(int type) {
        return type & KIND;
    }

    public static int method(int type) {
        return (type & 0x000F) | (type & 0x00E0) >> 1 | (type & 0x3E00) >> 2;
    }

    public static int of(int method, int kind) {
        return (method & 0x000F) | (method & 0x0070) << 1 | (method & 0x0F80) << 2 | kind;
    }

    /** The method's name, for logs; it is bounded, whatever was on the wire. */
    public static String name(int method) {
        return switch (method) {
            case BINDING -> "Binding";
            case ALLOCATE -> "Allocate";
            case REFRESH -> "Refresh";
            case SEND -> "Send";
            case DATA -> "Data";
            case CREATE_PERMISSION -> "CreatePermission";
            case CHANNEL_BIND -> "ChannelBind";
            case CONNECT -> "Connect";
            case CONNECTION_BIND -> "ConnectionBind";
            case CONNECTION_ATTEMPT -> "ConnectionAttempt";
            default -> "unknown";
        };
    }
}
