package dev.cardea.server.metrics;

import dev.cardea.messaging.api.ApiResponse.ProcessUse;
import java.util.function.Supplier;

/** What {@code info} tells about this process: its CPU since it was asked last, its memory. */
public final class ProcessUses implements Supplier<ProcessUse> {
    private final CpuMeter meter = new CpuMeter(System.nanoTime(), Jvm.cpuNanos());

    @Override
    public ProcessUse get() {
        double percent = meter.cores(System.nanoTime(), Jvm.cpuNanos()) * 100;
        return new ProcessUse(Math.round(percent * 10) / 10.0, Jvm.residentBytes());
    }
}
