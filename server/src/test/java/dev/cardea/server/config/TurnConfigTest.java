package dev.cardea.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TurnConfigTest {
    private static TurnConfig load(String turn) throws BadConfig {
        return ConfigLoader.text(
                        "c.yaml", "turn:\n  enabled: true\n  " + turn.replace("\n", "\n  ") + "\n")
                .load()
                .config()
                .turn();
    }

    private static void refused(String turn, String... says) {
        var refusal = assertThatThrownBy(() -> load(turn)).isInstanceOf(BadConfig.class);
        for (String part : says) refusal.hasMessageContaining(part);
    }

    @Test
    void whatItSaysIsTaken() throws BadConfig {
        TurnConfig config =
                load(
                        """
                        address: 127.0.0.1
                        users: [{name: alice, password: secret}]
                        secrets: sesame
                        relay: {address: 10.0.0.5, ports: 50000-50100, advertise: ["203.0.113.7:60000", "2001:db8::7"]}
                        peers: {allow: 10.0.0.0/8, deny: [10.1.0.0/16, "fc00::/7"]}
                        """);
        assertThat(config.relay().firstPort()).isEqualTo(50_000);
        assertThat(config.relay().lastPort()).isEqualTo(50_100);
        assertThat(config.relay().advertise().stream().map(TurnRelayConfig::advertised))
                .map(Object::toString)
                .containsExactly("203.0.113.7:60000", "[2001:db8::7]:0");
        assertThat(config.discovery().isOn()).isFalse();
        assertThat(load("address: 10.0.0.5\ndiscovery: {address: 10.0.0.6}").discovery().port())
                .isEqualTo(3479);
        assertThat(config.secrets()).containsExactly("sesame");
        assertThat(load("relay: {ports: single_port}").relay().singlePort()).isZero();
        assertThat(load("relay: {ports: 'single_port:99'}").relay().singlePort()).isEqualTo(99);
    }

    @Test
    void mistakesAreNamed() {
        refused("address: localhost", "turn.address has \"localhost\"; expected an IP address");
        refused("realm: " + "x".repeat(65), "turn.realm has 65 bytes");
        refused("users: [{name: alice}]", "turn.users[0].password is missing");
        refused("relay: {ports: 50000}", "turn.relay.ports");
        refused("relay: {ports: 50100-50000}", "the lower port first");
        refused("relay: {ports: 'single_port:0'}", "turn.relay.ports");
        refused("relay: {advertise: turn.example.com}", "turn.relay.advertise");
        refused("peers: {allow: 10.0.0.0/33}", "turn.peers.allow has \"10.0.0.0/33\"");
        refused("alternate_servers: [192.0.2.1]", "turn.alternate_servers");
        refused("port: 0\nrelay: {ports: single_port}", "turn.relay.ports needs its port");
        refused("discovery: {address: 127.0.0.2}", "turn.discovery.address needs turn.address");
        refused("address: 127.0.0.1\ndiscovery: {address: 127.0.0.1}", "is turn.address");
        refused("address: 127.0.0.1\ndiscovery: {address: '::1'}", "of the same family");
        refused("discovery: {address: there}", "turn.discovery.address has \"there\"");
        String two = "address: 127.0.0.1\ndiscovery: {address: 127.0.0.2, port: ";
        refused(two + "3478}", "turn.discovery.port is 3478");
        refused(two + "3479}\nrelay: {ports: single_port}", "turn.discovery.port is 3479");
        refused("proxy: {enabled: true}", "turn.proxy.enabled needs endpoint");
        refused("qoutas: {}", "did you mean turn.quotas");
    }
}
