package dev.cardea.server.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The tests that there are, read off their sources: {@code Class.method} for JUnit, {@code
 * file.test.mjs: title} for those with the JavaScript SDK. A title with a variable in it is any
 * text in that place; one that is skipped is none.
 */
final class WrittenTests {
    private static final Pattern METHOD = Pattern.compile("    (?:public )?void (\\w+)\\(.*");
    private static final Pattern MARK =
            Pattern.compile("@(Test|ParameterizedTest|RepeatedTest|FuzzTest)\\b");
    private static final Pattern TITLE =
            Pattern.compile("\\btest\\(\\s*(['\"`])((?:\\\\.|(?!\\1).)*)\\1");

    private final Set<String> methods = new HashSet<>();
    private final Map<String, List<Pattern>> titles = new HashMap<>();

    /** All of the repository, from a module's folder. */
    static WrittenTests read() {
        WrittenTests tests = new WrittenTests();
        try {
            Files.walkFileTree(Path.of(".."), tests.new Walk());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tests;
    }

    private final class Walk extends SimpleFileVisitor<Path> {
        private static final Set<String> ELSEWHERE =
                Set.of("target", "node_modules", ".git", "main", "docs", "resources");

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            Path name = folder.getFileName();
            boolean isElsewhere = name != null && ELSEWHERE.contains(name.toString());
            boolean isOfATest = folder.toString().contains("src/test");
            return isElsewhere && !isOfATest
                    ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            String name = String.valueOf(file.getFileName());
            if (name.endsWith("Test.java")) java(name, Files.readAllLines(file));
            if (name.endsWith(".test.mjs")) script(name, Files.readString(file));
            return FileVisitResult.CONTINUE;
        }
    }

    private void java(String file, List<String> lines) {
        String testClass = file.substring(0, file.length() - ".java".length());
        for (int i = 0; i < lines.size(); i++) {
            Matcher method = METHOD.matcher(lines.get(i));
            if (!method.matches()) continue;
            int from = i;
            while (from > 0
                    && !lines.get(from - 1).isEmpty()
                    && !lines.get(from - 1).equals("    }")) from--;
            String above = String.join("\n", lines.subList(from, i));
            if (MARK.matcher(above).find() && !above.contains("@Disabled"))
                methods.add(testClass + "." + method.group(1));
        }
    }

    private void script(String file, String text) {
        List<Pattern> found = new ArrayList<>();
        Matcher title = TITLE.matcher(text);
        while (title.find()) {
            String unescaped = title.group(2).replaceAll("\\\\(.)", "$1");
            String regex =
                    Pattern.compile("\\$\\{[^}]*}")
                            .splitAsStream(unescaped)
                            .map(Pattern::quote)
                            .collect(Collectors.joining(".+"));
            if (unescaped.endsWith("}")) regex += ".+";
            found.add(Pattern.compile(regex));
        }
        titles.put(file, found);
    }

    boolean has(String name) {
        int colon = name.indexOf(".test.mjs: ");
        if (colon < 0) return methods.contains(name);
        String file = name.substring(0, colon + ".test.mjs".length());
        String title = name.substring(file.length() + 2);
        return titles.getOrDefault(file, List.of()).stream()
                .anyMatch(pattern -> pattern.matcher(title).matches());
    }

    int count() {
        return methods.size() + titles.values().stream().mapToInt(List::size).sum();
    }
}
