package dev.cardea.server.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A proxy: where the application's backend is asked, and how.
 *
 * @param maxResponseSize bytes
 */
public record ProxyConfig(
        @Setting(means = "URL of the backend that is asked: http:// or https://") String endpoint,
        @Setting(is = "1s", means = "how long the backend may take to answer", atLeast = "1ms")
                Duration timeout,
        @Setting(
                        means =
                                "headers of the client's HTTP request that are passed on, such as Cookie"
                                        + " or Authorization")
                List<String> httpHeaders,
        @Setting(
                        means =
                                "headers that a client may give in its connect command and that are"
                                        + " passed on; whoever connects chooses their values")
                List<String> emulatedHeaders,
        @Setting(
                        is = "false",
                        means = "sends the client's data as base64, for data that isn't JSON")
                boolean binaryEncoding,
        @Setting(is = "false", means = "tells the backend the connection's meta")
                boolean includeConnectionMeta,
        @Setting(means = "what is particular to HTTP") ProxyHttpConfig http,
        @Setting(
                        is = "1048576",
                        means = "bytes that an answer may have; a longer one is an error",
                        atLeast = "1024",
                        atMost = "67108864")
                int maxResponseSize,
        @Setting(
                        is = "512",
                        means =
                                "calls that may be under way at once; more wait for their turn, as long"
                                        + " as timeout says",
                        atLeast = "1",
                        atMost = "65536")
                int maxConcurrentCalls,
        @Setting(means = "spares a backend that fails, and its clients the wait")
                CircuitBreakerConfig circuitBreaker)
        implements Checked {

    // What java.net.http sets itself and takes from nobody.
    private static final Set<String> RESTRICTED =
            Set.of("connection", "content-length", "expect", "host", "upgrade");

    public boolean isSet() {
        return !endpoint.isEmpty();
    }

    public URI uri() {
        return URI.create(endpoint);
    }

    static boolean isRestricted(String header) {
        return RESTRICTED.contains(header.toLowerCase(java.util.Locale.ROOT));
    }

    @Override
    public void check(Problems.Group problems) {
        if (isSet() && !isHttp(endpoint)) {
            String what = endpoint.startsWith("grpc://") ? "; gRPC isn't supported" : "";
            problems.add(
                    "endpoint",
                    "is \"%s\"; expected a URL such as http://backend:3000/path%s"
                            .formatted(endpoint, what));
        }
        for (String name : httpHeaders) {
            if (isRestricted(name)) {
                problems.add("http_headers", "has %s, which can't be passed on".formatted(name));
            }
        }
        for (String name : emulatedHeaders) {
            if (isRestricted(name)) {
                problems.add(
                        "emulated_headers", "has %s, which can't be passed on".formatted(name));
            }
        }
    }

    private static boolean isHttp(String endpoint) {
        try {
            URI uri = new URI(endpoint);
            boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            return isHttp && uri.getHost() != null;
        } catch (URISyntaxException _) {
            return false;
        }
    }
}
