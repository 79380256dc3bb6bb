package dev.cardea.server.config;

import com.google.re2j.Pattern;
import dev.cardea.server.tls.BadPem;
import dev.cardea.server.tls.ClientTls;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** {@code http_server.tls_autocert}: TLS with a certificate that is fetched by ACME (RFC 8555). */
public record TlsAutocertConfig(
        @Setting(
                        is = "false",
                        means =
                                "speaks TLS on port with a certificate that is asked for by ACME and renewed; instead"
                                        + " of tls")
                boolean enabled,
        @Setting(means = "the names that the certificate is for; all of them in one")
                List<String> hostWhitelist,
        @Setting(
                        means =
                                "a folder for the account's key, the certificate and its key. It has to outlive the"
                                        + " server: authorities limit how often they issue")
                String cacheDir,
        @Setting(means = "where the authority writes to when something is wrong; may be empty")
                String email,
        @Setting(
                        is = "false",
                        means =
                                "listens on http_addr, where the authority looks whether the names lead here (HTTP-01),"
                                        + " and sends everybody else to https; needs to be true")
                boolean http,
        @Setting(
                        is = ":80",
                        means =
                                "address and port of http; what the authority asks on port 80 of the names has to"
                                        + " come here")
                String httpAddr,
        @Setting(
                        is = "https://acme-v02.api.letsencrypt.org/directory",
                        means =
                                "the authority's directory. By using it you agree to the authority's terms of service")
                String directoryUrl,
        @Setting(
                        means =
                                "authorities of the directory's own certificate, if the JDK doesn't know them: a file,"
                                        + " PEM itself, or PEM in base64")
                String directoryCaPem)
        implements Checked {
    private static final int MOST_NAMES = 100;

    private static final Pattern NAME =
            Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]");

    private static final Pattern ADDRESS =
            Pattern.compile("(|[^:\\[\\]]+|\\[[0-9a-fA-F:.]+\\]):[0-9]{1,5}");

    public Path folder() {
        return Path.of(cacheDir);
    }

    public URI directory() {
        return URI.create(directoryUrl);
    }

    /** How the directory's server is trusted; reads the file. */
    public ClientTls directoryTls() throws BadPem {
        return ClientTls.load("", "", directoryCaPem, false);
    }

    /** Empty: all addresses. */
    public String httpHost() {
        String host = httpAddr.substring(0, httpAddr.lastIndexOf(':'));
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    public int httpPort() {
        return Integer.parseInt(httpAddr.substring(httpAddr.lastIndexOf(':') + 1));
    }

    @Override
    public void check(Problems.Group problems) {
        if (!enabled) return;
        checkNames(problems);
        checkFolder(problems);
        if (!http)
            problems.add(
                    "http",
                    "is false, and enabled is true; expected true: names are proven by HTTP-01 alone");
        boolean isAddress =
                ADDRESS.matcher(httpAddr).matches() && httpPort() <= 65535; // 0: a free one
        if (!isAddress)
            problems.add(
                    "http_addr",
                    "is \"" + httpAddr + "\"; expected an address and a port, such as :80");
        if (!email.isEmpty() && !email.matches("[^@\\s,?]+@[^@\\s,?]+"))
            problems.add("email", "is \"" + email + "\"; expected one address, or nothing");
        checkDirectory(problems);
    }

    private void checkNames(Problems.Group problems) {
        if (hostWhitelist.isEmpty())
            problems.add("host_whitelist", "is empty; expected the names that clients connect to");
        if (hostWhitelist.size() > MOST_NAMES)
            problems.add(
                    "host_whitelist",
                    "has %d names; expected %d at most, which fit in one certificate"
                            .formatted(hostWhitelist.size(), MOST_NAMES));
        for (String name : hostWhitelist) {
            if (name.length() <= 253 && NAME.matcher(name).matches()) continue;
            String why =
                    name.startsWith("*.")
                            ? "; a wildcard can't be proven by HTTP-01: expected whole names"
                            : "; expected a name in lower case, such as www.example.com";
            problems.add("host_whitelist", "has \"" + name + "\"" + why);
        }
    }

    private void checkFolder(Problems.Group problems) {
        if (cacheDir.isEmpty()) {
            problems.add("cache_dir", "is not set; expected a folder that outlives the server");
            return;
        }
        try {
            Path existing = folder().toAbsolutePath();
            while (existing != null && !Files.exists(existing)) existing = existing.getParent();
            if (existing != null && Files.isDirectory(existing) && Files.isWritable(existing))
                return;
        } catch (InvalidPathException _) {
            // told below
        }
        problems.add("cache_dir", "is \"" + cacheDir + "\"; expected a folder that can be written");
    }

    private void checkDirectory(Problems.Group problems) {
        if (!directoryUrl.matches("https://[^\\s/?#@]+(/\\S*)?") || !isUri(directoryUrl))
            problems.add(
                    "directory_url",
                    "is \"" + directoryUrl + "\"; expected an address that begins with https://");
        try {
            directoryTls();
        } catch (BadPem e) {
            problems.add("directory_ca_pem", String.valueOf(e.getMessage()));
        }
    }

    private static boolean isUri(String text) {
        try {
            return URI.create(text).getHost() != null;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
