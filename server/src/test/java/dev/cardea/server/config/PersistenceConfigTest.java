package dev.cardea.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PersistenceConfigTest {
    private static final String CHANNEL =
            "channel: {namespaces: [{name: one}, {name: two, history: persistent, history_size: 10,"
                    + " history_ttl: 1m}]}\n";

    private static Config load(String text) throws BadConfig {
        return ConfigLoader.text("c.yaml", text).load().config();
    }

    private static void refused(String text, String... says) {
        var refusal = assertThatThrownBy(() -> load(text)).isInstanceOf(BadConfig.class);
        for (String part : says) refusal.hasMessageContaining(part);
    }

    @Test
    void whatItSaysIsTaken() throws BadConfig {
        PersistenceConfig persistence = load("{}").persistence();
        assertThat(persistence.path()).isEmpty();
        assertThat(persistence.sync()).isEqualTo(PersistenceConfig.Sync.INTERVAL);
        assertThat(persistence.interval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(persistence.maxBytes()).isZero();
        assertThat(load("{}").persistentNamespaces()).isEmpty();
        Config config =
                load(
                        CHANNEL
                                + "persistence: {path: /data, sync: always, interval: 20ms,"
                                + " max_bytes: 2000000}");
        assertThat(config.persistence())
                .isEqualTo(
                        new PersistenceConfig(
                                "/data",
                                PersistenceConfig.Sync.ALWAYS,
                                Duration.ofMillis(20),
                                2_000_000));
        assertThat(config.persistentNamespaces()).containsExactly("two");
    }

    @Test
    void whatCanNotWorkStopsTheStart() {
        refused(
                CHANNEL,
                "channel.namespaces[1].history is persistent, and persistence.path is not set");
        refused(
                CHANNEL + "persistence: {path: /data}\nengine: {type: redis}",
                "channel.namespaces[1].history is persistent",
                "servers share a Redis; expected engine");
        refused(
                CHANNEL + "persistence: {path: /data}\nbroker: {enabled: true, type: nats}",
                "servers share a NATS; expected engine");
        refused(
                "persistence: {path: /data}\nchannel: {without_namespace: {history: persistent}}",
                "channel.without_namespace.history is persistent; it needs history_size");
        refused(
                "mercure: {enabled: true, anonymous: true, publisher_jwt: {key: k}, retention:"
                        + " {history: persistent}}",
                "mercure.retention.history is persistent, and persistence.path is not set");
        refused("persistence: {sync: sometimes}", "persistence.sync is \"sometimes\"", "always");
        refused("persistence: {max_bytes: 1000}", "persistence.max_bytes is 1000");
        refused("persistence: {folder: /data}", "persistence.folder");
        refused("channel: {without_namespace: {history: disk}}", "expected engine or persistent");
    }
}
