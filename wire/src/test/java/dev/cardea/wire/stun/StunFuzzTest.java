package dev.cardea.wire.stun;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cardea.wire.Malformed;
import java.nio.ByteBuffer;

class StunFuzzTest {
    private static final StunReader READER = new StunReader();

    /** As they come, and with a header that lets them pass as a message. */
    @FuzzTest(maxDuration = "1m")
    void anyBytesAreReadOrRefused(byte[] input) {
        StunMessageTest.readAll(READER, ByteBuffer.wrap(input));
        ByteBuffer message = ByteBuffer.allocate(20 + (input.length & ~3));
        message.putInt(0x0001_0000 | message.capacity() - 20).putInt(StunReader.COOKIE);
        message.position(20).put(input, 0, input.length & ~3);
        StunMessageTest.readAll(READER, message.clear());
        try {
            ChannelData.data(ByteBuffer.wrap(input));
        } catch (Malformed _) {
            // as it should be
        }
    }
}
