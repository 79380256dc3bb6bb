package dev.cardea.benchmarks.load;

import java.nio.charset.StandardCharsets;

/**
 * What a client writes: the upgrade of RFC 6455 section 4.1 and Centrifugo's commands as masked
 * text frames.
 */
final class Commands {
    /** The answer to the sample nonce of RFC 6455 section 1.3. */
    static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

    private Commands() {}

    /**
     * @param takesCompressed offers {@code permessage-deflate}
     */
    static byte[] upgrade(int port, boolean takesCompressed) {
        return ascii(
                "GET /connection/websocket HTTP/1.1\r\nHost: 127.0.0.1:"
                        + port
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                        + (takesCompressed
                                ? "Sec-WebSocket-Extensions: permessage-deflate;"
                                        + " client_no_context_takeover;"
                                        + " server_no_context_takeover\r\n"
                                : "")
                        + "\r\n");
    }

    /** A stream of events of one channel. */
    static byte[] listen(int port, String channel) {
        String connect = "%7B%22subs%22:%7B%22" + channel + "%22:%7B%7D%7D%7D";
        return ascii(
                "GET /connection/uni_sse?cf_connect="
                        + connect
                        + " HTTP/1.1\r\nHost: 127.0.0.1:"
                        + port
                        + "\r\nAccept: text/event-stream\r\n\r\n");
    }

    /** A call of the server API that publishes. */
    static byte[] post(String channel, byte[] data) {
        String body = "{\"channel\":\"" + channel + "\",\"data\":";
        int length = body.length() + data.length + 1;
        byte[] head =
                ascii(
                        "POST /api/publish HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: "
                                + length
                                + "\r\nContent-Type: application/json\r\n\r\n"
                                + body);
        byte[] request = new byte[head.length + data.length + 1];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(data, 0, request, head.length, data.length);
        request[request.length - 1] = '}';
        return request;
    }

    /** Connect and subscribe in one frame, as npm's centrifuge does. */
    static byte[] join(String channel, Position since) {
        String recover =
                since.epoch().isEmpty()
                        ? ""
                        : ",\"recover\":true,\"epoch\":\"%s\",\"offset\":%d"
                                .formatted(since.epoch(), since.offset());
        return text(
                "{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\""
                        + channel
                        + "\""
                        + recover
                        + "}}");
    }

    static byte[] connect() {
        return text("{\"id\":1,\"connect\":{}}");
    }

    static byte[] pong() {
        return text("{}");
    }

    static byte[] publish(long id, String channel, byte[] data) {
        String head = "{\"id\":" + id + ",\"publish\":{\"channel\":\"" + channel + "\",\"data\":";
        byte[] message = new byte[head.length() + data.length + 2];
        byte[] start = ascii(head);
        System.arraycopy(start, 0, message, 0, start.length);
        System.arraycopy(data, 0, message, start.length, data.length);
        message[message.length - 2] = '}';
        message[message.length - 1] = '}';
        return frame(1, message);
    }

    static byte[] frame(int opcode, byte[] payload) {
        int header = payload.length < 126 ? 2 : 4;
        byte[] frame = new byte[header + 4 + payload.length];
        frame[0] = (byte) (0x80 | opcode);
        frame[1] = (byte) (0x80 | (header == 2 ? payload.length : 126));
        if (header == 4) {
            frame[2] = (byte) (payload.length >> 8);
            frame[3] = (byte) payload.length;
        }
        System.arraycopy(MASK, 0, frame, header, 4);
        for (int i = 0; i < payload.length; i++) {
            frame[header + 4 + i] = (byte) (payload[i] ^ MASK[i & 3]);
        }
        return frame;
    }

    private static byte[] text(String commands) {
        return frame(1, ascii(commands));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
