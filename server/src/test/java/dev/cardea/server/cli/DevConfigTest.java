package dev.cardea.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.config.BadConfig;
import dev.cardea.server.config.Config;
import dev.cardea.server.config.NamespaceConfig;
import dev.cardea.server.config.SlowConsumer;
import org.junit.jupiter.api.Test;

final class DevConfigTest {
    @Test
    void itLoadsAndHasWhatThePagesNeed() throws BadConfig {
        var loaded = DevConfig.loader().load();
        Config config = loaded.config();
        assertThat(loaded.warnings()).isEmpty();
        assertThat(config.client().insecure()).isFalse();
        assertThat(config.httpApi().insecure()).isFalse();
        assertThat(config.client().allowAnonymousConnectWithoutToken()).isTrue();
        assertThat(config.client().allowedOrigins())
                .containsExactly("http://localhost:*", "http://127.0.0.1:*");
        assertThat(config.channel().namespaces())
                .extracting(NamespaceConfig::name)
                .containsExactly(
                        "chat",
                        "feed_recover",
                        "feed_latest",
                        "feed_skip",
                        "feed_disconnect",
                        "feed_conflate",
                        "hol",
                        "stats");
        assertThat(config.channel().namespaces())
                .extracting(namespace -> namespace.options().slowConsumer())
                .startsWith(
                        SlowConsumer.RECOVER,
                        SlowConsumer.RECOVER,
                        SlowConsumer.LATEST,
                        SlowConsumer.SKIP,
                        SlowConsumer.DISCONNECT);
    }

    @Test
    void nobodyElsesMachineIsLetIn() throws BadConfig {
        assertThat(DevConfig.loader().load().config().httpServer().address())
                .isEqualTo("127.0.0.1");
    }
}
