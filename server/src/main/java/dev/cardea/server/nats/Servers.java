package dev.cardea.server.nats;

import dev.cardea.server.config.NatsConfig;
import dev.cardea.server.config.NatsTlsConfig;
import dev.cardea.server.tls.BadPem;
import io.nats.client.Options;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/** What the configuration says, in the client library's words. */
final class Servers {
    private Servers() {}

    static Options.Builder options(NatsConfig config) {
        Options.Builder options =
                Options.builder()
                        .servers(config.servers().toArray(String[]::new))
                        .hostnameResolveMode(Options.HostnameResolveMode.ResolveToFirst)
                        .connectionTimeout(config.dialTimeout())
                        .socketWriteTimeout(config.writeTimeout());
        NatsTlsConfig tls = config.tls();
        if (tls.enabled()) {
            try {
                SSLContext context = tls.load().context();
                options.sslContext(
                        tls.insecureSkipVerify()
                                ? context
                                : NamedPeers.of(context, config.servers()));
            } catch (BadPem | GeneralSecurityException e) {
                throw new IllegalStateException(e); // it was checked at the start
            }
        }
        return options;
    }

    /** For the log. */
    static String withoutSecrets(NatsConfig config) {
        return config.servers().stream()
                .map(URI::create)
                .map(uri -> uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort())
                .collect(Collectors.joining(","));
    }
}
