package dev.cardea.server.config;

/** {@code http.tls} of a proxy: how an https:// endpoint is trusted, and trusts. */
public record ProxyTlsConfig(
        @Setting(is = "false", means = "takes the keys below") boolean enabled,
        @Setting(
                        means =
                                "certificate that Cardea shows the backend, with those that lead to its"
                                        + " authority: a file, PEM itself, or PEM in base64; empty: none")
                String certPem,
        @Setting(
                        means =
                                "the certificate's private key without a passphrase, in the same ways",
                        secret = true)
                String keyPem,
        @Setting(
                        means =
                                "authorities, one of which must have issued the backend's certificate;"
                                        + " empty: those of the JDK")
                String serverCaPem,
        @Setting(
                        is = "false",
                        means = "believes every certificate of the backend; for development only")
                boolean insecureSkipVerify)
        implements ClientTlsConfig {
    public static final ProxyTlsConfig NONE = new ProxyTlsConfig(false, "", "", "", false);

    @Override
    public String peer() {
        return "the backend";
    }
}
