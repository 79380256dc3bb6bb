package dev.cardea.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** Reads a configuration file in the format that its name ends with. */
final class FileReader {
    static final int MAX_BYTES = 1 << 20;

    private FileReader() {}

    static Node.Table read(Path file) throws BadConfig {
        byte[] bytes;
        // Not Files.size: what is read may be a pipe, or grow.
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw new BadConfig(file + ": there is no such file");
        } catch (IOException e) {
            throw new BadConfig(file + ": can't be read: " + e.getMessage());
        }
        if (bytes.length > MAX_BYTES) {
            throw new BadConfig(file + ": has more than 1 MiB; expected a configuration file");
        }
        return parse(file.toString(), text(file.toString(), bytes));
    }

    /** The format is told by how the source's name ends. */
    static Node.Table parse(String source, String text) throws BadConfig {
        String name = source.toLowerCase(Locale.ROOT);
        Node root;
        if (name.endsWith(".yaml") || name.endsWith(".yml")) {
            root = YamlReader.read(source, text);
        } else if (name.endsWith(".json")) {
            root = JsonReader.readJson(source, text);
        } else if (name.endsWith(".toml")) {
            root = JsonReader.readToml(source, text);
        } else {
            throw new BadConfig(
                    source + ": expected a name that ends in .yaml, .yml, .json or .toml");
        }
        if (root.isNothing()) return Node.Table.empty(root.place());
        if (root instanceof Node.Table table) return table;
        throw new BadConfig(root.place() + ": is " + root.found() + "; expected a group of keys");
    }

    private static String text(String source, byte[] bytes) throws BadConfig {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new BadConfig(source + ": isn't UTF-8");
        }
    }
}
