package dev.cardea.server.hostile;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.netbeans.lib.profiler.heap.Heap;
import org.netbeans.lib.profiler.heap.HeapFactory;
import org.netbeans.lib.profiler.heap.Instance;
import org.netbeans.lib.profiler.heap.JavaClass;

/** What is reachable in this process, as a heap dump has it. */
final class HeapDump {
    /** All objects of one class. */
    record Share(String className, int instances, long bytes) {}

    private final Heap heap;

    private HeapDump(Heap heap) {
        this.heap = heap;
    }

    static HeapDump take(Path folder) throws IOException {
        Path file = Files.createTempFile(folder, "dump", ".hprof");
        Files.delete(file); // it must not be there
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpHeap(file.toString(), true);
        return new HeapDump(HeapFactory.createHeap(file.toFile()));
    }

    long bytes() {
        return heap.getSummary().getTotalLiveBytes();
    }

    List<Instance> all(String className) {
        List<Instance> all = new ArrayList<>();
        for (Object each : heap.getJavaClassByName(className).getInstances())
            all.add((Instance) each);
        return all;
    }

    /** The classes whose objects take most. */
    List<Share> largest(int count) {
        List<Share> shares = new ArrayList<>();
        for (Object each : heap.getAllClasses()) {
            JavaClass type = (JavaClass) each;
            shares.add(
                    new Share(
                            type.getName(), type.getInstancesCount(), type.getAllInstancesSize()));
        }
        shares.sort(Comparator.comparingLong(Share::bytes).reversed());
        return List.copyOf(shares.subList(0, count));
    }

    static int number(Instance of, String field) {
        Number value = (Number) of.getValueOfField(field);
        if (value == null)
            throw new IllegalArgumentException(of.getJavaClass().getName() + " has no " + field);
        return value.intValue();
    }

    /** What a chain of fields leads to; null where one of them is null. */
    static @Nullable Instance follow(Instance from, String... fields) {
        Instance at = from;
        for (String field : fields) {
            at = (Instance) at.getValueOfField(field);
            if (at == null) return null;
        }
        return at;
    }
}
