package dev.cardea.server.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SmallDatagramsTest {
    private static boolean isDropped(String header, int length) {
        ByteBuf datagram = Unpooled.buffer(length);
        datagram.writeBytes(HexFormat.of().parseHex(header.replace(" ", "")));
        return SmallDatagrams.isTooSmall(datagram.writerIndex(length));
    }

    @Test
    void aFirstPacketFillsItsDatagram() {
        assertThat(isDropped("c3 00000001 08", 1199)).isTrue();
        assertThat(isDropped("c3 00000001 08", 1200)).isFalse();
    }

    @Test
    void whatAsksForAnotherVersionDoesToo() {
        assertThat(isDropped("c3 1a2a3a4a 08", 1199)).isTrue();
        assertThat(isDropped("e3 1a2a3a4a 08", 60)).isTrue();
        assertThat(isDropped("e3 1a2a3a4a 08", 1200)).isFalse();
    }

    @Test
    void whatBelongsToAConnectionMayBeShort() {
        assertThat(isDropped("e3 00000001 08", 60)).isFalse(); // Handshake
        assertThat(isDropped("43 0102030405", 30)).isFalse(); // short header
    }

    @Test
    void whatHasNoHeaderIsDropped() {
        assertThat(isDropped("c3 000000", 4)).isTrue();
        assertThat(isDropped("", 0)).isTrue();
    }
}
