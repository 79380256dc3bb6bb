package dev.cardea.server.config;

/** {@code http_server}: where the server listens. */
public record HttpServerConfig(
        @Setting(means = "interface address to listen on; empty is all of them") String address,
        @Setting(is = "8000", means = "port to listen on; 0 takes a free one", atMost = "65535")
                int port,
        @Setting(
                        means =
                                "address of the internal endpoints: API, metrics, health; empty is address")
                String internalAddress,
        @Setting(
                        means =
                                "port of the internal endpoints; empty serves them on port, 0 takes a free"
                                        + " one")
                String internalPort,
        @Setting(means = "TLS on port, and on the internal port if that isn't said otherwise")
                TlsConfig tls,
        @Setting(means = "the same with a certificate that is fetched and renewed by itself (ACME)")
                TlsAutocertConfig tlsAutocert,
        @Setting(is = "false", means = "leaves the internal port without TLS") boolean tlsExternal,
        @Setting(means = "TLS on the internal port, instead of tls") TlsConfig internalTls,
        @Setting(means = "HTTP/3 on port, over UDP") Http3Config http3)
        implements Checked {

    /** Whether the internal endpoints are somewhere else than what clients connect to. */
    public boolean isSplit() {
        boolean otherPort =
                !internalPort.isEmpty()
                        && (effectiveInternalPort() == 0 || effectiveInternalPort() != port);
        return otherPort || !effectiveInternalAddress().equals(address);
    }

    public String effectiveInternalAddress() {
        return internalAddress.isEmpty() ? address : internalAddress;
    }

    public int effectiveInternalPort() {
        return internalPort.isEmpty() ? port : Integer.parseInt(internalPort);
    }

    /** What the internal endpoints speak, if they are somewhere else; may not be enabled. */
    public TlsConfig effectiveInternalTls() {
        return internalTls.enabled() || tlsExternal ? internalTls : tls;
    }

    /** Whether clients connect over TLS. */
    public boolean speaksTls() {
        return tls.enabled() || tlsAutocert.enabled();
    }

    /** Whether the internal endpoints show the certificate of tls_autocert, if they are apart. */
    public boolean isInternalTlsAutomatic() {
        return tlsAutocert.enabled() && !internalTls.enabled() && !tlsExternal;
    }

    @Override
    public void check(Problems.Group problems) {
        if (tls.enabled() && tlsAutocert.enabled())
            problems.add(
                    "tls_autocert.enabled",
                    "is true, and so is tls.enabled; expected one of the two");
        if (http3.enabled() && !speaksTls() && !http3.developmentCertificate())
            problems.add("http3.enabled", "is true, but tls.enabled isn't");
        if (internalPort.isEmpty() || isPort(internalPort)) return;
        problems.add("internal_port", "is \"" + internalPort + "\"; expected 0 to 65535");
    }

    private static boolean isPort(String text) {
        return text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 65535;
    }
}
