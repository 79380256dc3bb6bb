package dev.cardea.server.net;

import dev.cardea.wire.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the files of a directory, for {@link HttpRoutes.Builder#under}. A directory is answered
 * with its {@code index.html}. Nothing outside of it is served, whatever the path and whatever
 * symbolic links say, and nothing whose name starts with a dot.
 *
 * <p>Files are read by virtual threads and kept in memory while they don't change, up to a limit:
 * many slow clients then share one copy.
 */
public final class StaticFiles implements Endpoint {
    private static final Logger log = LoggerFactory.getLogger(StaticFiles.class);

    private static final long MAX_FILE_BYTES = 16L << 20;
    private static final long MAX_KEPT_BYTES = 64L << 20;

    private final String prefix;
    private final Path root;
    private final String link;
    private final ConcurrentMap<Path, StaticFile> kept = new ConcurrentHashMap<>();

    /**
     * @param prefix where the directory appears, with a slash at both ends
     * @throws IOException the directory isn't there
     */
    public StaticFiles(String prefix, Path directory) throws IOException {
        this(prefix, directory, "");
    }

    /**
     * The same with a {@code Link} header (RFC 8288) for pages.
     *
     * @param link empty: none
     */
    public StaticFiles(String prefix, Path directory, String link) throws IOException {
        this.link = link;
        if (!prefix.endsWith("/")) throw new IllegalArgumentException(prefix);
        this.prefix = prefix;
        root = directory.toRealPath();
    }

    @Override
    public void serve(Request request, Responder responder) {
        Thread.startVirtualThread(() -> responder.respond(answer(request.head())));
    }

    private Response answer(RequestHead head) {
        try {
            Path path = locate(head.path().substring(prefix.length()));
            if (path == null) return notFound();
            if (!Files.isDirectory(path)) return answer(head, path);
            if (head.path().endsWith("/")) return answer(head, path.resolve("index.html"));
            return Response.text(301, "moved").with("Location", encode(head.path()) + "/");
        } catch (IOException | RuntimeException e) {
            log.error("cannot read a file path={}", head.path(), e);
            return Response.text(500, "internal server error");
        }
    }

    private Response answer(RequestHead head, Path path) throws IOException {
        if (!Files.isRegularFile(path)) return notFound();
        // An index.html may be a link as well.
        if (!isInside(path.toRealPath())) return notFound();
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (attributes.size() > MAX_FILE_BYTES) {
            log.error("file is too big to serve path={} bytes={}", path, attributes.size());
            return notFound();
        }
        StaticFile file = kept.get(path);
        if (file == null || !file.isStillLike(attributes)) file = read(path, attributes);
        Response response = file.isKnownTo(head) ? file.notModified() : file.whole();
        boolean isPage = path.toString().endsWith(".html");
        return isPage && !link.isEmpty() ? response.with("Link", link) : response;
    }

    private StaticFile read(Path path, BasicFileAttributes attributes) throws IOException {
        Instant modified = attributes.lastModifiedTime().toInstant();
        Bytes content = Bytes.wrap(Files.readAllBytes(path));
        StaticFile file = StaticFile.of(ContentTypes.of(path.toString()), content, modified);
        long keptBytes = kept.values().stream().mapToLong(StaticFile::length).sum();
        if (keptBytes + content.length() > MAX_KEPT_BYTES) kept.clear();
        kept.put(path, file);
        return file;
    }

    /** The file or directory that a decoded path names; null if there is none to be seen. */
    private @Nullable Path locate(String relative) throws IOException {
        Path path = root;
        String trimmed =
                relative.endsWith("/") ? relative.substring(0, relative.length() - 1) : relative;
        if (!trimmed.isEmpty()) {
            for (String name : trimmed.split("/", -1)) {
                if (!isPlain(name)) return null;
                try {
                    path = path.resolve(name);
                } catch (InvalidPathException e) {
                    return null;
                }
            }
        }
        if (!Files.exists(path)) return null;
        if (relative.endsWith("/") && !Files.isDirectory(path)) return null;
        Path real = path.toRealPath();
        return isInside(real) ? real : null;
    }

    private boolean isInside(Path real) {
        if (!real.startsWith(root)) return false;
        for (Path name : root.relativize(real)) {
            if (name.toString().startsWith(".")) return false;
        }
        return true;
    }

    /** No empty name, no dot file (so no parent either), no separator of another system. */
    private static boolean isPlain(String name) {
        return !name.isEmpty() && !name.startsWith(".") && name.indexOf('\\') < 0;
    }

    private static String encode(String path) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "/-_.~".indexOf(c) >= 0);
            encoded.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
        }
        return encoded.toString();
    }

    private static Response notFound() {
        return Response.text(404, "not found");
    }
}
