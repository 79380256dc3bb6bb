package dev.cardea.wire.stun;

/** Why a request was refused: the codes of RFC 8489, RFC 8656, RFC 6062 and RFC 5780. */
public enum StunError {
    TRY_ALTERNATE(300, "Try Alternate"),
    BAD_REQUEST(400, "Bad Request"),
    UNAUTHENTICATED(401, "Unauthenticated"),
    FORBIDDEN(403, "Forbidden"),
    UNKNOWN_ATTRIBUTE(420, "Unknown Attribute"),
    ALLOCATION_MISMATCH(437, "Allocation Mismatch"),
    STALE_NONCE(438, "Stale Nonce"),
    FAMILY_NOT_SUPPORTED(440, "Address Family not Supported"),
    WRONG_CREDENTIALS(441, "Wrong Credentials"),
    TRANSPORT_NOT_SUPPORTED(442, "Unsupported Transport Protocol"),
    PEER_FAMILY_MISMATCH(443, "Peer Address Family Mismatch"),
    CONNECTION_EXISTS(446, "Connection Already Exists"),
    CONNECTION_FAILED(447, "Connection Timeout or Failure"),
    QUOTA_REACHED(486, "Allocation Quota Reached"),
    SERVER_ERROR(500, "Server Error"),
    INSUFFICIENT_CAPACITY(508, "Insufficient Capacity");

    private final int code;
    private final String reason;

    StunError(int code, String reason) {
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
