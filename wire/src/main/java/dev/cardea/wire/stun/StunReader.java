package dev.cardea.wire.stun;

import dev.cardea.wire.Malformed;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads a message where it lies (RFC 8489 section 5). One is used for message after message; what
 * it says holds as long as the buffer's bytes do. Not thread safe.
 *
 * <pre>
 *  |0 0|     STUN Message Type     |         Message Length        |
 *  |                         Magic Cookie                          |
 *  |                     Transaction ID (96 bits)                  |
 *  |             Type              |            Length             |  for each attribute
 *  |                         Value (variable)                ....
 * </pre>
 *
 * Attributes behind MESSAGE-INTEGRITY are not looked at, but for those that may stand there. Of an
 * attribute that comes twice the first counts.
 */
public final class StunReader {
    public static final int HEADER_BYTES = 20;
    public static final int COOKIE = 0x2112A442;
    static final int ATTRIBUTE_HEADER_BYTES = 4;

    private static final int COOKIE_AT = 4;
    private static final int TRANSACTION_AT = 8;

    /** More of them than this aren't listed in an answer. */
    private static final int MAX_UNKNOWN = 16;

    private static final int IPV4 = 1;
    private static final int IPV6 = 2;

    /** Where the value of each known attribute starts, by slot; 0 where there is none. */
    private final int[] values = new int[StunAttribute.SLOTS];

    private final int[] unknown = new int[MAX_UNKNOWN];
    private int unknownCount;

    private ByteBuffer in = ByteBuffer.allocate(0);
    private int start;
    private int end;

    /** The end of the attributes that are looked at. */
    private int trustedEnd;

    /** Whether the bytes may be a STUN message, by what every one begins with. */
    public static boolean isStun(ByteBuffer in) {
        return in.remaining() >= HEADER_BYTES
                && (in.get(in.position()) & 0xC0) == 0
                && in.getInt(in.position() + COOKIE_AT) == COOKIE;
    }

    /**
     * Takes all that remains in the buffer as one message; leaves its position alone.
     *
     * @throws Malformed it is none
     */
    public StunReader read(ByteBuffer message) {
        Arrays.fill(values, 0);
        unknownCount = 0;
        in = message;
        start = message.position();
        end = message.limit();
        if (!isStun(message)) throw new Malformed("no STUN header");
        int length = Short.toUnsignedInt(message.getShort(start + 2));
        if (length != end - start - HEADER_BYTES || (length & 3) != 0)
            throw new Malformed("the length is not that of the message");
        readAttributes();
        return this;
    }

    private void readAttributes() {
        int at = start + HEADER_BYTES;
        boolean sealed = false;
        boolean sealedTwice = false;
        trustedEnd = end;
        while (at < end) { // the rest is a multiple of 4: an attribute's header fits
            int type = Short.toUnsignedInt(in.getShort(at));
            int length = Short.toUnsignedInt(in.getShort(at + 2));
            int value = at + ATTRIBUTE_HEADER_BYTES;
            if (length > end - value) throw new Malformed("an attribute ends behind the message");
            at = value + (length + 3 & ~3);
            boolean isLast = type == StunAttribute.FINGERPRINT;
            boolean isSeal = type == StunAttribute.MESSAGE_INTEGRITY;
            boolean isSecondSeal = type == StunAttribute.MESSAGE_INTEGRITY_SHA256;
            if (isLast && at != end) throw new Malformed("something follows FINGERPRINT");
            boolean counts = !sealed || isLast || (isSecondSeal && !sealedTwice);
            if (counts) keep(type, value);
            if (counts && !sealed && (isSeal || isSecondSeal)) {
                sealed = true;
                trustedEnd = value - ATTRIBUTE_HEADER_BYTES;
            }
            sealedTwice |= isSecondSeal;
        }
    }

    private void keep(int type, int value) {
        int slot = StunAttribute.slot(type);
        if (slot >= 0) {
            if (values[slot] == 0) values[slot] = value;
        } else if (StunAttribute.mustBeUnderstood(type)) {
            for (int i = 0; i < unknownCount; i++) if (unknown[i] == type) return;
            if (unknownCount < MAX_UNKNOWN) unknown[unknownCount++] = type;
        }
    }

    ByteBuffer buffer() {
        return in;
    }

    int start() {
        return start;
    }

    /** The whole message's length in bytes. */
    public int lengthBytes() {
        return end - start;
    }

    public int type() {
        return Short.toUnsignedInt(in.getShort(start));
    }

    public int method() {
        return StunType.method(type());
    }

    /** {@link StunType#REQUEST}, for example. */
    public int kind() {
        return StunType.kind(type());
    }

    /** The first 32 bits of the transaction's id. */
    public int transactionHigh() {
        return in.getInt(start + TRANSACTION_AT);
    }

    /** The last 64 bits of the transaction's id. */
    public long transactionLow() {
        return in.getLong(start + TRANSACTION_AT + 4);
    }

    /** Attributes that must be understood, and that we don't know: the first few of them. */
    public int[] unknownAttributes() {
        return Arrays.copyOf(unknown, unknownCount);
    }

    public boolean hasUnknownAttributes() {
        return unknownCount > 0;
    }

    public boolean has(int attribute) {
        return find(attribute) >= 0;
    }

    /** Where the value of the first such attribute starts in the buffer; -1: there is none. */
    public int find(int attribute) {
        int value = values[StunAttribute.slot(attribute)];
        return value == 0 ? -1 : value;
    }

    /** The next attribute of the same type behind this one; -1: there is none. */
    public int next(int valueAt) {
        int type = in.getShort(valueAt - ATTRIBUTE_HEADER_BYTES);
        int at = valueAt + (length(valueAt) + 3 & ~3);
        while (at < trustedEnd) {
            int value = at + ATTRIBUTE_HEADER_BYTES;
            if (in.getShort(at) == type) return value;
            at = value + (length(value) + 3 & ~3);
        }
        return -1;
    }

    /** The length in bytes, without padding, of the value that starts here. */
    public int length(int valueAt) {
        return Short.toUnsignedInt(in.getShort(valueAt - 2));
    }

    /**
     * The message's own buffer, set to the value that starts here: no garbage, and nothing can be
     * read from the message behind it.
     */
    public ByteBuffer window(int valueAt) {
        int length = length(valueAt);
        return in.limit(valueAt + length).position(valueAt);
    }

    private int fixed(int attribute, int lengthBytes) {
        int at = find(attribute);
        if (at < 0) throw new Malformed("an attribute is missing");
        if (length(at) != lengthBytes) throw new Malformed("an attribute has an odd length");
        return at;
    }

    /** The value of an attribute of one byte. */
    public int uint8(int attribute) {
        return in.get(fixed(attribute, 1)) & 0xFF;
    }

    /** The first byte of an attribute of four, of which the others are reserved. */
    public int firstOfFour(int attribute) {
        return in.get(fixed(attribute, 4)) & 0xFF;
    }

    /** The first two bytes of an attribute of four, of which the others are reserved. */
    public int firstTwoOfFour(int attribute) {
        return Short.toUnsignedInt(in.getShort(fixed(attribute, 4)));
    }

    public int int32(int attribute) {
        return in.getInt(fixed(attribute, 4));
    }

    public long int64(int attribute) {
        return in.getLong(fixed(attribute, 8));
    }

    /** A copy of the value. */
    public byte[] bytes(int attribute) {
        int at = find(attribute);
        if (at < 0) throw new Malformed("an attribute is missing");
        byte[] bytes = new byte[length(at)];
        in.get(at, bytes);
        return bytes;
    }

    /**
     * A text in UTF-8.
     *
     * @throws Malformed there is none, it is longer than allowed, or not UTF-8
     */
    public String text(int attribute, int maxBytes) {
        int at = find(attribute);
        if (at < 0) throw new Malformed("an attribute is missing");
        if (length(at) > maxBytes) throw new Malformed("a text is too long");
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(in.slice(at, length(at))).toString();
        } catch (CharacterCodingException _) {
            throw new Malformed("a text is not UTF-8");
        }
    }

    /**
     * The address in the first attribute of this type.
     *
     * @throws Malformed there is none, or it is none of IPv4 or IPv6
     */
    public TransportAddress address(int attribute) {
        int at = find(attribute);
        if (at < 0) throw new Malformed("an attribute is missing");
        return addressAt(at);
    }

    /** The address in the value that starts here, combined with the cookie or not by its type. */
    public TransportAddress addressAt(int valueAt) {
        checkAddress(valueAt);
        return new TransportAddress(
                new IpAddress(addressHigh(valueAt), addressLow(valueAt)), addressPort(valueAt));
    }

    //  |x x x x x x x x|    Family     |         X-Port                |  RFC 8489 section 14.2
    //  |                X-Address (32 or 128 bits)

    /**
     * Has to be called before the parts of an address are read.
     *
     * @throws Malformed neither an IPv4 nor an IPv6 address
     */
    public void checkAddress(int valueAt) {
        int length = length(valueAt);
        boolean isAddress =
                (length == 8 && in.get(valueAt + 1) == IPV4)
                        || (length == 20 && in.get(valueAt + 1) == IPV6);
        if (!isAddress) throw new Malformed("neither an IPv4 nor an IPv6 address");
    }

    private boolean isXored(int valueAt) {
        return StunAttribute.isXored(
                Short.toUnsignedInt(in.getShort(valueAt - ATTRIBUTE_HEADER_BYTES)));
    }

    /** The first 64 bits of {@link IpAddress}. */
    public long addressHigh(int valueAt) {
        if (in.get(valueAt + 1) == IPV4) return 0;
        long bits = in.getLong(valueAt + 4);
        return isXored(valueAt) ? bits ^ in.getLong(start + COOKIE_AT) : bits;
    }

    /** The last 64 bits of {@link IpAddress}. */
    public long addressLow(int valueAt) {
        if (in.get(valueAt + 1) == IPV4) {
            int bits = in.getInt(valueAt + 4);
            return IpAddress.ofIpv4Low(isXored(valueAt) ? bits ^ COOKIE : bits);
        }
        long bits = in.getLong(valueAt + 12);
        return isXored(valueAt) ? bits ^ transactionLow() : bits;
    }

    public int addressPort(int valueAt) {
        int port = Short.toUnsignedInt(in.getShort(valueAt + 2));
        return isXored(valueAt) ? port ^ COOKIE >>> 16 : port;
    }

    /** The code in ERROR-CODE: class times 100 and number. */
    public int errorCode() {
        int at = find(StunAttribute.ERROR_CODE);
        if (at < 0 || length(at) < 4) throw new Malformed("no error code");
        return (in.get(at + 2) & 7) * 100 + (in.get(at + 3) & 0xFF);
    }

    /** Whether there is a FINGERPRINT, and it is right. */
    public boolean hasFingerprint() {
        int at = find(StunAttribute.FINGERPRINT);
        if (at < 0 || length(at) != 4) return false;
        return in.getInt(at) == StunIntegrity.fingerprint(in, start, at - ATTRIBUTE_HEADER_BYTES);
    }
}
