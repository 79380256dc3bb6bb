package dev.cardea.server.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.tls.DevelopmentCertificate;
import dev.cardea.server.tls.TlsMaterial;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
    private static final URI DIRECTORY = URI.create("https://ca.example:14000/dir");
    private final Instant now = Instant.now();
    private final TlsMaterial forLocalhost = DevelopmentCertificate.make(now).material();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path parent;

    private Store store(String... names) {
        return new Store(parent.resolve("certs"), DIRECTORY, List.of(names));
    }

    @Test
    void theAccountIsTheSameForEver() throws Exception {
        byte[] first = store("localhost").account().getPrivate().getEncoded();
        assertThat(store("other.example").account().getPrivate().getEncoded()).isEqualTo(first);
    }

    @Test
    void anotherAuthorityHasAnotherAccount() throws Exception {
        Store other =
                new Store(parent.resolve("certs"), URI.create("https://other.example/"), List.of());
        assertThat(other.account().getPrivate().getEncoded())
                .isNotEqualTo(store().account().getPrivate().getEncoded());
    }

    @Test
    void aCertificateIsFoundAgainWhileItIsValidForAllNames() throws Exception {
        store("localhost").keep(forLocalhost);
        assertThat(store("localhost").certificate(now)).isEqualTo(forLocalhost);
        assertThat(store("localhost", "www.example.com").certificate(now)).isNull();
        assertThat(store("localhost").certificate(now.plus(Duration.ofDays(11)))).isNull();
    }

    @Test
    void whatIsDamagedIsMadeAnew() throws Exception {
        Store store = store("localhost");
        store.account();
        store.keep(forLocalhost);
        try (Stream<Path> files = Files.list(parent.resolve("certs"))) {
            for (Path each : files.toList()) Files.writeString(each, "-----BEGIN nothing");
        }
        assertThat(store.certificate(now)).isNull();
        assertThat(store.account()).isNotNull();
        assertThat(store.retry()).isEqualTo(Retry.NONE);
    }

    @Test
    void aPauseOutlivesTheServerForTheSameNames() throws Exception {
        Retry retry = new Retry(3, Instant.ofEpochSecond(1_800_000_000), true);
        store("a.example", "b.example").keep(retry);
        assertThat(store("a.example", "b.example").retry()).isEqualTo(retry);
        assertThat(store("a.example").retry()).isEqualTo(Retry.NONE);
        store("a.example", "b.example").keep(Retry.NONE);
        assertThat(store("a.example", "b.example").retry()).isEqualTo(Retry.NONE);
    }

    @Test
    void whatIsKeptIsForTheServersUserAlone() throws Exception {
        Store store = store("localhost");
        store.account();
        store.keep(forLocalhost);
        store.keep(forLocalhost);
        store.keep(new Retry(1, now, false));
        Path folder = parent.resolve("certs");
        assertThat(permissions(folder)).isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.toList())
                    .hasSize(3)
                    .allSatisfy(each -> assertThat(permissions(each)).isEqualTo("rw-------"));
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
