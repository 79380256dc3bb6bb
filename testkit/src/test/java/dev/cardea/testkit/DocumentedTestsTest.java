package dev.cardea.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages that name the test behind each promise name tests that are there. */
class DocumentedTestsTest {
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+Test)\\.(\\w+)`");

    @Test
    void everyTestThatThePagesNameIsThere() throws IOException {
        List<String> missing = new ArrayList<>();
        String page = Files.readString(Path.of("../docs/client-protocol.md"));
        List<MatchResult> named = NAMED.matcher(page).results().toList();
        for (MatchResult name : named) {
            if (!isThere(name.group(1), name.group(2))) missing.add(name.group());
        }
        assertThat(named).hasSizeGreaterThan(40);
        assertThat(missing).isEmpty();
    }

    private static boolean isThere(String testClass, String method) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("../testkit/src/test/java"))) {
            for (Path file : files.toList()) {
                if (file.endsWith(testClass + ".java"))
                    return Files.readString(file).contains(" void " + method + "(");
            }
        }
        return false;
    }
}
