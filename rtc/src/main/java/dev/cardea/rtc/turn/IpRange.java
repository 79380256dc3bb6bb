package dev.cardea.rtc.turn;

import dev.cardea.wire.Malformed;
import dev.cardea.wire.stun.IpAddress;

/**
 * All addresses that begin with the same bits.
 *
 * @param bits how many, of 128; an IPv4 range begins with the 96 of mapped addresses
 */
public record IpRange(IpAddress first, int bits) {
    private static final int MAPPED_BITS = 96;

    /**
     * Reads {@code 10.0.0.0/8}, {@code fc00::/7} or a single address.
     *
     * @throws Malformed it is none
     */
    public static IpRange parse(String text) {
        int slash = text.indexOf('/');
        IpAddress first = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
        int offset = first.isIpv4() && text.indexOf(':') < 0 ? MAPPED_BITS : 0;
        if (slash < 0) return new IpRange(first, 128);
        String length = text.substring(slash + 1);
        if (!length.matches("[0-9]{1,3}") || Integer.parseInt(length) > 128 - offset)
            throw new Malformed("a prefix's length is a number up to " + (128 - offset));
        return new IpRange(first, offset + Integer.parseInt(length));
    }

    boolean contains(IpAddress ip) {
        if (bits <= 64) return (ip.high() & mask(bits)) == (first.high() & mask(bits));
        long mask = mask(bits - 64);
        return ip.high() == first.high() && (ip.low() & mask) == (first.low() & mask);
    }

    private static long mask(int ones) {
        return ones == 0 ? 0 : -1L << (64 - ones);
    }
}
