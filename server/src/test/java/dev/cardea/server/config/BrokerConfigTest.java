package dev.cardea.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.server.config.NatsConfig.Storage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BrokerConfigTest {
    private static BrokerConfig load(String broker) throws BadConfig {
        return ConfigLoader.text("c.yaml", "broker: " + broker).load().config().broker();
    }

    private static void refused(String nats, String... says) {
        var refusal =
                assertThatThrownBy(() -> load("{enabled: true, type: nats, nats: {" + nats + "}}"))
                        .isInstanceOf(BadConfig.class);
        for (String part : says) refusal.hasMessageContaining(part);
    }

    @Test
    void whatItSaysIsTaken() throws BadConfig {
        assertThat(load("{}").isNats()).isFalse();
        assertThat(load("{type: nats}").isNats()).as("it isn't enabled").isFalse();
        assertThat(load("{enabled: true}").isNats()).isFalse();
        BrokerConfig broker =
                load(
                        "{enabled: true, type: nats, nats: {url: 'nats://u:p@one:1, tls://two:2',"
                                + " prefix: p.q, dial_timeout: 2s, write_timeout: 3s, replicas: 3,"
                                + " storage: memory, presence_ttl: 90s}}");
        assertThat(broker.isNats()).isTrue();
        NatsConfig nats = broker.nats();
        assertThat(nats.servers()).containsExactly("nats://u:p@one:1", "tls://two:2");
        assertThat(nats.prefix()).isEqualTo("p.q");
        assertThat(nats.dialTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(nats.writeTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(nats.replicas()).isEqualTo(3);
        assertThat(nats.storage()).isEqualTo(Storage.MEMORY);
        assertThat(nats.presenceTtl()).isEqualTo(Duration.ofSeconds(90));
        assertThat(load("{type: nats}").nats().servers()).containsExactly("nats://localhost:4222");
    }

    @Test
    void whatCanNotWorkStopsTheStart() {
        refused("url: 'http://u:secret@here'", "broker.nats.url", "nats://host:port");
        refused("url: 'nats://one:1,two'", "broker.nats.url");
        refused("prefix: 'a b'", "broker.nats.prefix");
        refused("prefix: 'a.>'", "broker.nats.prefix");
        refused("replicas: 2", "broker.nats.replicas is 2");
        refused("tls: {enabled: true, cert_pem: x}", "broker.nats.tls.key_pem is not set");
        refused("presence_ttl: 10ms", "broker.nats.presence_ttl");
        refused("allow_wildcards: true", "broker.nats.allow_wildcards is true; not supported yet");
        refused("raw_mode: {enabled: true}", "broker.nats.raw_mode.enabled is true");
        assertThatThrownBy(() -> load("{enabled: true, type: postgres}"))
                .hasMessageContaining("broker.type is \"postgres\"; expected memory or nats");
        assertThatThrownBy(() ->
                        ConfigLoader.text(
                                        "c.yaml",
                                        "engine: {type: redis}\n"
                                                + "broker: {enabled: true, type: nats}")
                                .load())
                .hasMessageContaining("broker.type is nats, and engine.type is redis");
    }
}
