package dev.cardea.wire.stun;

import dev.cardea.wire.Malformed;

/**
 * An IP address as a number. An IPv4 address is held as the IPv6 address that it is mapped to
 * (::ffff:0:0/96, RFC 4291 section 2.5.5.2), so the two ways to write one are one value.
 *
 * @param high the first 64 bits
 * @param low the last 64 bits
 */
public record IpAddress(long high, long low) {
    private static final long MAPPED = 0xFFFF_0000_0000L;
    private static final long MAPPED_MASK = 0xFFFF_FFFF_0000_0000L;
    private static final int GROUPS = 8;

    public static IpAddress ofIpv4(int bits) {
        return new IpAddress(0, ofIpv4Low(bits));
    }

    /** The last 64 bits of an IPv4 address; the first are zero. */
    public static long ofIpv4Low(int bits) {
        return MAPPED | Integer.toUnsignedLong(bits);
    }

    /**
     * @param bytes 4 or 16 of them
     */
    public static IpAddress of(byte[] bytes) {
        if (bytes.length == 4) return ofIpv4((int) number(bytes, 0, 4));
        if (bytes.length != 16) throw new IllegalArgumentException(bytes.length + " bytes");
        return new IpAddress(number(bytes, 0, 8), number(bytes, 8, 8));
    }

    private static long number(byte[] bytes, int from, int count) {
        long number = 0;
        for (int i = from; i < from + count; i++) number = number << 8 | (bytes[i] & 0xFF);
        return number;
    }

    public boolean isIpv4() {
        return high == 0 && (low & MAPPED_MASK) == MAPPED;
    }

    /** The 32 bits of an IPv4 address. */
    public int ipv4Bits() {
        return (int) low;
    }

    /** 4 or 16 bytes. */
    public byte[] toBytes() {
        byte[] bytes = new byte[isIpv4() ? 4 : 16];
        for (int i = 0; i < bytes.length; i++) {
            int back = bytes.length - 1 - i;
            long half = back < 8 ? low : high;
            bytes[i] = (byte) (half >>> (8 * (back & 7)));
        }
        return bytes;
    }

    /**
     * Reads an address as it is usually written; never a name.
     *
     * @throws Malformed it is none
     */
    public static IpAddress parse(String text) {
        return text.indexOf(':') >= 0 ? parseIpv6(text) : ofIpv4(parseIpv4(text));
    }

    private static int parseIpv4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) throw new Malformed("an IPv4 address has four numbers");
        int bits = 0;
        for (String part : parts) {
            if (!part.matches("[0-9]{1,3}") || Integer.parseInt(part) > 255)
                throw new Malformed("an IPv4 address has numbers from 0 to 255");
            bits = bits << 8 | Integer.parseInt(part);
        }
        return bits;
    }

    private static IpAddress parseIpv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            int[] all = groups(text);
            if (all.length != GROUPS) throw new Malformed("an IPv6 address has eight groups");
            return ofGroups(all, new int[0]);
        }
        int[] before = groups(text.substring(0, gap));
        int[] after = groups(text.substring(gap + 2));
        if (before.length + after.length >= GROUPS)
            throw new Malformed("an IPv6 address has eight groups, :: is at least one of them");
        return ofGroups(before, after);
    }

    private static int[] groups(String text) {
        if (text.isEmpty()) return new int[0];
        String[] parts = text.split(":", -1);
        boolean endsAsIpv4 = parts[parts.length - 1].indexOf('.') >= 0;
        int[] groups = new int[parts.length + (endsAsIpv4 ? 1 : 0)];
        int plain = endsAsIpv4 ? parts.length - 1 : parts.length;
        for (int i = 0; i < plain; i++) {
            if (!parts[i].matches("[0-9a-fA-F]{1,4}"))
                throw new Malformed("an IPv6 address has groups of one to four hex digits");
            groups[i] = Integer.parseInt(parts[i], 16);
        }
        if (endsAsIpv4) {
            int bits = parseIpv4(parts[plain]);
            groups[plain] = bits >>> 16;
            groups[plain + 1] = bits & 0xFFFF;
        }
        return groups;
    }

    private static IpAddress ofGroups(int[] before, int[] after) {
        int[] all = new int[GROUPS];
        System.arraycopy(before, 0, all, 0, before.length);
        System.arraycopy(after, 0, all, GROUPS - after.length, after.length);
        long high = 0;
        long low = 0;
        for (int i = 0; i < GROUPS; i++) {
            if (i < 4) high = high << 16 | all[i];
            else low = low << 16 | all[i];
        }
        return new IpAddress(high, low);
    }

    /** As RFC 5952 writes it. */
    @Override
    public String toString() {
        if (isIpv4()) {
            int bits = ipv4Bits();
            return (bits >>> 24)
                    + "."
                    + (bits >>> 16 & 255)
                    + "."
                    + (bits >>> 8 & 255)
                    + "."
                    + (bits & 255);
        }
        int gap = -1;
        int gapLength = 1; // a single zero group is written
        for (int i = 0; i < GROUPS; i++) {
            int zeros = 0;
            while (i + zeros < GROUPS && group(i + zeros) == 0) zeros++;
            if (zeros > gapLength) {
                gap = i;
                gapLength = zeros;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == gap) {
                text.append("::");
                i += gapLength - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') text.append(':');
            text.append(Integer.toHexString(group(i)));
        }
        return text.toString();
    }

    private int group(int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> (48 - 16 * (index & 3))) & 0xFFFF;
    }
}
