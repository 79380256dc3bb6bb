package dev.cardea.server.net;

import dev.cardea.wire.Bytes;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * A file as it was read, with what lets a browser ask whether it changed (RFC 9110 section 8.8).
 *
 * @param whole the response with the content
 */
record StaticFile(Response whole, String etag, Instant modified) {
    static StaticFile of(String contentType, Bytes content, Instant modified) {
        String etag = '"' + hash(content) + '"';
        Response whole =
                Response.of(200, contentType, content)
                        .with("ETag", etag)
                        .with("Last-Modified", HttpDate.format(modified))
                        .with("Cache-Control", "no-cache")
                        .with("X-Content-Type-Options", "nosniff");
        return new StaticFile(whole, etag, modified);
    }

    int length() {
        return whole.body().length();
    }

    boolean isStillLike(BasicFileAttributes attributes) {
        return attributes.lastModifiedTime().toInstant().equals(modified)
                && attributes.size() == length();
    }

    /** By the tag if the client sent one, else by the date (RFC 9110 section 13.2.2). */
    boolean isKnownTo(RequestHead head) {
        String tags = head.header(HttpHeaderNames.IF_NONE_MATCH);
        if (tags != null) {
            for (String tag : tags.split(",", -1)) {
                String strong = tag.strip().replaceFirst("^W/", "");
                if (strong.equals(etag) || strong.equals("*")) return true;
            }
            return false;
        }
        String since = head.header(HttpHeaderNames.IF_MODIFIED_SINCE);
        if (since == null) return false;
        Instant date = HttpDate.parse(since);
        // Dates in HTTP have whole seconds only.
        return date != null && modified.getEpochSecond() <= date.getEpochSecond();
    }

    Response notModified() {
        return new Response(304, whole.headers(), Bytes.EMPTY);
    }

    private static String hash(Bytes content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(content.buffer());
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
