package dev.cardea.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.server.config.EngineConfig.EngineType;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EngineConfigTest {
    private static EngineConfig load(String engine) throws BadConfig {
        return ConfigLoader.text("c.yaml", "engine: " + engine).load().config().engine();
    }

    private static void refused(String redis, String... says) {
        var refusal =
                assertThatThrownBy(() -> load("{type: redis, redis: {" + redis + "}}"))
                        .isInstanceOf(BadConfig.class);
        for (String part : says) refusal.hasMessageContaining(part);
    }

    @Test
    void whatItSaysIsTaken() throws BadConfig {
        assertThat(load("{}").type()).isEqualTo(EngineType.MEMORY);
        EngineConfig engine =
                load(
                        "{type: redis, redis: {address: ['redis://one:1', 'two:2'], prefix: p, db: 3,"
                                + " user: u, password: s, connect_timeout: 2s, io_timeout: 5s,"
                                + " client_name: n, force_resp2: true, presence_ttl: 90s}}");
        assertThat(engine.type()).isEqualTo(EngineType.REDIS);
        RedisConfig redis = engine.redis();
        assertThat(redis.effectiveAddress()).containsExactly("redis://one:1", "two:2");
        assertThat(redis.presenceTtl()).isEqualTo(Duration.ofSeconds(90));
        assertThat(redis.user()).isEqualTo("u");
        assertThat(load("{type: redis}").redis().effectiveAddress())
                .containsExactly("redis://127.0.0.1:6379");
    }

    @Test
    void whatCanNotWorkStopsTheStart() {
        refused("address: 'http://here'", "engine.redis.address", "redis://host:port");
        refused("sentinel_address: ['s:1']", "engine.redis.sentinel_master_name is not set");
        refused(
                "cluster_address: ['c:1'], sentinel_address: ['s:1'], sentinel_master_name: m",
                "engine.redis.cluster_address");
        refused("cluster_address: ['c:1'], db: 1", "engine.redis.db is 1");
        refused("cluster_address: ['c:1'], wait_replicas: 1", "engine.redis.wait_replicas");
        refused("cluster_address: ['c:1'], layout: centrifugo", "engine.redis.layout");
        refused("prefix: 'a{b'", "engine.redis.prefix");
        refused("tls: {enabled: true, cert_pem: x}", "engine.redis.tls.key_pem is not set");
        refused("presence_ttl: 10ms", "engine.redis.presence_ttl");
    }
}
