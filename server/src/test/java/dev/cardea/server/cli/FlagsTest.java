package dev.cardea.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.server.config.BadConfig;
import dev.cardea.server.config.Config;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.server.config.LogLevel;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class FlagsTest {
    private static ConfigLoader.Loaded load(String... flags) throws BadConfig {
        String[] arguments = new String[flags.length + 1];
        arguments[0] = "serve";
        System.arraycopy(flags, 0, arguments, 1, flags.length);
        CommandLine.ParseResult serve = CardeaCommand.line().parseArgs(arguments).subcommand();
        ConfigLoader file =
                ConfigLoader.text("c.yaml", "{http_api: {external: true}, log: {level: warn}}");
        return Flags.layOver(serve.commandSpec(), file).load();
    }

    @Test
    void aFlagWinsOverTheFile() throws Exception {
        Config config =
                load(
                                "--log.level",
                                "debug",
                                "--http_api.external=false",
                                "--health.enabled",
                                "--http_server.internal_port=9001",
                                "--client.insecure",
                                "--prometheus.enabled")
                        .config();
        assertThat(config.log().level()).isEqualTo(LogLevel.DEBUG);
        assertThat(config.httpApi().external()).isFalse();
        assertThat(config.health().enabled()).isTrue();
        assertThat(config.httpServer().internalPort()).isEqualTo("9001");
        assertThat(config.client().insecure()).isTrue();
        assertThat(config.prometheus().enabled()).isTrue();
        assertThat(load().config().log().level()).isEqualTo(LogLevel.WARN);
    }

    @Test
    void whatIsNotSupportedIsJudgedAsInAFile() throws Exception {
        assertThat(load("--swagger.enabled", "--admin.enabled", "--pid_file", "x").warnings())
                .contains(
                        "--admin.enabled: admin.enabled is \"true\"; not supported yet",
                        "--pid_file: pid_file is \"x\"; not supported yet");
        assertThat(load("--engine.type", "memory").config()).isEqualTo(load().config());
        assertThatThrownBy(() -> load("--engine.type", "other"))
                .hasMessageContaining("--engine.type: engine.type is \"other\"; expected memory");
        assertThatThrownBy(() -> load("--log.level", "loud"))
                .hasMessageContaining("--log.level: log.level is \"loud\"; expected");
    }

    @Test
    void portAndAddressHaveCentrifugosNamesToo() {
        CommandLine.ParseResult serve =
                CardeaCommand.line()
                        .parseArgs(
                                "serve", "--http_server.port", "9000", "--http_server.address=::1")
                        .subcommand();
        assertThat(serve.hasMatchedOption("--port")).isTrue();
        assertThat(serve.hasMatchedOption("--address")).isTrue();
    }
}
