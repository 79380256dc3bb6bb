package dev.cardea.wire.stun;

import dev.cardea.wire.Malformed;

/** An IP address and a port. */
public record TransportAddress(IpAddress ip, int port) {
    public boolean isIpv4() {
        return ip.isIpv4();
    }

    /**
     * Reads {@code 192.0.2.1:3478} or {@code [2001:db8::1]:3478}; never a name.
     *
     * @throws Malformed it is none
     */
    public static TransportAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (colon < 0 || (!bracketed && host.indexOf(':') >= 0))
            throw new Malformed(
                    "expected an address and a port: 192.0.2.1:3478 or [2001:db8::1]:3478");
        String port = text.substring(colon + 1);
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 0xFFFF)
            throw new Malformed("a port is a number from 0 to 65535");
        IpAddress ip = IpAddress.parse(bracketed ? host.substring(1, host.length() - 1) : host);
        return new TransportAddress(ip, Integer.parseInt(port));
    }

    @Override
    public String toString() {
        return isIpv4() ? ip + ":" + port : "[" + ip + "]:" + port;
    }
}
