package dev.cardea.server.config;

/** {@code broker.nats.tls}. Each PEM may be a file, too. */
public record NatsTlsConfig(
        @Setting(is = "false", means = "speaks TLS, and takes the keys below") boolean enabled,
        @Setting(
                        means =
                                "certificate that Cardea shows, with those that lead to its authority: a"
                                        + " file, PEM itself, or PEM in base64; empty: none")
                String certPem,
        @Setting(
                        means =
                                "the certificate's private key without a passphrase, in the same ways",
                        secret = true)
                String keyPem,
        @Setting(
                        means =
                                "authorities, one of which must have issued NATS's certificate; empty:"
                                        + " those of the JDK")
                String serverCaPem,
        @Setting(is = "false", means = "believes every certificate of NATS; for development only")
                boolean insecureSkipVerify)
        implements ClientTlsConfig {

    @Override
    public String peer() {
        return "NATS";
    }
}
