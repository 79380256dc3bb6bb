package dev.cardea.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The server as a process of its own. */
@Timeout(60)
final class ServeTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    /** Standard error goes to a file, whose content outlives the process. */
    private Process java(String log, String... arguments) throws IOException {
        return java(List.of(), log, arguments);
    }

    private Process java(List<String> before, String log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"));
        command.add("dev.cardea.server.Main");
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(folder.resolve(log).toFile()).start();
    }

    private static String readUntilReady(BufferedReader out) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("Cardea is ready: ")) return line;
        }
        throw new AssertionError("never ready");
    }

    @Test
    void aSignalEndsItWithZeroAndOneLine() throws Exception {
        Process process = java("log", "serve", "--port", "0", "--address", "127.0.0.1");
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(readUntilReady(out)).matches("Cardea is ready: http://localhost:[0-9]+");
            process.destroy(); // SIGTERM
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        List<String> log =
                Files.readAllLines(folder.resolve("log")).stream()
                        // where the tests run in the background, their processes have no SIGINT
                        .filter(line -> !line.contains(" event=signal_ignored "))
                        .toList();
        assertThat(process.exitValue()).isZero();
        assertThat(log).hasSize(4);
        assertThat(log.getFirst()).contains("http_api.key is not set");
        assertThat(log.get(1)).contains(" level=info event=started version=development port=");
        assertThat(log.get(2)).endsWith(" level=info event=stopping grace=0s timeout=30s");
        assertThat(log.getLast()).endsWith(" level=info event=stopped");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void itsCompilersGiveWayToItsEventLoops() throws Exception {
        Process process = java("log", "serve", "--port", "0", "--address", "127.0.0.1");
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            readUntilReady(out);
            Map<String, Set<Integer>> nice = niceByName(process);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            int loops = Objects.requireNonNull(nice.get("cardea-loop-1-1")).iterator().next();
            while (!nice.getOrDefault("C1 CompilerThre", Set.of()).equals(Set.of(loops + 6))) {
                assertThat(System.nanoTime()).as("%s", nice).isLessThan(deadline);
                nice = niceByName(process);
            }
            assertThat(nice.get("cardea-loop-1-1")).isEqualTo(Set.of(loops));
        } finally {
            process.destroyForcibly();
        }
    }

    /** Of each name of a thread, what proc(5) says in field 19 of {@code stat}. */
    private static Map<String, Set<Integer>> niceByName(Process process) throws IOException {
        Map<String, Set<Integer>> nice = new TreeMap<>();
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
            for (Path thread : threads.toList()) {
                String stat;
                try {
                    stat = Files.readString(thread.resolve("stat"));
                } catch (NoSuchFileException _) {
                    continue; // it has ended
                }
                int nameEnd = stat.lastIndexOf(')');
                String name = stat.substring(stat.indexOf('(') + 1, nameEnd);
                int value = Integer.parseInt(stat.substring(nameEnd + 2).split(" ", -1)[16]);
                nice.computeIfAbsent(name, _ -> new TreeSet<>()).add(value);
            }
        }
        return nice;
    }

    @Test
    void linesAreWrittenWhereAndAsTheConfigurationSays() throws Exception {
        Path config = folder.resolve("c.yaml");
        Path file = folder.resolve("cardea.log");
        Files.writeString(config, "log: {level: info, format: json, file: '" + file + "'}");
        Process process = java("log", "serve", "--port", "0", "--config", config.toString());
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            readUntilReady(out);
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readString(file)).contains("\"event\":\"started\"");
        assertThat(Files.readAllLines(file)).allMatch(line -> line.matches("\\{.*}"));
        assertThat(Files.readString(folder.resolve("log"))).doesNotContain("event=started");
    }

    @Test
    void aSecondSignalDoesNotWaitForAnybody() throws Exception {
        Path config = folder.resolve("c.yaml");
        Files.writeString(config, "shutdown: {grace: 100s, timeout: 200s}");
        Process process = java("log", "serve", "--port", "0", "--config", config.toString());
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            readUntilReady(out);
            process.destroy();
            awaitLine("log", "event=stopping");
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isEqualTo(143);
        assertThat(Files.readAllLines(folder.resolve("log")).getLast())
                .endsWith(" level=info event=stopped_at_once");
    }

    @Test
    void sighupReadsTheConfigurationAgainAndABadOneChangesNothing() throws Exception {
        Path config = folder.resolve("c.yaml");
        String base =
                "http_api: {key: a}\nlog: {format: json, file: %s}\n"
                        .formatted(folder.resolve("events"));
        Files.writeString(config, base);
        Process process = java("log", "serve", "--port", "0", "--config", config.toString());
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            readUntilReady(out);
            Files.writeString(
                    config, base + "channel: {namespaces: [{name: chat}]}\nevent_loops: 3");
            hangUp(process);
            awaitLine("events", "\"event\":\"restart_needed\",\"keys\":\"event_loops\"}");
            Files.writeString(config, base + "event_loops: many");
            hangUp(process);
            awaitLine(
                    "events",
                    "\"event\":\"not_reloaded\",\"problem\":\"" + config + ":3: event_loops");
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isZero();
        assertThat(Files.readString(folder.resolve("events")))
                .contains("\"event\":\"reloaded\",\"changed\":\"channel.namespaces\"}");
    }

    @Test
    void underNohupTheLogSaysThatSighupIsIgnored() throws Exception {
        Process process =
                java(List.of("nohup"), "log", "serve", "--port", "0", "--address", "127.0.0.1");
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            readUntilReady(out);
            hangUp(process);
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readString(folder.resolve("log")))
                .contains(" level=info event=signal_ignored signal=SIGHUP")
                .doesNotContain("event=reloaded");
    }

    private static void hangUp(Process process) throws Exception {
        assertThat(
                        new ProcessBuilder("kill", "-HUP", Long.toString(process.pid()))
                                .start()
                                .waitFor())
                .isZero();
    }

    private void awaitLine(String log, String text) throws Exception {
        Path file = folder.resolve(log);
        for (long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
                !(Files.exists(file) && Files.readString(file).contains(text)); ) {
            assertThat(System.nanoTime()).as(text).isLessThan(until);
            Thread.onSpinWait();
        }
    }

    @Test
    void aPortInUseIsToldWithoutAStackTrace() throws Exception {
        Process first = java("first", "dev", "--port", "0");
        try (BufferedReader out = first.inputReader(StandardCharsets.UTF_8)) {
            String ready = readUntilReady(out);
            String port = ready.substring(ready.lastIndexOf(':') + 1);
            assertThat(out.readLine()).matches("  HTTP API key: [0-9a-f]{32}");
            Process second = java("second", "dev", "--port", port);
            assertThat(second.waitFor()).isEqualTo(1);
            List<String> log = Files.readAllLines(folder.resolve("second"));
            assertThat(log).hasSize(1);
            assertThat(log.getFirst())
                    .startsWith("cardea: can't listen on port " + port + " of 127.0.0.1 (")
                    .endsWith("Address already in use); --port and --address choose another");
        } finally {
            first.destroyForcibly();
        }
    }
}
