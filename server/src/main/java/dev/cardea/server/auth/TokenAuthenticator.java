package dev.cardea.server.auth;

import dev.cardea.messaging.auth.Authenticator;
import dev.cardea.messaging.auth.Capability;
import dev.cardea.messaging.auth.Peer;
import dev.cardea.messaging.auth.TokenId;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.server.config.ClientConfig;
import dev.cardea.server.config.TokenConfig;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * Lets in who brings a token that verifies, and who comes without one where the configuration says
 * so. A bad or expired token is never taken for none. Thread safe; answers at once, unless it has
 * to fetch a key.
 */
public final class TokenAuthenticator implements Authenticator {
    private final JwtVerifier connections;
    private final JwtVerifier subscriptions;
    private final boolean admitsWithoutToken;
    private final boolean refusesTokensWithoutUser;
    private final boolean neverExpires;
    private final LongSupplier unixMillis;

    public TokenAuthenticator(ClientConfig config, LongSupplier unixMillis) {
        this.connections = verifier(config, config.token());
        this.subscriptions =
                config.subscriptionToken().enabled()
                        ? verifier(config, config.effectiveSubscriptionToken())
                        : connections;
        this.admitsWithoutToken = config.allowAnonymousConnectWithoutToken() || config.insecure();
        this.refusesTokensWithoutUser = config.disallowAnonymousConnectionTokens();
        this.neverExpires = config.insecure();
        this.unixMillis = unixMillis;
    }

    private static JwtVerifier verifier(ClientConfig config, TokenConfig rules) {
        return config.insecureSkipTokenSignatureVerify()
                ? JwtVerifier.withoutSignatures(rules)
                : new JwtVerifier(rules);
    }

    @Override
    public CompletionStage<Verdict<Credentials>> connect(
            String client, Peer peer, Command.Connect command) {
        if (command.token().isEmpty()) {
            return now(
                    admitsWithoutToken
                            ? new Verdict.Granted<>(Credentials.ANONYMOUS)
                            : new Verdict.Missing<>());
        }
        return refresh(command.token());
    }

    @Override
    public CompletionStage<Verdict<Credentials>> refresh(String token) {
        return connections
                .verifyConnection(token, nowSeconds())
                .thenApply(verification ->
                        switch (verification) {
                            case Verification.Valid<ConnectionToken>(ConnectionToken valid) ->
                                    verdict(valid);
                            case Verification.Expired<ConnectionToken> _ -> new Verdict.Expired<>();
                            case Verification.Invalid<ConnectionToken>(String reason) ->
                                    new Verdict.Invalid<>(reason);
                        });
    }

    private Verdict<Credentials> verdict(ConnectionToken token) {
        if (token.user().isEmpty() && refusesTokensWithoutUser) return new Verdict.Forbidden<>();
        Map<String, SubscriptionGrant> subscriptions = new LinkedHashMap<>();
        token.subscriptions()
                .forEach((channel, options) ->
                        subscriptions.put(channel, grant(options, 0, Set.of(), token.id())));
        return new Verdict.Granted<>(
                new Credentials(
                        token.user(),
                        token.info(),
                        neverExpires ? 0 : token.expireAt(),
                        token.meta(),
                        Bytes.EMPTY,
                        subscriptions,
                        token.capabilities(),
                        token.id()));
    }

    @Override
    public CompletionStage<Verdict<SubscriptionGrant>> subscribe(
            String token, String channel, String user, String client) {
        return subscriptions
                .verifySubscription(token, nowSeconds())
                .thenApply(verification ->
                        switch (verification) {
                            case Verification.Valid<SubscriptionToken>(SubscriptionToken valid) ->
                                    verdict(valid, channel, user, client);
                            case Verification.Expired<SubscriptionToken> _ ->
                                    new Verdict.Expired<>();
                            case Verification.Invalid<SubscriptionToken>(String reason) ->
                                    new Verdict.Invalid<>(reason);
                        });
    }

    private static Verdict<SubscriptionGrant> verdict(
            SubscriptionToken token, String channel, String user, String client) {
        if (!token.channel().equals(channel)) return new Verdict.Mismatched<>("channel");
        if (!token.user().equals(user)) return new Verdict.Mismatched<>("user");
        if (!token.client().isEmpty() && !token.client().equals(client))
            return new Verdict.Mismatched<>("client");
        return new Verdict.Granted<>(
                grant(token.subscription(), token.expireAt(), token.allow(), token.id()));
    }

    private static SubscriptionGrant grant(
            TokenSubscription subscription, long expireAt, Set<Capability> allow, TokenId id) {
        return new SubscriptionGrant(
                subscription.info(),
                subscription.data(),
                expireAt,
                subscription.override(),
                allow,
                id);
    }

    private long nowSeconds() {
        return unixMillis.getAsLong() / 1000;
    }

    private static <T> CompletionStage<T> now(T value) {
        return CompletableFuture.completedFuture(value);
    }
}
