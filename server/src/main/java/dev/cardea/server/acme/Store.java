package dev.cardea.server.acme;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cardea.server.tls.BadPem;
import dev.cardea.server.tls.CertificateRequest;
import dev.cardea.server.tls.KeyPairPem;
import dev.cardea.server.tls.TlsMaterial;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of an authority, in files that only the server's user may read. Each is written
 * whole, beside the old one, and then put in its place. Not thread safe.
 */
final class Store {
    private static final Logger LOG = LoggerFactory.getLogger(Store.class);
    private static final int DNS_NAME = 2;

    private final Path folder;
    private final Path account;
    private final Path certificate;
    private final Path retry;
    private final List<String> names;

    /**
     * @param directory each authority has files of its own
     * @param names that a certificate has to be for
     */
    Store(Path folder, URI directory, List<String> names) {
        this.folder = folder;
        this.names = List.copyOf(names);
        String authority = directory.getAuthority().replaceAll("[^A-Za-z0-9.-]", "_");
        account = folder.resolve("account-" + authority + ".pem");
        certificate = folder.resolve("certificate-" + authority + ".pem");
        retry = folder.resolve("retry-" + authority);
    }

    /** The key that the authority knows us by; made the first time. */
    KeyPair account() throws IOException {
        String pem = read(account);
        if (pem != null) {
            try {
                return KeyPairPem.read(pem);
            } catch (BadPem e) {
                unusable(account, String.valueOf(e.getMessage()));
            }
        }
        KeyPair made = CertificateRequest.newKey();
        write(account, KeyPairPem.write(made));
        return made;
    }

    /** Null: there is none for all of the names, or it has expired. */
    @Nullable TlsMaterial certificate(Instant now) throws IOException {
        String pem = read(certificate);
        if (pem == null) return null;
        try {
            TlsMaterial material = TlsMaterial.load(pem, pem, "");
            X509Certificate own = material.chain().getFirst();
            boolean isValid = now.isBefore(own.getNotAfter().toInstant());
            return isValid && isFor(own, names) ? material : null;
        } catch (BadPem e) {
            unusable(certificate, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private static boolean isFor(X509Certificate certificate, List<String> names) {
        Set<String> known = new HashSet<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives == null) return false;
            for (List<?> each : alternatives) {
                if (each.getFirst().equals(DNS_NAME)) known.add(String.valueOf(each.getLast()));
            }
        } catch (CertificateParsingException _) {
            return false;
        }
        return known.containsAll(names);
    }

    void keep(TlsMaterial material) throws IOException {
        write(certificate, KeyPairPem.write(material.key(), material.chain()));
    }

    /** What was left by the server that ran before, for the same names. */
    Retry retry() throws IOException {
        String text = read(retry);
        if (text == null) return Retry.NONE;
        String[] parts = text.strip().split(" ", 4);
        if (parts.length < 4 || !parts[3].equals(String.join(",", names))) return Retry.NONE;
        try {
            Instant at = Instant.ofEpochSecond(Long.parseLong(parts[1]));
            return new Retry(Integer.parseInt(parts[0]), at, parts[2].equals("firm"));
        } catch (NumberFormatException _) {
            return Retry.NONE;
        }
    }

    void keep(Retry next) throws IOException {
        if (next.equals(Retry.NONE)) {
            Files.deleteIfExists(retry);
            return;
        }
        String firm = next.isFirm() ? "firm" : "free";
        write(
                retry,
                "%d %d %s %s\n"
                        .formatted(
                                next.failures(),
                                next.at().getEpochSecond(),
                                firm,
                                String.join(",", names)));
    }

    private static void unusable(Path file, String why) {
        LOG.atWarn().addKeyValue("file", file).addKeyValue("reason", why).log("tls_cache_unusable");
    }

    private static @Nullable String read(Path file) throws IOException {
        try {
            return Files.readString(file, UTF_8);
        } catch (NoSuchFileException _) {
            return null;
        }
    }

    private void write(Path file, String text) throws IOException {
        Files.createDirectories(folder, only("rwx------"));
        Path beside = folder.resolve(file.getFileName() + ".new");
        Files.deleteIfExists(beside);
        Files.createFile(beside, only("rw-------"));
        Files.writeString(beside, text, UTF_8, StandardOpenOption.WRITE);
        Files.move(
                beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static FileAttribute<?>[] only(String permissions) {
        boolean hasThem = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        if (!hasThem) return new FileAttribute<?>[0];
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        };
    }
}
