package dev.cardea.server.cli;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JVM's compilers, which give way to the event loops where both want the same core: what is
 * being compiled speeds up the next minutes, a message is late now.
 *
 * <p>Linux alone has priorities of single threads. Anybody may lower one (setpriority(2)), so this
 * needs no rights, unlike the JVM's own {@code -XX:CompilerThreadPriority}, which warns whoever
 * isn't root. Threads that the JVM adds later are started by a compiler thread, and take after it.
 */
final class CompilerThreads {
    private static final Logger LOG = LoggerFactory.getLogger(CompilerThreads.class);

    /** Beside an event loop that wants the same core, a fifth of it. */
    private static final int NICER = 6;

    private static final int NICEST = 19;
    private static final int PRIO_PROCESS = 0;
    private static final Path THREADS = Path.of("/proc/self/task");

    private CompilerThreads() {}

    /** Returns at once: nobody waits for it. */
    static void giveWay() {
        Thread.ofPlatform().name("compiler-threads").daemon().start(CompilerThreads::lower);
    }

    private static void lower() {
        try {
            for (int thread : all()) setPriority(thread, Math.min(NICEST, nice(thread) + NICER));
        } catch (IOException | RuntimeException e) {
            LOG.atDebug().setCause(e).log("compilers_do_not_give_way");
        }
    }

    /** Empty where threads have no names to be read. */
    static List<Integer> all() throws IOException {
        if (!Files.isDirectory(THREADS)) return List.of();
        try (Stream<Path> threads = Files.list(THREADS)) {
            return threads.filter(CompilerThreads::compiles)
                    .map(thread -> Integer.parseInt(thread.getFileName().toString()))
                    .toList();
        }
    }

    private static boolean compiles(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).matches("C[12] Compiler.*\\s*");
        } catch (IOException _) {
            return false; // it has ended
        }
    }

    /** Field 19 of proc(5)'s stat; the second, the name, may have blanks in it. */
    private static int nice(int thread) throws IOException {
        String stat = Files.readString(THREADS.resolve(thread + "/stat"));
        String[] fromThird = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Integer.parseInt(fromThird[16]);
    }

    @SuppressWarnings("restricted") // the launcher allows it: --enable-native-access
    private static void setPriority(int thread, int nice) {
        Linker linker = Linker.nativeLinker();
        Optional<MethodHandle> setPriority =
                linker.defaultLookup()
                        .find("setpriority")
                        .map(address ->
                                linker.downcallHandle(
                                        address,
                                        FunctionDescriptor.of(
                                                ValueLayout.JAVA_INT,
                                                ValueLayout.JAVA_INT,
                                                ValueLayout.JAVA_INT,
                                                ValueLayout.JAVA_INT)));
        if (setPriority.isEmpty()) return;
        try {
            int _ = (int) setPriority.get().invokeExact(PRIO_PROCESS, thread, nice);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
