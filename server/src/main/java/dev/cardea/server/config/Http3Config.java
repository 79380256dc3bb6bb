package dev.cardea.server.config;

/** {@code http_server.http3}: HTTP/3 on the UDP port of the same number. */
public record Http3Config(
        @Setting(is = "false", means = "speaks HTTP/3, too: on UDP, with the certificate of tls")
                boolean enabled,
        @Setting(
                        is = "false",
                        means =
                                "where tls is off: a certificate made at the start, which a browser on this"
                                        + " machine takes by its hash. For development")
                boolean developmentCertificate) {}
