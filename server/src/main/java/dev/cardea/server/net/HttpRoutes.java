package dev.cardea.server.net;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoint serves which method and path. Immutable once built; built by one thread.
 *
 * <p>An exact path wins over a prefix, and a long prefix over a short one. HEAD is served wherever
 * GET is.
 */
public final class HttpRoutes {
    /** The body that a route without a limit of its own accepts. */
    public static final int DEFAULT_BODY_BYTES = 64 * 1024;

    private final Map<String, Map<String, Route>> exact;
    private final TreeMap<String, Map<String, Route>> prefixes;
    private final Map<String, UpgradeTarget> upgrades;
    private final OriginCheck origins;
    private final @Nullable String alternative;

    private HttpRoutes(Builder builder) {
        exact = Map.copyOf(builder.exact);
        prefixes = new TreeMap<>(builder.prefixes);
        upgrades = Map.copyOf(builder.upgrades);
        origins = builder.origins;
        alternative = builder.alternative;
    }

    /**
     * @param maxBodyBytes a longer body is answered with 413
     * @param crossOrigin whether pages of allowed origins may read the responses
     */
    record Route(Target target, int maxBodyBytes, boolean crossOrigin) {}

    sealed interface Match {}

    record Found(Route route) implements Match {}

    record NotFound() implements Match {}

    /**
     * @param methods what the path is served with, for the Allow header
     * @param crossOrigin whether pages of other origins may ask
     */
    record OtherMethods(Set<String> methods, boolean crossOrigin) implements Match {}

    public static Builder builder() {
        return new Builder();
    }

    /** What responses say in {@code Alt-Svc}; null: nothing. */
    @Nullable String alternative() {
        return alternative;
    }

    OriginCheck origins() {
        return origins;
    }

    @Nullable UpgradeTarget upgrade(String path) {
        return upgrades.get(path);
    }

    Match match(String method, String path) {
        Map<String, Route> methods = exact.get(path);
        if (methods == null) methods = byPrefix(path);
        if (methods == null) return new NotFound();
        Route route = methods.get(method.equals("HEAD") ? "GET" : method);
        return route == null ? otherMethods(methods) : new Found(route);
    }

    private @Nullable Map<String, Route> byPrefix(String path) {
        // The longest prefix is among those that sort at or before the path, the nearest first.
        String from = path;
        while (true) {
            Map.Entry<String, Map<String, Route>> before = prefixes.floorEntry(from);
            if (before == null) return null;
            if (path.startsWith(before.getKey())) return before.getValue();
            from = path.substring(0, commonLength(path, before.getKey()));
        }
    }

    private static int commonLength(String a, String b) {
        int i = 0;
        while (i < a.length() && i < b.length() && a.charAt(i) == b.charAt(i)) i++;
        return i;
    }

    private static OtherMethods otherMethods(Map<String, Route> methods) {
        Set<String> allowed = new LinkedHashSet<>();
        for (String method : new TreeMap<>(methods).keySet()) {
            allowed.add(method);
            if (method.equals("GET")) allowed.add("HEAD");
        }
        allowed.add("OPTIONS");
        return new OtherMethods(allowed, methods.values().stream().anyMatch(Route::crossOrigin));
    }

    /** Collects routes. A path and method given twice are a mistake of ours, and thrown. */
    public static final class Builder {
        private final Map<String, Map<String, Route>> exact = new HashMap<>();
        private final Map<String, Map<String, Route>> prefixes = new HashMap<>();
        private final Map<String, UpgradeTarget> upgrades = new HashMap<>();
        private OriginCheck origins = (origin, head) -> false;
        private @Nullable String alternative;

        private Builder() {}

        public Builder get(String path, Endpoint endpoint) {
            return on("GET", path, endpoint, DEFAULT_BODY_BYTES);
        }

        public Builder post(String path, Endpoint endpoint, int maxBodyBytes) {
            return on("POST", path, endpoint, maxBodyBytes);
        }

        public Builder on(String method, String path, Endpoint endpoint, int maxBodyBytes) {
            return add(exact, method, path, new Route(endpoint, maxBodyBytes, false));
        }

        /** Like {@link #on}, for what pages of allowed origins may use (CORS). */
        public Builder crossOrigin(
                String method, String path, Endpoint endpoint, int maxBodyBytes) {
            return add(exact, method, path, new Route(endpoint, maxBodyBytes, true));
        }

        /**
         * Requests that are answered with a response that goes on, for pages of allowed origins.
         */
        public Builder stream(
                String method, String path, StreamEndpoint endpoint, int maxBodyBytes) {
            return add(exact, method, path, new Route(endpoint, maxBodyBytes, true));
        }

        /** Like {@link #stream}, where the endpoint itself decides about pages of other origins. */
        public Builder streamForAnyOrigin(
                String method, String path, StreamEndpoint endpoint, int maxBodyBytes) {
            return add(exact, method, path, new Route(endpoint, maxBodyBytes, false));
        }

        /** GET for every path that starts with the prefix, which ends with a slash. */
        public Builder under(String prefix, Endpoint endpoint) {
            if (!prefix.endsWith("/")) throw new IllegalArgumentException(prefix);
            return add(prefixes, "GET", prefix, new Route(endpoint, DEFAULT_BODY_BYTES, false));
        }

        /** WebSockets that ask for this path; other requests for it are matched as usual. */
        public Builder upgrade(String path, UpgradeTarget target) {
            if (upgrades.putIfAbsent(path, target) != null) {
                throw new IllegalArgumentException("two upgrades at " + path);
            }
            return this;
        }

        /** Asked about WebSockets and about cross-origin routes. None is allowed otherwise. */
        public Builder origins(OriginCheck check) {
            origins = check;
            return this;
        }

        /** Says in each response where else the same is served (RFC 7838). */
        public Builder alternative(String service) {
            alternative = service;
            return this;
        }

        public HttpRoutes build() {
            return new HttpRoutes(this);
        }

        private Builder add(
                Map<String, Map<String, Route>> to, String method, String path, Route route) {
            Map<String, Route> methods = to.computeIfAbsent(path, ignored -> new HashMap<>());
            if (methods.putIfAbsent(method, route) != null) {
                throw new IllegalArgumentException("two routes for " + method + " " + path);
            }
            return this;
        }
    }

    /** The paths that are served, for the log line at the start. */
    public List<String> paths() {
        Set<String> paths = new LinkedHashSet<>(upgrades.keySet());
        paths.addAll(exact.keySet());
        prefixes.keySet().forEach(prefix -> paths.add(prefix + "*"));
        return paths.stream().sorted().toList();
    }
}
