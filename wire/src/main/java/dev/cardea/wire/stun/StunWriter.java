package dev.cardea.wire.stun;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes a message after the other into one buffer. The attributes come in the order of the calls:
 * integrity behind all that it protects, FINGERPRINT last. Not thread safe.
 */
public final class StunWriter {
    private static final int IPV4 = 1;
    private static final int IPV6 = 2;

    private final ByteBuffer out;

    /**
     * @param capacityBytes of the longest message; a longer one is a bug and throws
     */
    public StunWriter(int capacityBytes) {
        out = ByteBuffer.allocate(capacityBytes);
    }

    /** Begins a message; what was written before is gone. */
    public StunWriter begin(int type, int transactionHigh, long transactionLow) {
        out.clear();
        out.putShort((short) type).putShort((short) 0).putInt(StunReader.COOKIE);
        out.putInt(transactionHigh).putLong(transactionLow);
        return this;
    }

    /** Begins the answer to a request. */
    public StunWriter begin(int type, StunReader request) {
        return begin(type, request.transactionHigh(), request.transactionLow());
    }

    private void head(int attribute, int lengthBytes) {
        out.putShort((short) attribute).putShort((short) lengthBytes);
    }

    private StunWriter pad() {
        while ((out.position() & 3) != 0) out.put((byte) 0);
        return this;
    }

    public StunWriter putFlag(int attribute) {
        head(attribute, 0);
        return this;
    }

    public StunWriter putUint8(int attribute, int value) {
        head(attribute, 1);
        out.put((byte) value);
        return pad();
    }

    /** A byte and three that are reserved. */
    public StunWriter putFirstOfFour(int attribute, int value) {
        return putInt32(attribute, value << 24);
    }

    /** Two bytes and two that are reserved. */
    public StunWriter putFirstTwoOfFour(int attribute, int value) {
        return putInt32(attribute, value << 16);
    }

    public StunWriter putInt32(int attribute, int value) {
        head(attribute, 4);
        out.putInt(value);
        return this;
    }

    public StunWriter putInt64(int attribute, long value) {
        head(attribute, 8);
        out.putLong(value);
        return this;
    }

    public StunWriter putBytes(int attribute, byte[] value) {
        head(attribute, value.length);
        out.put(value);
        return pad();
    }

    /** All that remains in the buffer; leaves its position alone. */
    public StunWriter putBytes(int attribute, ByteBuffer value) {
        head(attribute, value.remaining());
        out.put(out.position(), value, value.position(), value.remaining());
        out.position(out.position() + value.remaining());
        return pad();
    }

    /** In UTF-8. */
    public StunWriter putText(int attribute, String text) {
        return putBytes(attribute, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Combined with the cookie or not, as the attribute has it. */
    public StunWriter putAddress(int attribute, TransportAddress address) {
        boolean xored = StunAttribute.isXored(attribute);
        IpAddress ip = address.ip();
        int port = xored ? address.port() ^ StunReader.COOKIE >>> 16 : address.port();
        if (ip.isIpv4()) {
            head(attribute, 8);
            out.putShort((short) IPV4).putShort((short) port);
            out.putInt(xored ? ip.ipv4Bits() ^ StunReader.COOKIE : ip.ipv4Bits());
        } else {
            head(attribute, 20);
            out.putShort((short) IPV6).putShort((short) port);
            out.putLong(xored ? ip.high() ^ out.getLong(4) : ip.high());
            out.putLong(xored ? ip.low() ^ out.getLong(12) : ip.low());
        }
        return this;
    }

    public StunWriter putError(StunError error) {
        return putError(error.code(), error.reason());
    }

    public StunWriter putError(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        head(StunAttribute.ERROR_CODE, 4 + text.length);
        out.putInt(classAndNumber(code)).put(text);
        return pad();
    }

    private static int classAndNumber(int code) {
        return (code / 100) << 8 | code % 100;
    }

    /** Why one of two address families isn't there (RFC 8656 section 18.12). */
    public StunWriter putAddressError(int family, StunError error) {
        byte[] text = error.reason().getBytes(StandardCharsets.UTF_8);
        head(StunAttribute.ADDRESS_ERROR_CODE, 4 + text.length);
        out.putInt(family << 24 | classAndNumber(error.code())).put(text);
        return pad();
    }

    public StunWriter putUnknownAttributes(int[] types) {
        head(StunAttribute.UNKNOWN_ATTRIBUTES, 2 * types.length);
        for (int type : types) out.putShort((short) type);
        return pad();
    }

    /** The algorithms without parameters that we know, best first. */
    public StunWriter putPasswordAlgorithms(PasswordAlgorithm... algorithms) {
        head(StunAttribute.PASSWORD_ALGORITHMS, 4 * algorithms.length);
        for (PasswordAlgorithm each : algorithms) out.putInt(each.number() << 16);
        return this;
    }

    /** The one that a request was made with. */
    public StunWriter putPasswordAlgorithm(PasswordAlgorithm algorithm) {
        return putInt32(StunAttribute.PASSWORD_ALGORITHM, algorithm.number() << 16);
    }

    /** MESSAGE-INTEGRITY over all that was written. */
    public StunWriter seal(StunIntegrity integrity, byte[] key) {
        head(StunAttribute.MESSAGE_INTEGRITY, StunIntegrity.SHA1_BYTES);
        out.put(integrity.sha1(key, out, 0, out.position()), 0, StunIntegrity.SHA1_BYTES);
        return this;
    }

    /** MESSAGE-INTEGRITY-SHA256 over all that was written. */
    public StunWriter sealSha256(StunIntegrity integrity, byte[] key) {
        head(StunAttribute.MESSAGE_INTEGRITY_SHA256, StunIntegrity.SHA256_BYTES);
        out.put(integrity.sha256(key, out, 0, out.position()), 0, StunIntegrity.SHA256_BYTES);
        return this;
    }

    public StunWriter putFingerprint() {
        int at = out.position();
        head(StunAttribute.FINGERPRINT, 4);
        writeLength(at + 8);
        out.putInt(StunIntegrity.fingerprint(out, 0, at));
        return this;
    }

    /**
     * The message up to the value of its last attribute, which the caller puts behind it with its
     * padding; valid until the next message begins.
     */
    public ByteBuffer finishBefore(int attribute, int lengthBytes) {
        head(attribute, lengthBytes);
        writeLength(out.position() + (lengthBytes + 3 & ~3));
        return out.slice(0, out.position());
    }

    private void writeLength(int end) {
        out.putShort(2, (short) (end - StunReader.HEADER_BYTES));
    }

    public int lengthBytes() {
        return out.position();
    }

    /** The message, in the writer's own buffer: valid until the next one begins. */
    public ByteBuffer finish() {
        writeLength(out.position());
        return out.slice(0, out.position());
    }
}
