package dev.cardea.server.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** {@code broker.nats}: which NATS, and how to speak with it. */
public record NatsConfig(
        @Setting(
                        is = "centrifugo",
                        means =
                                "begins all subjects and streams in NATS: letters, digits, - and _, and dots"
                                        + " between; Cardea's are its own, so that a Centrifugo with the"
                                        + " same prefix isn't disturbed")
                String prefix,
        @Setting(
                        is = "nats://localhost:4222",
                        means =
                                "nats://user:password@host:4222, or nats://token@host; several members of a"
                                        + " cluster are separated by commas; all need JetStream",
                        secret = true)
                String url,
        @Setting(is = "1s", means = "how long a connect may take", atLeast = "10ms")
                Duration dialTimeout,
        @Setting(
                        is = "1s",
                        means = "a NATS that takes nothing for so long is taken for lost",
                        atLeast = "100ms")
                Duration writeTimeout,
        @Setting(means = "TLS with NATS") NatsTlsConfig tls,
        @Setting(
                        is = "1",
                        means = "copies of each stream in a cluster: 1, 3 or 5",
                        atLeast = "1",
                        atMost = "5")
                int replicas,
        @Setting(is = "file", means = "where NATS keeps streams: file, or memory") Storage storage,
        @Setting(
                        is = "1m",
                        means =
                                "how long a client stays present whose node has died; above"
                                        + " client.presence_update_interval",
                        atLeast = "1s")
                Duration presenceTtl) {

    /** What a stream is kept on. */
    public enum Storage {
        FILE,
        MEMORY
    }

    /** The members of a cluster, or the one server. */
    public List<String> servers() {
        return Arrays.stream(url.split(",", -1)).map(String::strip).toList();
    }

    void check(Problems.Group problems) {
        for (String server : servers()) {
            if (!isServer(server)) {
                problems.add("url", "has a server that is no nats://host:port");
                break;
            }
        }
        if (!prefix.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*") || prefix.length() > 100)
            problems.add(
                    "prefix",
                    "is no part of a subject; expected letters, digits, - and _, with dots between, 100"
                            + " at most");
        if (replicas % 2 == 0)
            problems.add("replicas", "is %d; expected 1, 3 or 5".formatted(replicas));
    }

    private static boolean isServer(String server) {
        try {
            URI uri = new URI(server);
            boolean isNats = "nats".equals(uri.getScheme()) || "tls".equals(uri.getScheme());
            return isNats && uri.getHost() != null;
        } catch (URISyntaxException _) {
            return false;
        }
    }
}
