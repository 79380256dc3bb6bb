package dev.cardea.server.config;

/** An item of {@code proxies}: a proxy that namespaces refer to by its name. */
public record NamedProxyConfig(
        @Setting(means = "what namespaces call it; default is reserved") String name,
        @Inline ProxyConfig proxy)
        implements Checked {

    // Centrifugo's rule.
    private static final java.util.regex.Pattern NAME =
            java.util.regex.Pattern.compile("[-a-zA-Z0-9_.]{2,}");

    @Override
    public void check(Problems.Group problems) {
        if (!NAME.matcher(name).matches() || name.equals(ProxyNames.DEFAULT)) {
            problems.add(
                    "name",
                    "is \"%s\"; expected at least two letters, digits, -, _ or ., and not default"
                            .formatted(name));
        }
        if (!proxy.isSet()) problems.add("endpoint", "is missing");
    }
}
