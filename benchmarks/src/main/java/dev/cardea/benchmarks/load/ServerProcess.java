package dev.cardea.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What Linux tells of the server's process, all its threads together (proc(5)). */
record ServerProcess(long pid) {
    /** USER_HZ, which is 100 on every Linux that Java runs on. */
    static final long TICKS_A_SECOND = 100;

    /** User and system time. */
    long cpuTicks() {
        String stat = read("stat");
        // The second field, in parentheses, may hold anything: count from behind it. utime is 14,
        // stime is 15.
        List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
        return Long.parseLong(fields.get(14 - 3)) + Long.parseLong(fields.get(15 - 3));
    }

    /**
     * Ends it, without waiting for that.
     *
     * @param gently it is told to; otherwise it has no time to say anything
     */
    void end(boolean gently) {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        boolean isTold = gently ? process.destroy() : process.destroyForcibly();
        if (!isTold) throw new IllegalStateException("can't end the server");
    }

    long residentBytes() {
        return read("status")
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .sum();
    }

    private String read(String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), file));
        } catch (IOException e) {
            throw new UncheckedIOException("the server has gone", e);
        }
    }
}
