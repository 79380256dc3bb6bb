package dev.cardea.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The keys of Centrifugo that Cardea knows and doesn't support yet: {@code not-yet.txt}. */
final class NotYet {
    /** What another value than the default means for the start. */
    enum Consequence {
        /** A warning names it. */
        HARMLESS,
        /** It decides who may connect, read or write, or what is valid: the start is stopped. */
        GUARDS,
        /** It decides where messages and state go: the start is stopped. */
        DELIVERS,
        /** Nothing here corresponds to it: any value is fine. */
        MOOT
    }

    record Entry(String defaultText, Consequence consequence) {}

    private record Line(int indent, String text) {}

    private final Map<String, List<Line>> templates = new HashMap<>();
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private NotYet() {}

    /** Every such key by its path, with {@code []} behind the name of a list. */
    static Map<String, Entry> entries() {
        return Holder.ENTRIES;
    }

    // Read on first use: most configurations have none of them.
    private static final class Holder {
        static final Map<String, Entry> ENTRIES = read();
    }

    private static Map<String, Entry> read() {
        try (InputStream in = NotYet.class.getResourceAsStream("not-yet.txt")) {
            byte[] bytes = Objects.requireNonNull(in).readAllBytes();
            NotYet notYet = new NotYet();
            notYet.parse(new String(bytes, StandardCharsets.UTF_8));
            return notYet.entries;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void parse(String text) {
        List<Line> lines = new ArrayList<>();
        List<Line> into = lines;
        for (String raw : text.lines().toList()) {
            String line = raw.strip();
            int indent = raw.length() - raw.stripLeading().length();
            if (line.isEmpty() || line.startsWith("#")) continue;
            if (indent == 0 && line.startsWith("@")) {
                into = new ArrayList<>();
                templates.put(line.substring(1, line.length() - 1), into);
            } else {
                if (indent == 0) into = lines;
                into.add(new Line(indent, line));
            }
        }
        expand(lines, "");
    }

    private void expand(List<Line> lines, String path) {
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            if (line.text().startsWith("@")) {
                expand(template(line.text()), path);
                continue;
            }
            int colon = line.text().indexOf(':');
            boolean isGroup = colon >= 0 && !line.text().substring(0, colon).contains(" ");
            if (!isGroup) {
                add(path, line.text());
                continue;
            }
            String own = Keys.join(path, line.text().substring(0, colon));
            String template = line.text().substring(colon + 1).strip();
            if (!template.isEmpty()) expand(template(template), own);
            int end = i + 1;
            while (end < lines.size() && lines.get(end).indent() > line.indent()) end++;
            expand(lines.subList(i + 1, end), own);
            i = end - 1;
        }
    }

    private List<Line> template(String name) {
        return Objects.requireNonNull(templates.get(name.substring(1)), name);
    }

    private void add(String path, String line) {
        String[] words = line.split(" ", -1);
        Consequence consequence =
                words.length < 3
                        ? Consequence.HARMLESS
                        : Consequence.valueOf(words[2].toUpperCase(Locale.ROOT));
        entries.put(Keys.join(path, words[0]), new Entry(words[1].replace("\"", ""), consequence));
    }
}
