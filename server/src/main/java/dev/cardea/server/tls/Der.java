package dev.cardea.server.tls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/** What certificates, requests for them and keys are written in (X.690 section 8.1). */
final class Der {
    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int UTF8_STRING = 0x0c;
    static final int UTC_TIME = 0x17;
    static final int SEQUENCE = 0x30;
    static final int SET = 0x31;

    /** Of a general name (RFC 5280 section 4.2.1.6). */
    static final int DNS_NAME = 0x82;

    static final byte[] ECDSA_WITH_SHA256 = hex("300a06082a8648ce3d040302");
    static final byte[] ALTERNATIVE_NAMES = hex("0603551d11");

    private Der() {}

    static byte[] element(int tag, byte[]... contents) {
        int length = 0;
        for (byte[] content : contents) length += content.length;
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 5);
        out.write(tag);
        int lengthBytes = length < 0x80 ? 0 : length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
        if (lengthBytes > 0) out.write(0x80 | lengthBytes);
        for (int i = Math.max(1, lengthBytes) - 1; i >= 0; i--) out.write(length >> (8 * i));
        for (byte[] content : contents) out.writeBytes(content);
        return out.toByteArray();
    }

    static byte[] text(int tag, String text) {
        return element(tag, text.getBytes(UTF_8));
    }

    /** A bit string of whole bytes. */
    static byte[] bits(byte[] bytes) {
        return element(BIT_STRING, new byte[] {0}, bytes);
    }

    static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
