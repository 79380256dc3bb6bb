package dev.cardea.server.proxy;

import dev.cardea.messaging.auth.Peer;
import dev.cardea.server.config.ProxyConfig;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a call: those that are always the same, then what the client gave in its connect
 * command, then those of its HTTP request; a later one of the same name wins.
 */
final class ProxyHeaders {
    private final Map<String, String> fixed;
    private final List<String> emulated;
    private final List<String> passed;

    ProxyHeaders(ProxyConfig config) {
        this.fixed = config.http().staticHeaders();
        this.emulated = lowerCase(config.emulatedHeaders());
        this.passed = lowerCase(config.httpHeaders());
    }

    static List<String> lowerCase(List<String> names) {
        return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }

    void addTo(HttpRequest.Builder request, Peer peer) {
        fixed.forEach(request::setHeader);
        for (String name : emulated) set(request, name, peer.emulatedHeaders().get(name));
        for (String name : passed) set(request, name, peer.headers().get(name));
        request.setHeader("Content-Type", "application/json");
    }

    private static void set(HttpRequest.Builder request, String name, @Nullable String value) {
        if (value == null) return;
        try {
            request.setHeader(name, value);
        } catch (IllegalArgumentException _) {
            // The client chose the value: what no header may have is as if it weren't there.
        }
    }
}
