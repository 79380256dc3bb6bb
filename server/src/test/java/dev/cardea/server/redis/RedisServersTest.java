package dev.cardea.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.config.RedisConfig;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.protocol.ProtocolVersion;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RedisServersTest {
    @Test
    void aServerIsSpokenToAsTheConfigurationSays() {
        RedisConfig config =
                Configured.redis(
                        "address: ['one:1', 'rediss://two:2/5'], db: 3, user: ann, password: s,"
                                + " client_name: n, connect_timeout: 2s, io_timeout: 5s, force_resp2:"
                                + " true");
        RedisURI one = RedisServers.shards(config).getFirst();
        assertThat(one.getHost() + ":" + one.getPort()).isEqualTo("one:1");
        assertThat(one.getDatabase()).isEqualTo(3);
        assertThat(one.isSsl()).isFalse();
        assertThat(one.getTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(one.getClientName()).isEqualTo("n");
        assertThat(one.getCredentialsProvider().resolveCredentials().block().getUsername())
                .isEqualTo("ann");
        assertThat(RedisServers.shards(config).getLast().isSsl()).isTrue();
        ClientOptions options = RedisServers.options(config);
        assertThat(options.getProtocolVersion()).isEqualTo(ProtocolVersion.RESP2);
        assertThat(options.getSocketOptions().getConnectTimeout()).hasSeconds(2);
        assertThat(RedisServers.shards(Configured.redis("")))
                .extracting(RedisURI::getPort)
                .containsExactly(6379);
    }

    @Test
    void sentinelsAreAskedForTheMaster() {
        RedisConfig config =
                Configured.redis(
                        "sentinel_address: ['s1:26000', 's2'], sentinel_master_name: m,"
                                + " sentinel_user: bob, sentinel_password: t, password: s,"
                                + " sentinel_client_name: x");
        RedisURI uri = RedisServers.shards(config).getFirst();
        assertThat(uri.getSentinelMasterId()).isEqualTo("m");
        assertThat(uri.getSentinels())
                .extracting(sentinel -> sentinel.getHost() + ":" + sentinel.getPort())
                .containsExactly("s1:26000", "s2:26379");
        RedisURI first = uri.getSentinels().getFirst();
        assertThat(first.getClientName()).isEqualTo("x");
        assertThat(first.getCredentialsProvider().resolveCredentials().block().getUsername())
                .isEqualTo("bob");
        assertThat(uri.getCredentialsProvider().resolveCredentials().block().getPassword())
                .containsExactly('s');
    }

    @Test
    void channelsAreSpreadOverShardsAndFewMoveWhenOneIsAdded() {
        int[] channels = new int[4];
        int moved = 0;
        for (int i = 0; i < 10_000; i++) {
            int before = JumpHash.bucket("news:" + i, 3);
            int after = JumpHash.bucket("news:" + i, 4);
            channels[after]++;
            if (before != after) {
                moved++;
                assertThat(after).isEqualTo(3);
            }
        }
        for (int count : channels) assertThat(count).isBetween(2_200, 2_800);
        assertThat(moved).isEqualTo(channels[3]);
    }
}
