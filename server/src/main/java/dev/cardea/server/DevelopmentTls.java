package dev.cardea.server;

import dev.cardea.server.net.Request;
import dev.cardea.server.net.Responder;
import dev.cardea.server.net.Response;
import dev.cardea.server.tls.DevelopmentCertificate;
import dev.cardea.server.tls.TlsMaterial;
import dev.cardea.wire.Bytes;
import java.time.Instant;
import java.util.Base64;

/**
 * The certificate that HTTP/3 has where the configuration gives none, made anew before it expires,
 * and its hash for pages. Thread safe.
 */
final class DevelopmentTls {
    private DevelopmentCertificate current = DevelopmentCertificate.make(Instant.now());

    private synchronized DevelopmentCertificate current() {
        Instant now = Instant.now();
        if (current.isOld(now)) current = DevelopmentCertificate.make(now);
        return current;
    }

    TlsMaterial material() {
        return current().material();
    }

    /**
     * Answers with what a page gives its browser as {@code serverCertificateHashes}, the value in
     * base64.
     */
    void serveHashes(Request request, Responder responder) {
        String hash = Base64.getEncoder().encodeToString(current().sha256());
        String json = "{\"hashes\":[{\"algorithm\":\"sha-256\",\"value\":\"" + hash + "\"}]}";
        responder.respond(Response.json(200, Bytes.utf8(json)).with("Cache-Control", "no-store"));
    }
}
