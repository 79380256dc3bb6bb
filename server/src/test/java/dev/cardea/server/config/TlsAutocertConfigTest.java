package dev.cardea.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsAutocertConfigTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private static final String CA = "src/test/resources/dev/cardea/server/tls/server-cert.pem";

    @Test
    void whatItSaysIsTaken() throws Exception {
        TlsAutocertConfig config =
                Load.yaml(
                                """
                                http_server:
                                  http3: {enabled: true}
                                  tls_autocert:
                                    enabled: true
                                    host_whitelist: [www.example.com, xn--bcher-kva.example]
                                    cache_dir: %s/not/yet/there
                                    email: ops@example.com
                                    server_name: www.example.com
                                    http: true
                                    http_addr: "[::1]:8080"
                                    directory_url: https://ca.example:14000/dir
                                    directory_ca_pem: %s
                                """
                                        .formatted(folder, CA))
                        .httpServer()
                        .tlsAutocert();
        assertThat(config.hostWhitelist())
                .containsExactly("www.example.com", "xn--bcher-kva.example");
        assertThat(config.httpHost()).isEqualTo("::1");
        assertThat(config.httpPort()).isEqualTo(8080);
        assertThat(config.directory().getPort()).isEqualTo(14000);
        assertThat(config.directoryTls().serverCas()).hasSize(1);
    }

    @Test
    void whatCanNotWorkStopsTheStart() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThat(
                        Load.problems(
                                """
                                http_server:
                                  tls_autocert:
                                    enabled: true
                                    host_whitelist: [localhost, "*.example.com", WWW.example.com]
                                    cache_dir: %s
                                    email: nobody
                                    http: false
                                    http_addr: 80
                                    directory_url: http://ca.example
                                    directory_ca_pem: nowhere.pem
                                """
                                        .formatted(file)))
                .containsExactly(
                        "c.yaml:4: http_server.tls_autocert.host_whitelist has \"localhost\";"
                                + " expected a name in lower case, such as www.example.com",
                        "c.yaml:4: http_server.tls_autocert.host_whitelist has \"*.example.com\"; a"
                                + " wildcard can't be proven by HTTP-01: expected whole names",
                        "c.yaml:4: http_server.tls_autocert.host_whitelist has \"WWW.example.com\";"
                                + " expected a name in lower case, such as www.example.com",
                        "c.yaml:5: http_server.tls_autocert.cache_dir is \"%s\"; expected a folder that can be written"
                                .formatted(file),
                        "c.yaml:6: http_server.tls_autocert.email is \"nobody\"; expected one address, or nothing",
                        "c.yaml:7: http_server.tls_autocert.http is false, and enabled is true; expected"
                                + " true: names are proven by HTTP-01 alone",
                        "c.yaml:8: http_server.tls_autocert.http_addr is \"80\"; expected an address and"
                                + " a port, such as :80",
                        "c.yaml:9: http_server.tls_autocert.directory_url is \"http://ca.example\";"
                                + " expected an address that begins with https://",
                        "c.yaml:10: http_server.tls_autocert.directory_ca_pem is neither PEM, nor PEM in"
                                + " base64, nor a file that can be read (NoSuchFileException)");
    }

    @Test
    void whatIsMissingStopsTheStart() {
        assertThat(Load.problems("http_server: {tls_autocert: {enabled: true, http: true}}"))
                .containsExactlyInAnyOrder(
                        "c.yaml:1: http_server.tls_autocert.host_whitelist is empty; expected the"
                                + " names that clients connect to",
                        "c.yaml:1: http_server.tls_autocert.cache_dir is not set; expected a folder"
                                + " that outlives the server");
    }

    @Test
    void certificatesComeFromOnePlace() {
        assertThat(
                        Load.problems(
                                """
                                http_server:
                                  tls: {enabled: true, cert_pem: %s, key_pem: %s}
                                  tls_autocert: {enabled: true, host_whitelist: [a.example], cache_dir: %s, http: true}
                                """
                                        .formatted(CA, CA.replace("cert", "key"), folder)))
                .singleElement()
                .asString()
                .endsWith(
                        "tls_autocert.enabled is true, and so is tls.enabled; expected one of the two");
    }
}
