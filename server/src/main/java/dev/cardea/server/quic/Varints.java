package dev.cardea.server.quic;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.webtransport.QuicVarint;
import io.netty.buffer.ByteBuf;

/** QUIC's numbers, into Netty's buffers. */
final class Varints {
    private Varints() {}

    static void write(long value, ByteBuf out) {
        if (value < 1 << 6) {
            out.writeByte((int) value);
        } else if (value < 1 << 14) {
            out.writeShort((int) value | 0x4000);
        } else {
            ByteWriter bytes = new ByteWriter(8);
            QuicVarint.write(value, bytes);
            out.writeBytes(bytes.array(), 0, bytes.length());
        }
    }
}
