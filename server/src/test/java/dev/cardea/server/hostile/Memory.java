package dev.cardea.server.hostile;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.management.ManagementFactory;

/** What this process holds, the server and its attackers together. */
final class Memory {
    private final long before = used();

    /** Bytes that are reachable now and were not when this was made, on the heap and off it. */
    long grownBytes() {
        return used() - before;
    }

    private static long used() {
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        return heap + directBytes();
    }

    /** What Netty's allocators have taken off the heap. */
    static long directBytes() {
        return buffers(ByteBufAllocator.DEFAULT) + buffers(UnpooledByteBufAllocator.DEFAULT);
    }

    private static long buffers(ByteBufAllocator allocator) {
        var metric = ((ByteBufAllocatorMetricProvider) allocator).metric();
        return metric.usedDirectMemory();
    }
}
