package dev.cardea.server.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.toml.TomlFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON, and TOML by way of the same tokens. */
final class JsonReader {
    private static final StreamReadConstraints BOUNDS =
            StreamReadConstraints.builder()
                    .maxNestingDepth(50)
                    .maxDocumentLength(FileReader.MAX_BYTES)
                    .maxNumberLength(100)
                    .build();

    private final String source;
    private final JsonParser parser;
    private final boolean hasLines;

    private JsonReader(String source, JsonParser parser, boolean hasLines) {
        this.source = source;
        this.parser = parser;
        this.hasLines = hasLines;
    }

    static Node readJson(String source, String text) throws BadConfig {
        JsonFactory json =
                JsonFactory.builder()
                        .streamReadConstraints(BOUNDS)
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .build();
        return read(source, "JSON", json, text, true);
    }

    static Node readToml(String source, String text) throws BadConfig {
        TomlFactory toml = TomlFactory.builder().streamReadConstraints(BOUNDS).build();
        return read(source, "TOML", toml, text, false);
    }

    private static Node read(
            String source, String format, JsonFactory factory, String text, boolean hasLines)
            throws BadConfig {
        try (JsonParser parser = factory.createParser(text)) {
            JsonReader reader = new JsonReader(source, parser, hasLines);
            if (parser.nextToken() == null) return Node.Table.empty(new Place(source, 0));
            Node root = reader.value();
            if (parser.nextToken() != null) {
                throw new BadConfig(reader.place() + ": goes on behind its end");
            }
            return root;
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw new BadConfig(
                    new Place(source, line) + ": isn't " + format + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new BadConfig(source + ": isn't " + format + ": " + e.getMessage());
        }
    }

    private Node value() throws IOException {
        Place place = place();
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Node> entries = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String key = parser.currentName();
                    parser.nextToken();
                    entries.put(key, value());
                }
                yield new Node.Table(place, entries);
            }
            case START_ARRAY -> {
                List<Node> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) items.add(value());
                yield new Node.Items(place, items);
            }
            case VALUE_NULL -> new Node.Scalar(place, Node.Kind.NOTHING, "");
            case VALUE_TRUE, VALUE_FALSE ->
                    new Node.Scalar(place, Node.Kind.BOOLEAN, parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                    new Node.Scalar(place, Node.Kind.NUMBER, parser.getText());
            default -> new Node.Scalar(place, Node.Kind.TEXT, parser.getText());
        };
    }

    private Place place() {
        return new Place(source, hasLines ? parser.currentTokenLocation().getLineNr() : 0);
    }
}
