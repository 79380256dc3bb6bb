package dev.cardea.server.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cardea.messaging.auth.Authenticator;
import dev.cardea.messaging.auth.ForwardingAuthenticator;
import dev.cardea.messaging.auth.Peer;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Lets in who brings no token and whom a header of the HTTP request names: a proxy in front has
 * found out who it is. Headers that a client gives in its connect command don't count. Thread safe.
 */
public final class HeaderAuthenticator implements ForwardingAuthenticator {
    private final String header;
    private final Authenticator tokens;

    private HeaderAuthenticator(String header, Authenticator tokens) {
        this.header = header.toLowerCase(Locale.ROOT);
        this.tokens = tokens;
    }

    /**
     * @param header empty: there is none
     * @param tokens judges everybody else
     */
    public static Authenticator before(Authenticator tokens, String header) {
        return header.isEmpty() ? tokens : new HeaderAuthenticator(header, tokens);
    }

    @Override
    public CompletionStage<Verdict<Credentials>> connect(
            String client, Peer peer, Command.Connect command) {
        String user = text(peer.headers().getOrDefault(header, ""));
        if (user.isEmpty() || !command.token().isEmpty()) {
            return tokens.connect(client, peer, command);
        }
        return CompletableFuture.completedFuture(
                new Verdict.Granted<>(new Credentials(user, Bytes.EMPTY, 0)));
    }

    /** Headers are read as one character for each byte (RFC 9110 section 5.5); users are UTF-8. */
    private static String text(String value) {
        try {
            return UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(value.getBytes(ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException _) {
            return "";
        }
    }

    @Override
    public Authenticator next() {
        return tokens;
    }
}
