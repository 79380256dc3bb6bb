package dev.cardea.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PeerjsConfigTest {
    private static PeerjsConfig load(String peerjs) throws BadConfig {
        return ConfigLoader.text("c.yaml", "peerjs: {" + peerjs + "}\n").load().config().peerjs();
    }

    private static void refused(String peerjs, String... says) {
        var refusal = assertThatThrownBy(() -> load(peerjs)).isInstanceOf(BadConfig.class);
        for (String part : says) refusal.hasMessageContaining(part);
    }

    @Test
    void whatItSaysIsTaken() throws BadConfig {
        PeerjsConfig config =
                load("enabled: true, path: /rtc, key: k, alive_timeout: 90s, concurrent_limit: 7");
        assertThat(config.path()).isEqualTo("/rtc");
        assertThat(config.aliveTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(config.concurrentLimit()).isEqualTo(7);
        assertThat(config.allowDiscovery()).isFalse();
        assertThat(load("path: /").path()).isEqualTo("/");
    }

    @Test
    void mistakesAreNamed() {
        refused("path: peerjs", "c.yaml:1: peerjs.path is \"peerjs\"; expected a path");
        refused("path: /peerjs/", "peerjs.path");
        refused("key: a/b", "peerjs.key is \"a/b\"; expected up to 64 letters");
        refused("alive_timeout: 1s", "peerjs.alive_timeout", "3s");
        refused("concurrent_limit: 0", "peerjs.concurrent_limit");
        refused("own_ids: true", "peerjs.own_ids is true, but authenticate isn't");
        refused("allow_discover: true", "did you mean peerjs.allow_discovery");
        refused("queue_bytes: 5", "peerjs.queue_bytes");
    }
}
