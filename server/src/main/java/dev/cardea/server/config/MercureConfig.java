package dev.cardea.server.config;

import java.time.Duration;
import java.util.List;

/** {@code mercure}: the hub at {@code /.well-known/mercure}. Names are those of Mercure's own. */
public record MercureConfig(
        @Setting(is = "false", means = "serves a Mercure hub at /.well-known/mercure")
                boolean enabled,
        @Setting(
                        means =
                                "the hub's public address, which tokens of version 1.0 must name in aud and"
                                        + " relative topics are relative to; empty doesn't look at aud's value")
                String url,
        @Setting(is = "false", means = "lets subscribers in without a token, for public updates")
                boolean anonymous,
        @Setting(means = "tokens of those who publish") MercureJwtConfig publisherJwt,
        @Setting(means = "tokens of those who subscribe") MercureJwtConfig subscriberJwt,
        @Setting(
                        is = "false",
                        means = "tells who subscribes to what, in private updates and on request")
                boolean subscriptions,
        @Setting(
                        means =
                                "pages that may subscribe and read answers from another origin: origins, with"
                                        + " * for any text")
                List<String> corsOrigins,
        @Setting(means = "pages that may publish with a cookie, in the same way")
                List<String> publishOrigins,
        @Setting(is = "40s", means = "between two comments that keep a stream alive; 0s for none")
                Duration heartbeat,
        @Setting(
                        is = "600s",
                        means =
                                "how long a stream lasts at most, of which four fifths are certain; its"
                                        + " subscriber comes back by itself; 0s for no end")
                Duration writeTimeout,
        @Setting(
                        is = "5s",
                        means = "how long a subscriber may take nothing of what is written for it",
                        atLeast = "100ms")
                Duration dispatchTimeout,
        @Setting(
                        is = "mercureAuthorization",
                        means =
                                "the cookie that a token may come in; __Secure-mercure_access_token is"
                                        + " another")
                String cookieName,
        @Setting(
                        means =
                                "a namespace of channels whose channels are the hub's topics: what is"
                                        + " published on either side is read on both; empty for none")
                String namespace,
        @Setting(means = "how much of what was published is kept") MercureRetentionConfig retention)
        implements Checked {
    private static final String DEFAULT_URL = "http://localhost/.well-known/mercure";

    /** The hub's URL, which relative topics are relative to. */
    public String effectiveUrl() {
        return url.isEmpty() ? DEFAULT_URL : url;
    }

    /** What tells the readers of a page where the hub is; empty: there is none. */
    public String discoveryLink() {
        if (!enabled) return "";
        return "<" + (url.isEmpty() ? "/.well-known/mercure" : url) + ">; rel=\"mercure\"";
    }

    @Override
    public void check(Problems.Group problems) {
        if (!url.isEmpty() && !url.matches("https?://[^/?#]+/\\.well-known/mercure"))
            problems.add("url", "is \"" + url + "\"; expected https://host/.well-known/mercure");
        if (!enabled) return;
        if (!anonymous && !subscriberJwt.isSet())
            problems.add(
                    "subscriber_jwt",
                    "has neither key nor jwks_url, and anonymous is false: nobody could subscribe");
        if (!publisherJwt.isSet() && namespace.isEmpty())
            problems.add(
                    "publisher_jwt",
                    "has neither key nor jwks_url, and no namespace is mapped: nobody could publish");
    }

    /** Whether what is published survives a restart. */
    public boolean isPersistent() {
        return enabled && retention.history() == HistoryPlace.PERSISTENT;
    }

    /** Whether the mapped namespace is there. */
    void check(ChannelConfig channel, Problems.Group problems) {
        if (!enabled || namespace.isEmpty()) return;
        boolean isThere =
                channel.namespaces().stream()
                        .anyMatch(
                                each -> each.name().equals(namespace) && each.pattern().isEmpty());
        if (!isThere) problems.add("namespace", "is \"" + namespace + "\", which no namespace is");
    }
}
