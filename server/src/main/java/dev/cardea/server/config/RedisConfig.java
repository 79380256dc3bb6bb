package dev.cardea.server.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;

/** {@code engine.redis}: which Redis, and how to speak with it. */
public record RedisConfig(
        @Setting(
                        is = "centrifugo",
                        means =
                                "begins all names in Redis; the keys are Cardea's own, so a Centrifugo with"
                                        + " the same prefix isn't disturbed")
                String prefix,
        @Setting(
                        means =
                                "redis://user:password@host:6379/0, or rediss:// for TLS; several are shards"
                                        + " that channels are spread over by their names; none is"
                                        + " redis://127.0.0.1:6379")
                List<String> address,
        @Setting(is = "1s", means = "how long a connect may take", atLeast = "10ms")
                Duration connectTimeout,
        @Setting(
                        is = "4s",
                        means = "a Redis that is silent for so long is taken for lost",
                        atLeast = "100ms")
                Duration ioTimeout,
        @Setting(is = "0", means = "number of the database", atMost = "100000") int db,
        @Setting(means = "name of an ACL user; empty with a password is the default user")
                String user,
        @Setting(means = "its password", secret = true) String password,
        @Setting(means = "what the connections are called in CLIENT LIST") String clientName,
        @Setting(is = "false", means = "speaks RESP2, for a Redis before 6") boolean forceResp2,
        @Setting(means = "some members of a Redis Cluster, instead of address")
                List<String> clusterAddress,
        @Setting(means = "TLS with Redis") RedisTlsConfig tls,
        @Setting(means = "Sentinels that know the master, instead of address")
                List<String> sentinelAddress,
        @Setting(means = "ACL user at the Sentinels") String sentinelUser,
        @Setting(means = "password at the Sentinels", secret = true) String sentinelPassword,
        @Setting(means = "what the Sentinels call the master") String sentinelMasterName,
        @Setting(means = "what the connections to Sentinels are called") String sentinelClientName,
        @Setting(means = "TLS with the Sentinels") RedisTlsConfig sentinelTls,
        @Setting(
                        is = "1m",
                        means =
                                "how long a client stays present whose node has died; above"
                                        + " client.presence_update_interval",
                        atLeast = "1s")
                Duration presenceTtl,
        @Setting(
                        is = "0",
                        means =
                                "so many replicas of Redis must have a publication with history before its"
                                        + " publisher is told that it is published; not with"
                                        + " cluster_address",
                        atMost = "100")
                int waitReplicas,
        @Setting(
                        is = "1s",
                        means = "how long they may take; past it the publisher gets error 100",
                        atLeast = "1ms")
                Duration waitTimeout,
        @Setting(
                        is = "cardea",
                        means =
                                "how channels lie in Redis: centrifugo is for sharing them with Centrifugo's"
                                        + " nodes, with one address or with Sentinel")
                RedisLayout layout) {
    private static final String DEFAULT_ADDRESS = "redis://127.0.0.1:6379";

    public RedisConfig {
        // Centrifugo writes its default out.
        if (address.equals(List.of(DEFAULT_ADDRESS))) address = List.of();
    }

    /** With the default where there is none. */
    public List<String> effectiveAddress() {
        return address.isEmpty() ? List.of(DEFAULT_ADDRESS) : address;
    }

    void check(Problems.Group problems) {
        checkAddresses("address", address, problems);
        checkAddresses("cluster_address", clusterAddress, problems);
        checkAddresses("sentinel_address", sentinelAddress, problems);
        boolean isCluster = !clusterAddress.isEmpty();
        boolean hasSentinel = !sentinelAddress.isEmpty();
        if (isCluster && waitReplicas > 0)
            problems.add("wait_replicas", "is set, and cluster_address too; expected 0 there");
        if (isCluster && hasSentinel)
            problems.add(
                    "cluster_address", "is set, and sentinel_address too; expected one of them");
        if (layout == RedisLayout.CENTRIFUGO && (isCluster || address.size() > 1))
            problems.add("layout", "is centrifugo, which needs one address or Sentinel");
        if (hasSentinel && sentinelMasterName.isEmpty())
            problems.add("sentinel_master_name", "is not set, and sentinel_address is");
        if (isCluster && db != 0) problems.add("db", "is %d; a cluster has 0 only".formatted(db));
        if (prefix.contains("{")) problems.add("prefix", "has a brace, which chooses a slot");
    }

    private static void checkAddresses(
            String key, List<String> addresses, Problems.Group problems) {
        for (String address : addresses) {
            if (!isAddress(address))
                problems.add(key, "has an element that is no redis://host:port or host:port");
        }
    }

    private static boolean isAddress(String address) {
        try {
            URI uri = new URI(address.contains("://") ? address : "redis://" + address);
            boolean isRedis = "redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme());
            return isRedis && uri.getHost() != null;
        } catch (URISyntaxException _) {
            return false;
        }
    }
}
