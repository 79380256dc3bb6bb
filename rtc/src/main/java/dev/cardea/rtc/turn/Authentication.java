package dev.cardea.rtc.turn;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.stun.LongTermKey;
import dev.cardea.wire.stun.PasswordAlgorithm;
import dev.cardea.wire.stun.StunAttribute;
import dev.cardea.wire.stun.StunError;
import dev.cardea.wire.stun.StunIntegrity;
import dev.cardea.wire.stun.StunReader;
import dev.cardea.wire.stun.StunWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Who sent a request: long-term credentials (RFC 8489 section 9.2.4). One for each loop. */
final class Authentication {
    /** What PASSWORD-ALGORITHMS says, which a request has to repeat. */
    private static final byte[] ALGORITHMS = {0, 2, 0, 0, 0, 1, 0, 0};

    sealed interface Outcome {}

    record Proved(Account account) implements Outcome {}

    /**
     * @param isExpected a first request without credentials, which is how every client begins
     * @param name as it is in the request; empty where there is none
     */
    record NotProved(StunError error, String why, String name, boolean isExpected)
            implements Outcome {}

    /** Somebody else knows the user, and is to be asked. */
    record Awaited(String name) implements Outcome {}

    private final Credentials credentials;
    private final UserDirectory directory;
    private final Nonces nonces;
    private final StunIntegrity integrity;
    private final LongSupplier secondsSince1970;

    Authentication(
            Credentials credentials,
            UserDirectory directory,
            Nonces nonces,
            StunIntegrity integrity,
            LongSupplier secondsSince1970) {
        this.credentials = credentials;
        this.directory = directory;
        this.nonces = nonces;
        this.integrity = integrity;
        this.secondsSince1970 = secondsSince1970;
    }

    /**
     * @throws Malformed an attribute of it is
     */
    Outcome check(StunReader request, Client client, long nowNanos) {
        boolean isSha256 = request.has(StunAttribute.MESSAGE_INTEGRITY_SHA256);
        if (!isSha256 && !request.has(StunAttribute.MESSAGE_INTEGRITY))
            return new NotProved(StunError.UNAUTHENTICATED, "it has no credentials yet", "", true);
        boolean named = request.has(StunAttribute.USERNAME) || request.has(StunAttribute.USERHASH);
        if (!named || !request.has(StunAttribute.REALM) || !request.has(StunAttribute.NONCE))
            return refuse(
                    StunError.BAD_REQUEST, "", "it has no USERNAME, REALM or NONCE with its seal");
        String name = name(request);
        if (name == null) return unknown("", "no user has this USERHASH");
        String realm = request.text(StunAttribute.REALM, 763);
        if (!realm.equals(credentials.realm()))
            return unknown(name, "its realm isn't \"" + credentials.realm() + "\"");
        PasswordAlgorithm algorithm = algorithm(request);
        if (algorithm == null)
            return refuse(
                    StunError.BAD_REQUEST,
                    name,
                    "its PASSWORD-ALGORITHMS aren't those that were offered");
        return check(request, client, name, algorithm, isSha256, nowNanos);
    }

    private Outcome check(
            StunReader request,
            Client client,
            String name,
            PasswordAlgorithm algorithm,
            boolean isSha256,
            long nowNanos) {
        Allocation allocation = client.allocation();
        byte[] key = null;
        if (allocation != null
                && allocation.name().equals(name)
                && allocation.algorithm() == algorithm) {
            // whoever is in a call stays in it when the name's time is over
            if (isSealed(request, allocation.key(), isSha256)) key = allocation.key();
        } else {
            List<byte[]> keys = credentials.keys(name, algorithm);
            if (keys.isEmpty())
                return checkElsewhere(request, client, name, algorithm, isSha256, nowNanos);
            for (byte[] each : keys) if (isSealed(request, each, isSha256)) key = each;
            long expiry = credentials.expirySeconds(name);
            long now = secondsSince1970.getAsLong();
            if (key != null && expiry >= 0 && expiry <= now)
                return unknown(
                        name, "the credentials ended " + (now - expiry) + " s ago; get new ones");
        }
        if (key == null) return unknown(name, "the password or the secret is another");
        if (!isFresh(request, client, nowNanos)) return stale(name);
        return new Proved(
                new Account(name, credentials.userOf(name), Bytes.wrap(key), algorithm, isSha256));
    }

    private Outcome checkElsewhere(
            StunReader request,
            Client client,
            String name,
            PasswordAlgorithm algorithm,
            boolean isSha256,
            long nowNanos) {
        return switch (directory.find(name)) {
            case UserDirectory.Nobody() -> unknown(name, "there is no such user");
            case UserDirectory.Unreachable() ->
                    refuse(
                            StunError.SERVER_ERROR,
                            name,
                            "the backend (turn.proxy), which knows the users, gave no answer");
            // a forged source has nobody asked
            case UserDirectory.NotAsked() ->
                    isFresh(request, client, nowNanos) ? new Awaited(name) : stale(name);
            case UserDirectory.Known(String password) -> {
                byte[] key = LongTermKey.of(algorithm, name, credentials.realm(), password);
                if (!isSealed(request, key, isSha256))
                    yield unknown(name, "the password is another than the backend's");
                if (!isFresh(request, client, nowNanos)) yield stale(name);
                yield new Proved(new Account(name, name, Bytes.wrap(key), algorithm, isSha256));
            }
        };
    }

    private boolean isFresh(StunReader request, Client client, long nowNanos) {
        return nonces.isValid(request.bytes(StunAttribute.NONCE), client.address().ip(), nowNanos);
    }

    private static NotProved stale(String name) {
        return new NotProved(StunError.STALE_NONCE, "its nonce is too old or not ours", name, true);
    }

    private boolean isSealed(StunReader request, byte[] key, boolean isSha256) {
        return isSha256
                ? integrity.isAuthenticSha256(request, key)
                : integrity.isAuthentic(request, key);
    }

    private @Nullable String name(StunReader request) {
        if (request.has(StunAttribute.USERNAME))
            return request.text(StunAttribute.USERNAME, Credentials.MAX_NAME_BYTES);
        return credentials.nameOf(request.bytes(StunAttribute.USERHASH));
    }

    /** Null: what it says about algorithms is wrong. */
    private static @Nullable PasswordAlgorithm algorithm(StunReader request) {
        boolean chosen = request.has(StunAttribute.PASSWORD_ALGORITHM);
        boolean listed = request.has(StunAttribute.PASSWORD_ALGORITHMS);
        if (!chosen && !listed) return PasswordAlgorithm.MD5; // a client of RFC 5389
        if (!chosen || !listed) return null;
        // a list that somebody has shortened on the way
        byte[] list = request.bytes(StunAttribute.PASSWORD_ALGORITHMS);
        if (!java.util.Arrays.equals(list, ALGORITHMS)) return null;
        return PasswordAlgorithm.of(request.int32(StunAttribute.PASSWORD_ALGORITHM));
    }

    private static NotProved unknown(String name, String why) {
        return refuse(StunError.UNAUTHENTICATED, name, why);
    }

    private static NotProved refuse(StunError error, String name, String why) {
        return new NotProved(error, why, name, false);
    }

    /** What passwords may be prepared with, best first. */
    static void offer(StunWriter out) {
        out.putPasswordAlgorithms(PasswordAlgorithm.SHA256, PasswordAlgorithm.MD5);
    }

    /** REALM and NONCE of an answer that asks for credentials. */
    byte[] nonce(Client client, long nowNanos) {
        return nonces.make(client.address().ip(), nowNanos);
    }

    byte[] realm() {
        return credentials.realm().getBytes(StandardCharsets.UTF_8);
    }
}
