package dev.cardea.server.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code rpc}: the calls of clients that the backend answers. */
public record RpcConfig(
        @Setting(means = "the proxy that is called default") ProxyConfig proxy,
        @Setting(means = "for methods whose names have no namespace")
                RpcOptionsConfig withoutNamespace,
        @Setting(means = "for each namespace a name, and the same keys as in without_namespace")
                List<RpcNamespaceConfig> namespaces,
        @Setting(means = "a method that the server answers itself, with nothing")
                RpcPingConfig ping,
        @Setting(is = ":", means = "ends the namespace in a method's name")
                String namespaceBoundary)
        implements Checked {

    /** What holds for the methods of one namespace. */
    public record RpcOptionsConfig(
            @Setting(is = "false", means = "the backend answers") boolean proxyEnabled,
            @Setting(is = "default", means = "by which proxy: default is rpc.proxy")
                    String proxyName) {}

    /** {@code rpc.ping}. */
    public record RpcPingConfig(
            @Setting(is = "false", means = "answers it") boolean enabled,
            @Setting(is = "ping", means = "what it is called") String method) {}

    /** An item of {@code rpc.namespaces}. */
    public record RpcNamespaceConfig(
            @Setting(means = "what stands before the first boundary in a method's name")
                    String name,
            @Inline RpcOptionsConfig options) {}

    /** The options of a method; null if its namespace isn't configured. */
    public @Nullable RpcOptionsConfig options(String method) {
        int boundary = namespaceBoundary.isEmpty() ? -1 : method.indexOf(namespaceBoundary);
        if (boundary < 0) return withoutNamespace;
        String name = method.substring(0, boundary);
        for (RpcNamespaceConfig namespace : namespaces) {
            if (namespace.name().equals(name)) return namespace.options();
        }
        return null;
    }

    @Override
    public void check(Problems.Group problems) {
        NamespaceNames names = new NamespaceNames();
        for (int i = 0; i < namespaces.size(); i++)
            names.check(namespaces.get(i).name(), problems.in("namespaces[" + i + "]"));
    }
}
