package dev.cardea.server.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * YAML 1.1 with anchors, aliases and merge keys. Builds no Java objects, whatever a tag asks for,
 * and stops an alias bomb by counting what the aliases expand to.
 */
final class YamlReader {
    private static final int MAX_NODES = 100_000;
    private static final int MAX_DEPTH = 50;

    private final String source;
    private int nodes;

    private YamlReader(String source) {
        this.source = source;
    }

    static Node read(String source, String text) throws BadConfig {
        LoaderOptions options = new LoaderOptions();
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setCodePointLimit(FileReader.MAX_BYTES);
        options.setAllowDuplicateKeys(false);
        try {
            org.yaml.snakeyaml.nodes.Node root =
                    new Yaml(options).compose(new java.io.StringReader(text));
            if (root == null) return Node.Table.empty(new Place(source, 0));
            return new YamlReader(source).convert(root, 0);
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
            throw new BadConfig(new Place(source, line) + ": isn't YAML: " + e.getProblem());
        } catch (YAMLException e) {
            throw new BadConfig(source + ": isn't YAML: " + e.getMessage());
        }
    }

    private Node convert(org.yaml.snakeyaml.nodes.Node yaml, int depth) throws BadConfig {
        Place place = place(yaml);
        if (++nodes > MAX_NODES || depth > MAX_DEPTH) {
            throw new BadConfig(place + ": its aliases expand to too much");
        }
        return switch (yaml) {
            case MappingNode mapping -> table(place, mapping, depth);
            case SequenceNode sequence -> {
                List<Node> items = new ArrayList<>();
                for (org.yaml.snakeyaml.nodes.Node item : sequence.getValue()) {
                    items.add(convert(item, depth + 1));
                }
                yield new Node.Items(place, items);
            }
            case ScalarNode scalar -> new Node.Scalar(place, kind(scalar), scalar.getValue());
            default -> throw new BadConfig(place + ": has a kind of YAML that isn't read here");
        };
    }

    private Node.Table table(Place place, MappingNode mapping, int depth) throws BadConfig {
        Map<String, Node> merged = new LinkedHashMap<>();
        Map<String, Node> own = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw new BadConfig(place(tuple.getKeyNode()) + ": a key must be a text");
            }
            Node value = convert(tuple.getValueNode(), depth + 1);
            if (key.getTag().equals(Tag.MERGE)) {
                merge(merged, value);
            } else if (own.put(key.getValue(), place(key, value)) != null) {
                throw new BadConfig(place(key) + ": " + key.getValue() + " is written twice");
            }
        }
        merged.putAll(own); // a mapping's own keys win over merged ones
        return new Node.Table(place, merged);
    }

    /** A scalar stands where its key stands: the line that an operator looks for. */
    private Node place(ScalarNode key, Node value) {
        return value instanceof Node.Scalar(Place _, Node.Kind kind, String text)
                ? new Node.Scalar(place(key), kind, text)
                : value;
    }

    private void merge(Map<String, Node> merged, Node value) throws BadConfig {
        switch (value) {
            case Node.Table(Place _, Map<String, Node> entries) ->
                    entries.forEach(merged::putIfAbsent);
            case Node.Items(Place _, List<Node> items) -> {
                for (Node item : items) merge(merged, item);
            }
            case Node.Scalar(Place place, Node.Kind _, String _) ->
                    throw new BadConfig(place + ": << expects a group of keys");
        }
    }

    private static Node.Kind kind(ScalarNode scalar) {
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.NULL)) return Node.Kind.NOTHING;
        if (tag.equals(Tag.BOOL)) return Node.Kind.BOOLEAN;
        if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) return Node.Kind.NUMBER;
        return Node.Kind.TEXT;
    }

    private Place place(org.yaml.snakeyaml.nodes.Node yaml) {
        return new Place(source, yaml.getStartMark().getLine() + 1);
    }
}
