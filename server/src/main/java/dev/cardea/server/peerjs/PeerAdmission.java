package dev.cardea.server.peerjs;

import dev.cardea.messaging.auth.Authenticator;
import dev.cardea.messaging.auth.Fault;
import dev.cardea.messaging.auth.Peer;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.messaging.peerjs.Refused;
import dev.cardea.messaging.peerjs.Registration;
import dev.cardea.messaging.session.Node;
import dev.cardea.server.config.PeerjsConfig;
import dev.cardea.server.net.KeptHeaders;
import dev.cardea.server.net.RequestHead;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.json.JsonWriter;
import dev.cardea.wire.peerjs.PeerId;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may have which id, as far as this can be said without looking at the others. */
final class PeerAdmission {
    private static final Logger LOG = LoggerFactory.getLogger(PeerAdmission.class);
    private static final int MAX_TOKEN_CHARS = 8192;

    private final PeerjsConfig config;
    private final Node node;
    private final KeptHeaders kept;

    PeerAdmission(PeerjsConfig config, Node node, KeptHeaders kept) {
        this.config = config;
        this.node = node;
        this.kept = kept;
    }

    /** What a request asks for, taken out of it. */
    record Wanted(String id, String token, String address, Map<String, String> headers) {}

    /** Either what is wanted or why not. */
    record Asked(@Nullable Wanted wanted, Refused why) {}

    Asked asked(RequestHead head) {
        String id = given(head, "id");
        String token = given(head, "token");
        String key = given(head, "key");
        if (id.isEmpty() || token.isEmpty() || key.isEmpty())
            return new Asked(null, Refused.MISSING_PARAMETERS);
        if (!key.equals(config.key())) return new Asked(null, Refused.INVALID_KEY);
        if (!PeerId.isValid(id)) return new Asked(null, Refused.INVALID_ID);
        if (token.length() > MAX_TOKEN_CHARS) return new Asked(null, Refused.INVALID_TOKEN);
        Wanted wanted = new Wanted(id, token, address(head), kept.in(head));
        return new Asked(wanted, Refused.INVALID_TOKEN);
    }

    private static String given(RequestHead head, String parameter) {
        return Objects.requireNonNullElse(head.parameter(parameter), "");
    }

    /** The client's address, or what the proxy in front of the server says of it. */
    private String address(RequestHead head) {
        if (config.proxied()) {
            List<String> chain = head.headers("X-Forwarded-For");
            if (!chain.isEmpty()) {
                String last = chain.getLast();
                String nearest = last.substring(last.lastIndexOf(',') + 1).strip();
                if (!nearest.isEmpty() && nearest.length() <= 64) return nearest;
            }
        }
        SocketAddress remote = head.remote();
        return remote instanceof InetSocketAddress inet
                ? inet.getAddress().getHostAddress()
                : remote.toString();
    }

    /** Registers the connection, or refuses it, on its loop. */
    void decide(PeerSocket socket, Wanted wanted) {
        if (!config.authenticate()) {
            socket.register(registration(socket, wanted, "", Registration.ENDLESS, () -> false));
            return;
        }
        Command.Connect connect = connect(wanted);
        Peer peer = new Peer("peerjs", "json", wanted.headers(), Map.of());
        var _ =
                node.authenticator()
                        .connect("", peer, connect)
                        .whenComplete((verdict, failure) -> {
                            if (failure != null) LOG.warn("authentication_failed", failure);
                            socket.execute(() -> {
                                if (failure != null) socket.refuse(Refused.NOT_NOW);
                                else judge(socket, wanted, verdict);
                            });
                        });
    }

    /** npm peerjs sends a token always; one that is no JWT is for the backend to know. */
    private static Command.Connect connect(Wanted wanted) {
        String token = wanted.token();
        boolean isJwt = token.startsWith("ey") && token.chars().filter(c -> c == '.').count() == 2;
        ByteWriter data = new ByteWriter().put('{');
        JsonWriter.name(data, "id");
        JsonWriter.string(data, wanted.id());
        JsonWriter.name(data, "token");
        JsonWriter.string(data, isJwt ? "" : token);
        Bytes about = data.put('}').toBytes();
        return new Command.Connect(1, isJwt ? token : "", about, Map.of(), "", "", Map.of(), 0);
    }

    private void judge(
            PeerSocket socket, Wanted wanted, Verdict<Authenticator.Credentials> verdict) {
        switch (verdict) {
            case Verdict.Granted<Authenticator.Credentials>(var who) -> {
                if (config.ownIds() && !isOwn(wanted.id(), who.user())) {
                    socket.refuse(Refused.FOREIGN_ID);
                } else {
                    socket.register(
                            registration(
                                    socket,
                                    wanted,
                                    who.user(),
                                    lifetimeNanos(who),
                                    () -> node.revocations().cover(who.token(), who.user(), "")));
                }
            }
            case Verdict.Expired<Authenticator.Credentials> _ ->
                    socket.refuse(Refused.TOKEN_EXPIRED);
            case Verdict.Failed<Authenticator.Credentials>(Fault.Error(_, _, boolean isTemporary))
                    when isTemporary ->
                    socket.refuse(Refused.NOT_NOW);
            case Verdict.Invalid<Authenticator.Credentials> _,
                    Verdict.Mismatched<Authenticator.Credentials> _,
                    Verdict.Missing<Authenticator.Credentials> _,
                    Verdict.Forbidden<Authenticator.Credentials> _,
                    Verdict.Failed<Authenticator.Credentials> _ ->
                    socket.refuse(Refused.INVALID_TOKEN);
        }
    }

    private static boolean isOwn(String id, String user) {
        return !user.isEmpty() && (id.equals(user) || id.startsWith(user + "-"));
    }

    private long lifetimeNanos(Authenticator.Credentials who) {
        if (who.expireAtSeconds() <= 0) return Registration.ENDLESS;
        long millis =
                TimeUnit.SECONDS.toMillis(who.expireAtSeconds()) - node.unixMillis().getAsLong();
        return Math.max(1, TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** A known user's peer is the user's whatever the token, which may have been renewed. */
    private static Registration registration(
            PeerSocket socket,
            Wanted wanted,
            String user,
            long lifetimeNanos,
            BooleanSupplier revoked) {
        String owner = digest(user.isEmpty() ? "token " + wanted.token() : "user " + user);
        return new Registration(
                wanted.id(), owner, user, wanted.address(), lifetimeNanos, revoked, socket);
    }

    /** Other nodes are told this, and not the token. */
    private static String digest(String text) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
