package dev.cardea.server.cli;

import dev.cardea.server.config.BadConfig;
import dev.cardea.server.config.ConfigLoader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The built-in configuration for trying things out: {@code dev.yaml} beside this class. */
final class DevConfig {
    private DevConfig() {}

    static ConfigLoader loader() throws BadConfig {
        try (InputStream in = DevConfig.class.getResourceAsStream("dev.yaml")) {
            byte[] yaml = Objects.requireNonNull(in).readAllBytes();
            return ConfigLoader.text("dev.yaml", new String(yaml, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
