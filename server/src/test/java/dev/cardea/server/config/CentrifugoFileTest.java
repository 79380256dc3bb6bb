package dev.cardea.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Files that Centrifugo 6 would start with. */
final class CentrifugoFileTest {
    /** What its {@code defaultconfig} prints: all that it knows, as it is without a file. */
    @Test
    void everyKeyAtItsDefaultStartsWithoutAWord() throws Exception {
        Map<String, String> all = new LinkedHashMap<>();
        Schema.leaves(Config.class)
                .forEach((path, key) -> all.put(path, Values.written(Binder.defaultOf(key))));
        NotYet.entries().forEach((path, entry) -> all.put(path, entry.defaultText()));
        ObjectMapper json = new ObjectMapper();
        ObjectNode root = json.createObjectNode();
        all.forEach((path, value) -> {
            if (!path.contains("[]")) put(root, path, value);
        });
        var loaded = ConfigLoader.text("default.json", json.writeValueAsString(root)).load();
        assertThat(loaded.config()).isEqualTo(Config.DEFAULT);
        assertThat(loaded.warnings()).isEmpty();
        assertThat(all.size()).isGreaterThan(300);
    }

    /**
     * The same as Centrifugo writes it: null for an empty list, 1m0s for 1m, empty for a default.
     */
    @Test
    void soItDoesInCentrifugosOwnHand() throws Exception {
        var loaded = ConfigLoader.file(Path.of("../interop/centrifugo-defaults.json")).load();
        assertThat(loaded.config()).isEqualTo(Config.DEFAULT);
        assertThat(loaded.warnings()).isEmpty();
    }

    private static void put(ObjectNode root, String path, String value) {
        ObjectNode group = root;
        String[] keys = path.split("\\.", -1);
        for (int i = 0; i < keys.length - 1; i++) group = group.withObjectProperty(keys[i]);
        String last = keys[keys.length - 1];
        switch (value) {
            case "[]" -> group.putArray(last);
            case "{}" -> group.putObject(last);
            case "true", "false" -> group.put(last, Boolean.parseBoolean(value));
            default -> {
                if (value.matches("[0-9]+")) group.put(last, Long.parseLong(value));
                else group.put(last, value);
            }
        }
    }

    @Test
    void theFileForProductionIsGood() throws Exception {
        var loaded = ConfigLoader.file(Path.of("../deploy/cardea.yaml")).load();
        assertThat(loaded.warnings()).allMatch(warning -> warning.contains("http_api.key"));
        assertThat(loaded.config().httpServer().isSplit()).isTrue();
    }
}
