package dev.cardea.benchmarks.load;

import dev.cardea.wire.websocket.MessageInflater;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The one place that all connections read into and write from, since only one of them moves at a
 * time.
 */
final class Buffers {
    private static final int READ_BYTES = 1 << 17;
    private static final int MAX_INFLATED_BYTES = 1 << 20;
    private static final int REST_BYTES =
            1 << 17; // the start of a frame that has not arrived whole

    private final MemorySegment input = Arena.global().allocate(REST_BYTES + READ_BYTES);
    private final MemorySegment output = Arena.global().allocate(READ_BYTES);
    private final ByteBuffer in = input.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);

    private final MessageInflater inflater = new MessageInflater();

    ByteBuffer in() {
        return in;
    }

    /** A compressed message that was read; valid until the next one. */
    ByteBuffer inflate(ByteBuffer from, int start, int end) {
        return inflater.inflate(from.slice(start, end - start), MAX_INFLATED_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Reads behind the first {@code restBytes}; see {@link Kernel#receive}. */
    long receive(int fd, int restBytes) {
        return Kernel.receive(fd, input.address() + restBytes, READ_BYTES);
    }

    boolean send(int fd, byte[] bytes) {
        MemorySegment.copy(bytes, 0, output, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return Kernel.send(fd, output.address(), bytes.length);
    }
}
