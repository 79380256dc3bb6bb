package dev.cardea.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class DefaultFileTest {
    @Test
    void theDefaultFileIsTheDefaults() throws BadConfig {
        var loaded = ConfigLoader.text("default.yaml", DefaultFile.yaml()).load();
        assertThat(loaded.config()).isEqualTo(Config.DEFAULT);
        assertThat(loaded.warnings()).isEmpty();
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
