package dev.cardea.server.config;

import dev.cardea.wire.Malformed;
import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.TransportAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** {@code turn}: STUN and TURN, for clients that can't reach each other directly. */
public record TurnConfig(
        @Setting(is = "false", means = "serves STUN and TURN over UDP and TCP") boolean enabled,
        @Setting(means = "the IP address that is listened on; empty is all addresses")
                String address,
        @Setting(is = "3478", means = "the port, of UDP and TCP; 0 is a free one", atMost = "65535")
                int port,
        @Setting(is = "true", means = "serves TCP, too, for clients whose network has no UDP")
                boolean tcp,
        @Setting(means = "TURN over TLS on a port of its own") TurnTlsConfig tls,
        @Setting(is = "cardea", means = "the realm that passwords belong to; up to 64 bytes")
                String realm,
        @Setting(means = "users with a password: for each a name and a password")
                List<TurnUserConfig> users,
        @Setting(
                        means =
                                "secrets that are shared with those who make credentials for a while; several"
                                        + " while one replaces another, of which the first makes new ones",
                        secret = true)
                List<String> secrets,
        @Setting(
                        means = "how long credentials of /turn-credentials hold",
                        is = "24h",
                        atLeast = "1s")
                Duration credentialsTtl,
        @Setting(
                        means =
                                "what /turn-credentials names as the server's addresses, such as"
                                        + " turn:turn.example.com:3478?transport=udp; empty: those that it"
                                        + " listens on")
                List<String> uris,
        @Setting(
                        means =
                                "asks the backend for the password of a user who isn't in users: proxies.md")
                EnabledProxyConfig proxy,
        @Setting(means = "STUN for clients that find out how their NAT behaves (RFC 5780)")
                TurnDiscoveryConfig discovery,
        @Setting(means = "where peers reach those who are relayed") TurnRelayConfig relay,
        @Setting(means = "which peers may be relayed to") TurnPeersConfig peers,
        @Setting(means = "bounds that keep one user from taking everything")
                TurnQuotasConfig quotas,
        @Setting(
                        is = "false",
                        means =
                                "relays TCP connections, too (RFC 6062), for clients that come over TCP or"
                                        + " TLS; not with single_port")
                boolean tcpRelays,
        @Setting(
                        is = "false",
                        means =
                                "reads the PROXY protocol, version 2, in front of every TCP and TLS"
                                        + " connection; then nobody but the load balancer must reach these"
                                        + " ports")
                boolean proxyProtocol,
        @Setting(
                        means =
                                "servers, as IP:port, to which clients are sent that want to allocate while"
                                        + " this one shuts down")
                List<String> alternateServers)
        implements Checked {
    private static final int MAX_REALM_BYTES = 64;

    @Override
    public void check(Problems.Group problems) {
        if (!enabled) return;
        int realmBytes = realm.getBytes(StandardCharsets.UTF_8).length;
        if (realmBytes == 0 || realmBytes > MAX_REALM_BYTES)
            problems.add("realm", "has " + realmBytes + " bytes; expected 1 to " + MAX_REALM_BYTES);
        checkIp("address", address, problems);
        for (String each : alternateServers) {
            try {
                TransportAddress.parse(each);
            } catch (Malformed e) {
                problems.add("alternate_servers", "has \"" + each + "\"; " + e.getMessage());
            }
        }
        if (relay.ports().equals("single_port") && (port == 0 || port == 65535))
            problems.add(
                    "relay.ports", "needs its port, as in single_port:3479, with this turn.port");
        checkDiscovery(problems);
        if (secrets.contains("")) problems.add("secrets", "has an empty one");
    }

    private void checkDiscovery(Problems.Group problems) {
        if (!discovery.isOn()) return;
        try {
            IpAddress second = IpAddress.parse(discovery.address());
            if (address.isEmpty() || IpAddress.parse(address).isIpv4() != second.isIpv4()) {
                problems.add(
                        "discovery.address",
                        "needs turn.address with another address of the same family");
            } else if (IpAddress.parse(address).equals(second)) {
                problems.add("discovery.address", "is turn.address; expected another one");
            }
        } catch (Malformed _) {
            return; // told already
        }
        int second = discovery.port();
        int single = relay.isSinglePort() ? relay.singlePort() : -1;
        if (single == 0) single = port + 1;
        if (second != 0 && (second == port || second == single))
            problems.add(
                    "discovery.port",
                    "is "
                            + second
                            + ", which is turn.port or that of all relays; expected another one");
    }

    static void checkIp(String key, String ip, Problems.Group problems) {
        if (ip.isEmpty()) return;
        try {
            IpAddress.parse(ip);
        } catch (Malformed e) {
            problems.add(
                    key, "has \"" + ip + "\"; expected an IP address (" + e.getMessage() + ")");
        }
    }
}
