package dev.cardea.testkit.websocket;

import java.io.IOException;

/** The server answered the upgrade with something else than 101. */
public final class HandshakeRefused extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String head;
    private final String body;

    HandshakeRefused(int status, String head, String body) {
        super(head.lines().findFirst().orElse("no answer"));
        this.status = status;
        this.head = head;
        this.body = body;
    }

    /** The HTTP status; 0 if the connection ended without an answer. */
    public int status() {
        return status;
    }

    /** The status line and the headers, as they came. */
    public String head() {
        return head;
    }

    /** What followed the headers until the end of the connection or its Content-Length. */
    public String body() {
        return body;
    }
}
