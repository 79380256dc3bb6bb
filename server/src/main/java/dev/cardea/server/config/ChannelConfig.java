package dev.cardea.server.config;

import dev.cardea.messaging.session.ChannelPattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code channel}: how channel names are read, and what may be done in each namespace. */
public record ChannelConfig(
        @Setting(is = "255", means = "bytes that a channel's name may have", atLeast = "1")
                int maxLength,
        @Setting(
                        is = "720h",
                        means =
                                "how long the epoch and top offset of a channel are kept after its last"
                                        + " publication",
                        atLeast = "1s")
                Duration historyMetaTtl,
        @Setting(
                        means =
                                "what publications must be: json, json_object or binary; empty accepts any"
                                        + " but empty data")
                PublicationDataFormat publicationDataFormat,
        @Setting(is = "$", means = "a channel that begins with it needs a subscription token")
                String privatePrefix,
        @Setting(is = ":", means = "ends the namespace in a channel's name")
                String namespaceBoundary,
        @Setting(is = "#", means = "begins the users in the name of a user-limited channel")
                String userBoundary,
        @Setting(is = ",", means = "stands between the users of a user-limited channel")
                String userSeparator,
        @Setting(
                        is = "false",
                        means =
                                "lets channels that begin with / belong to namespaces with a pattern")
                boolean patterns,
        @Setting(means = "the proxies that namespaces call default") ChannelProxyConfig proxy,
        @Setting(means = "for channels whose names have no namespace")
                ChannelOptions withoutNamespace,
        @Setting(means = "for each namespace a name, and the same keys as in without_namespace")
                List<NamespaceConfig> namespaces)
        implements Checked {

    /** The options of a namespace (empty: none), or null if there is no such namespace. */
    public @Nullable ChannelOptions options(String namespace) {
        if (namespace.isEmpty()) return withoutNamespace;
        for (NamespaceConfig candidate : namespaces) {
            if (candidate.name().equals(namespace)) return candidate.options();
        }
        return null;
    }

    /** How long the epoch of such a channel is kept: the namespace's value, or the general one. */
    public Duration historyMetaTtl(ChannelOptions options) {
        return options.historyMetaTtl().isZero() ? historyMetaTtl : options.historyMetaTtl();
    }

    /** What publications of such a channel must be: the namespace's value, or the general one. */
    public PublicationDataFormat publicationDataFormat(ChannelOptions options) {
        return options.publicationDataFormat() == PublicationDataFormat.UNSET
                ? publicationDataFormat
                : options.publicationDataFormat();
    }

    @Override
    public void check(Problems.Group problems) {
        checkMetaTtl(problems.in("without_namespace"), withoutNamespace);
        NamespaceNames names = new NamespaceNames();
        for (int i = 0; i < namespaces.size(); i++) {
            NamespaceConfig namespace = namespaces.get(i);
            Problems.Group group = problems.in("namespaces[" + i + "]");
            names.check(namespace.name(), group);
            checkMetaTtl(group, namespace.options());
        }
        checkPatterns(problems);
    }

    private void checkPatterns(Problems.Group problems) {
        List<ChannelPattern> before = new ArrayList<>();
        for (int i = 0; i < namespaces.size(); i++) {
            String text = namespaces.get(i).pattern();
            if (text.isEmpty()) continue;
            Problems.Group group = problems.in("namespaces[" + i + "]");
            if (!patterns) {
                group.add("pattern", "is set; it needs channel.patterns: true");
                continue;
            }
            try {
                ChannelPattern pattern = ChannelPattern.of(text);
                for (ChannelPattern other : before) {
                    if (!pattern.conflictsWith(other)) continue;
                    group.add(
                            "pattern",
                            "is \"%s\"; some channels would match %s as well"
                                    .formatted(text, other));
                }
                before.add(pattern);
            } catch (IllegalArgumentException e) {
                group.add("pattern", "is \"%s\", which %s".formatted(text, e.getMessage()));
            }
        }
    }

    private void checkMetaTtl(Problems.Group problems, ChannelOptions options) {
        Duration metaTtl = historyMetaTtl(options);
        if (metaTtl.compareTo(options.historyTtl()) >= 0) return;
        problems.add(
                "history_ttl",
                "is %s; expected at most history_meta_ttl, which is %s"
                        .formatted(
                                DurationText.format(options.historyTtl()),
                                DurationText.format(metaTtl)));
    }
}
