package dev.cardea.server.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** That every proxy which a namespace uses is there. */
final class ProxyNames {
    static final String DEFAULT = "default";

    private final Config config;
    private final Set<String> names = new HashSet<>();

    private ProxyNames(Config config) {
        this.config = config;
    }

    static void check(Config config, Problems.Group problems) {
        ProxyNames names = new ProxyNames(config);
        names.gather(problems);
        names.checkChannels(problems.in("channel"));
        names.checkRpc(problems.in("rpc"));
    }

    private static boolean isDefault(String name) {
        return name.isEmpty() || name.equals(DEFAULT);
    }

    private void gather(Problems.Group problems) {
        List<NamedProxyConfig> proxies = config.proxies();
        for (int i = 0; i < proxies.size(); i++) {
            String name = proxies.get(i).name();
            if (!names.add(name)) {
                problems.in("proxies[" + i + "]")
                        .add("name", "is \"%s\", as another proxy's is".formatted(name));
            }
        }
    }

    private void checkChannels(Problems.Group channel) {
        ChannelConfig channels = config.channel();
        checkChannel(channels.withoutNamespace(), channel.in("without_namespace"));
        for (int i = 0; i < channels.namespaces().size(); i++) {
            checkChannel(
                    channels.namespaces().get(i).options(), channel.in("namespaces[" + i + "]"));
        }
    }

    private void checkChannel(ChannelOptions options, Problems.Group problems) {
        ChannelProxyConfig defaults = config.channel().proxy();
        check(
                "subscribe",
                options.subscribeProxyEnabled(),
                options.subscribeProxyName(),
                defaults.subscribe(),
                problems);
        check(
                "publish",
                options.publishProxyEnabled(),
                options.publishProxyName(),
                defaults.publish(),
                problems);
        check(
                "sub_refresh",
                options.subRefreshProxyEnabled(),
                options.subRefreshProxyName(),
                defaults.subRefresh(),
                problems);
    }

    private void check(
            String kind,
            boolean enabled,
            String name,
            ProxyConfig defaultProxy,
            Problems.Group problems) {
        checkName(kind + "_proxy_name", name, problems);
        if (enabled && isDefault(name) && !defaultProxy.isSet()) {
            problems.add(
                    kind + "_proxy_enabled", "needs channel.proxy.%s.endpoint".formatted(kind));
        }
    }

    private void checkRpc(Problems.Group rpc) {
        RpcConfig methods = config.rpc();
        checkRpc(methods.withoutNamespace(), rpc.in("without_namespace"));
        for (int i = 0; i < methods.namespaces().size(); i++) {
            checkRpc(methods.namespaces().get(i).options(), rpc.in("namespaces[" + i + "]"));
        }
    }

    private void checkRpc(RpcConfig.RpcOptionsConfig options, Problems.Group problems) {
        checkName("proxy_name", options.proxyName(), problems);
        boolean isDefault = isDefault(options.proxyName());
        if (options.proxyEnabled() && isDefault && !config.rpc().proxy().isSet()) {
            problems.add("proxy_enabled", "needs rpc.proxy.endpoint");
        }
    }

    private void checkName(String key, String name, Problems.Group problems) {
        if (isDefault(name) || names.contains(name)) return;
        problems.add(key, "is \"%s\"; proxies has none of that name".formatted(name));
    }
}
