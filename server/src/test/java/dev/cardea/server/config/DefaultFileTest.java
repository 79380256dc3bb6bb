package dev.cardea.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DefaultFileTest {
    @Test
    void theDefaultFileIsTheDefaults() throws BadConfig {
        var loaded = ConfigLoader.text("default.yaml", DefaultFile.yaml()).load();
        assertThat(loaded.config()).isEqualTo(Config.DEFAULT);
        assertThat(loaded.warnings()).isEmpty();
    }

    @Test
    void soItIsInTheOtherFormats() throws BadConfig {
        for (String name : List.of("default.json", "default.toml")) {
            String text = name.endsWith("json") ? DefaultFile.json() : DefaultFile.toml();
            var loaded = ConfigLoader.text(name, text).load();
            assertThat(loaded.config()).as(name).isEqualTo(Config.DEFAULT);
            assertThat(loaded.warnings()).as(name).isEmpty();
        }
        assertThat(DefaultFile.toml())
                .contains("# port to listen on; 0 takes a free one\nport = 8000\n");
    }

    @Test
    void everyKeyIsInTheDefaultFile() throws BadConfig {
        Node.Table file = FileReader.parse("default.yaml", DefaultFile.yaml());
        for (String path : Schema.leaves(Config.class).keySet()) {
            boolean isBrief = path.startsWith("client.rate_limit."); // described in a section
            if (!path.contains("[]") && !isBrief)
                assertThat(Tree.get(file, path)).as(path).isNotNull();
        }
    }

    @Test
    void theDocumentationHasTheDefaultFile() throws Exception {
        String page = Files.readString(Path.of("../docs/configuration.md"));
        assertThat(page)
                .as("paste what './cardea config' prints")
                .contains("```yaml\n" + DefaultFile.yaml() + "```\n");
    }

    @Test
    void noKeyIsBothSupportedAndNotYet() {
        assertThat(NotYet.entries().keySet())
                .isNotEmpty()
                .doesNotContainAnyElementsOf(Schema.leaves(Config.class).keySet());
    }
}
