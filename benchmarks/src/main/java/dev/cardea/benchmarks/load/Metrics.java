package dev.cardea.benchmarks.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** What the server tells of its own memory at /metrics, in Prometheus's text format. */
record Metrics(int port) {
    private static final Map<String, String> NAMES =
            Map.of(
                    "heap", "jvm_memory_used_bytes{area=\"heap\"",
                    "direct", "jvm_buffer_memory_used_bytes{id=\"direct\"");

    /** Empty if the server is no JVM or tells nothing. */
    Map<String, Double> megabytes() {
        Map<String, Double> found = new TreeMap<>();
        read().lines().forEach(line -> add(line, found));
        return found;
    }

    /** A series without labels. */
    double value(String name) {
        return read().lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .sum();
    }

    private static void add(String line, Map<String, Double> to) {
        NAMES.forEach((what, start) -> {
            if (!line.startsWith(start)) return;
            double bytes = Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            to.merge(what, bytes / 1e6, Double::sum);
        });
    }

    private String read() {
        try (InputStream in =
                URI.create("http://127.0.0.1:" + port + "/metrics").toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
