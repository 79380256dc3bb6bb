package dev.cardea.server.config;

/** Rate limits for commands in one scope: each connection, each user or each channel. */
public record CommandLimitsConfig(
        @Setting(is = "false", means = "whether these limits hold") boolean enabled,
        @Setting(means = "all commands together") LimitConfig total,
        @Setting(means = "each command that has no limit of its own") LimitConfig default_,
        @Setting(means = "connect commands") LimitConfig connect,
        @Setting(means = "subscribe commands") LimitConfig subscribe,
        @Setting(means = "unsubscribe commands") LimitConfig unsubscribe,
        @Setting(means = "publish commands") LimitConfig publish,
        @Setting(means = "history commands") LimitConfig history,
        @Setting(means = "presence commands") LimitConfig presence,
        @Setting(means = "presence_stats commands") LimitConfig presenceStats,
        @Setting(means = "refresh commands") LimitConfig refresh,
        @Setting(means = "sub_refresh commands") LimitConfig subRefresh,
        @Setting(means = "rpc commands") LimitConfig rpc,
        @Setting(means = "send commands") LimitConfig send)
        implements Checked {

    @Override
    public void check(Problems.Group problems) {
        noNamespaces(problems, "total", total);
        noNamespaces(problems, "default", default_);
        noNamespaces(problems, "connect", connect);
        noNamespaces(problems, "refresh", refresh);
        noNamespaces(problems, "rpc", rpc);
        noNamespaces(problems, "send", send);
        noMethods(problems, "total", total);
        noMethods(problems, "default", default_);
        noMethods(problems, "connect", connect);
        noMethods(problems, "subscribe", subscribe);
        noMethods(problems, "unsubscribe", unsubscribe);
        noMethods(problems, "publish", publish);
        noMethods(problems, "history", history);
        noMethods(problems, "presence", presence);
        noMethods(problems, "presence_stats", presenceStats);
        noMethods(problems, "refresh", refresh);
        noMethods(problems, "sub_refresh", subRefresh);
        noMethods(problems, "send", send);
    }

    private static void noNamespaces(Problems.Group problems, String key, LimitConfig limit) {
        if (!limit.namespaceOverrides().isEmpty())
            problems.add(key + ".namespace_overrides", "is for commands with a channel only");
    }

    private static void noMethods(Problems.Group problems, String key, LimitConfig limit) {
        if (!limit.methodOverrides().isEmpty())
            problems.add(key + ".method_overrides", "is for rpc only");
    }
}
