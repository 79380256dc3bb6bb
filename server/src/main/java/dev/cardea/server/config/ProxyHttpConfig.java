package dev.cardea.server.config;

import java.util.List;
import java.util.Map;

/** {@code http} of a proxy. */
public record ProxyHttpConfig(
        @Setting(means = "TLS with an https:// endpoint that needs more than the JDK's authorities")
                ProxyTlsConfig tls,
        @Setting(
                        means =
                                "headers of every call, by name; a header of the client's that is passed"
                                        + " on wins",
                        secret = true)
                Map<String, String> staticHeaders,
        @Setting(
                        means =
                                "what a status other than 200 means: for each a status_code, and either"
                                        + " to_error (code, message, temporary) or to_disconnect (code,"
                                        + " reason)")
                List<StatusTransformConfig> statusToCodeTransforms)
        implements Checked {

    // RFC 9110 section 5.6.2
    private static final java.util.regex.Pattern TOKEN =
            java.util.regex.Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    static boolean isHeader(String name) {
        return TOKEN.matcher(name).matches();
    }

    @Override
    public void check(Problems.Group problems) {
        staticHeaders.forEach((name, value) -> {
            boolean isValue = value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c < 0x7f));
            if (ProxyConfig.isRestricted(name)) {
                problems.add("static_headers", "has %s, which can't be set".formatted(name));
            } else if (!isHeader(name) || !isValue) {
                problems.add("static_headers", "has \"%s\", which is no header".formatted(name));
            }
        });
    }
}
