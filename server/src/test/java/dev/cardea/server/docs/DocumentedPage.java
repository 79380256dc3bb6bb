package dev.cardea.server.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The tables of a page in {@code docs/}, by the headings that they stand under. */
record DocumentedPage(String name, Map<String, List<Row>> sections) {
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    /**
     * One row of a table.
     *
     * @param names what is in backticks in its first column
     * @param tests what is in backticks in its last one
     */
    record Row(String text, Set<String> names, List<String> tests) {}

    static DocumentedPage read(String name) {
        Map<String, List<Row>> sections = new LinkedHashMap<>();
        String heading = "";
        try {
            for (String line : Files.readAllLines(Path.of("../docs", name))) {
                if (line.startsWith("## ")) heading = line.substring(3);
                if (!line.startsWith("| ") || line.endsWith(" held by |")) continue;
                String[] cells = line.substring(1, line.length() - 1).split("(?<!\\\\)\\|", -1);
                Set<String> names = new LinkedHashSet<>(quoted(cells[0]));
                List<String> tests = quoted(cells[cells.length - 1]);
                sections.computeIfAbsent(heading, _ -> new ArrayList<>())
                        .add(new Row(line, names, tests));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new DocumentedPage(name, sections);
    }

    static List<String> quoted(String text) {
        return QUOTED.matcher(text).results().map((MatchResult m) -> m.group(1)).toList();
    }

    List<Row> rows(String heading) {
        return sections.getOrDefault(heading, List.of());
    }

    /** What the rows under a heading are about. */
    Set<String> names(String heading) {
        Set<String> names = new LinkedHashSet<>();
        for (Row row : rows(heading)) names.addAll(row.names());
        return names;
    }
}
