package dev.cardea.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.session.Session;
import dev.cardea.rtc.turn.TurnEngine;
import dev.cardea.wire.Bytes;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Protocols and the core get time, threads, randomness and bytes from outside. What Maven can't
 * keep them from, because it is in the JDK, is looked for in their bytecode.
 */
class PurityTest {
    private static final List<String> FORBIDDEN_PACKAGES =
            List.of("java/net/", "java/nio/channels/", "java/nio/file/", "javax/net/");

    private static final Set<String> FORBIDDEN_CLASSES =
            Set.of(
                    "java/lang/Process",
                    "java/lang/ProcessBuilder",
                    "java/lang/Runtime",
                    "java/lang/ThreadLocal",
                    "java/io/File",
                    "java/io/FileInputStream",
                    "java/io/FileOutputStream",
                    "java/io/RandomAccessFile",
                    "java/time/Clock",
                    "java/util/Timer",
                    "java/util/concurrent/Executors",
                    "java/util/concurrent/ForkJoinPool",
                    "java/util/concurrent/ThreadLocalRandom",
                    "java/security/SecureRandom");

    private static final Set<String> FORBIDDEN_MEMBERS =
            Set.of(
                    "java/lang/System.nanoTime",
                    "java/lang/System.currentTimeMillis",
                    "java/lang/System.getenv",
                    "java/lang/System.out",
                    "java/lang/System.err",
                    "java/lang/Math.random",
                    "java/util/UUID.randomUUID",
                    "java/util/concurrent/CompletableFuture.supplyAsync",
                    "java/util/concurrent/CompletableFuture.runAsync",
                    "java/util/concurrent/CompletableFuture.orTimeout",
                    "java/util/concurrent/CompletableFuture.delayedExecutor");

    @ParameterizedTest
    @ValueSource(classes = {Bytes.class, Session.class, TurnEngine.class})
    void aModuleUsesNoThreadClockSocketOrFile(Class<?> ofModule) throws Exception {
        List<String> found = new ArrayList<>();
        int classes = inspect(ofModule, found);

        assertThat(found).isEmpty();
        assertThat(classes).isGreaterThan(20);
    }

    @ParameterizedTest
    @ValueSource(classes = PurityTest.class)
    void whatIsForbiddenIsFound(Class<?> impure) throws Exception {
        List<String> found = new ArrayList<>();
        inspect(impure, found);

        assertThat(found)
                .contains(
                        "dev/cardea/testkit/PurityTest uses java/nio/file/Files",
                        "dev/cardea/testkit/PurityTest$Impure uses java/lang/Thread.ofVirtual",
                        "dev/cardea/testkit/PurityTest$Impure uses java/lang/System.nanoTime",
                        "dev/cardea/testkit/PurityTest$Impure uses java/time/Instant.now")
                .doesNotContain(
                        "dev/cardea/testkit/PurityTest$Impure uses java/lang/Thread.onSpinWait");
    }

    /** So that what finds nothing is known to look. */
    static final class Impure {
        private Impure() {}

        static Object doesAllOfIt() {
            Thread.onSpinWait();
            return List.of(Thread.ofVirtual(), System.nanoTime(), java.time.Instant.now());
        }
    }

    private static int inspect(Class<?> ofModule, List<String> found)
            throws IOException, URISyntaxException {
        Path place =
                Path.of(
                        Objects.requireNonNull(ofModule.getProtectionDomain().getCodeSource())
                                .getLocation()
                                .toURI());
        if (Files.isDirectory(place)) return inspectAll(place, found);
        try (FileSystem jar = FileSystems.newFileSystem(place)) {
            return inspectAll(jar.getPath("/"), found);
        }
    }

    private static int inspectAll(Path root, List<String> found) throws IOException {
        int inspected = 0;
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (!file.toString().endsWith(".class")) continue;
                inspect(ClassFile.of().parse(Files.readAllBytes(file)), found);
                inspected++;
            }
        }
        return inspected;
    }

    private static void inspect(ClassModel model, List<String> found) {
        String name = model.thisClass().asInternalName();
        for (PoolEntry entry : model.constantPool()) {
            String forbidden = forbidden(entry);
            if (!forbidden.isEmpty()) found.add(name + " uses " + forbidden);
        }
    }

    private static String forbidden(PoolEntry entry) {
        if (entry instanceof ClassEntry type) {
            String name = type.asInternalName();
            boolean is =
                    FORBIDDEN_CLASSES.contains(name)
                            || FORBIDDEN_PACKAGES.stream().anyMatch(name::startsWith);
            return is ? name : "";
        }
        if (!(entry instanceof MemberRefEntry member)) return "";
        String owner = member.owner().asInternalName();
        String name = owner + "." + member.name().stringValue();
        boolean ofThread =
                owner.equals("java/lang/Thread") && !name.equals("java/lang/Thread.onSpinWait");
        boolean now = owner.startsWith("java/time/") && name.endsWith(".now");
        return ofThread || now || FORBIDDEN_MEMBERS.contains(name) ? name : "";
    }
}
