package dev.cardea.server.config;

import java.time.Duration;
import java.util.List;

/** {@code client}: what a client's connection may do, and for how long. */
public record ClientConfig(
        @Setting(
                        means =
                                "origins that browsers may connect from, with * as a wildcard; empty"
                                        + " accepts only requests without Origin")
                List<String> allowedOrigins,
        @Setting(means = "what the application's backend is asked about connections")
                ClientProxyConfig proxy,
        @Setting(means = "how connection tokens (JWT) are verified") TokenConfig token,
        @Setting(means = "how subscription tokens are verified, if not by client.token")
                SubscriptionTokenConfig subscriptionToken,
        @Setting(is = "false", means = "lets clients without a token connect as the anonymous user")
                boolean allowAnonymousConnectWithoutToken,
        @Setting(
                        means =
                                "header of the client's HTTP request with the user's id, set by a proxy in"
                                        + " front that nobody can get around; for clients without a token")
                String userIdHttpHeader,
        @Setting(is = "false", means = "refuses tokens that name no user")
                boolean disallowAnonymousConnectionTokens,
        @Setting(
                        is = "false",
                        means =
                                "lets everyone connect, subscribe and publish; for development only")
                boolean insecure,
        @Setting(
                        is = "false",
                        means = "believes every token, whoever has signed it; for development only")
                boolean insecureSkipTokenSignatureVerify,
        @Setting(is = "25s", means = "how often the server pings", atLeast = "1ms")
                Duration pingInterval,
        @Setting(is = "8s", means = "how long a client may take to answer a ping", atLeast = "1ms")
                Duration pongTimeout,
        @Setting(is = "10s", means = "how long a connection may take to send its connect command")
                Duration staleCloseDelay,
        @Setting(is = "25s", means = "how long an expired connection may take to refresh")
                Duration expiredCloseDelay,
        @Setting(is = "25s", means = "how long an expired subscription may take to refresh")
                Duration expiredSubCloseDelay,
        @Setting(is = "128", means = "channels that one connection may be subscribed to")
                int channelLimit,
        @Setting(
                        is = "1048576",
                        means =
                                "bytes of replies and other control messages that may wait for one client",
                        atLeast = "1024")
                int queueMaxSize,
        @Setting(
                        is = "27s",
                        means = "how often the presence of a connection is renewed",
                        atLeast = "1s")
                Duration presenceUpdateInterval,
        @Setting(
                        is = "40s",
                        means =
                                "how often a subscription's position is compared with its channel's",
                        atLeast = "1s")
                Duration channelPositionCheckDelay,
        @Setting(is = "300", means = "publications that one history call may return")
                int historyMaxPublicationLimit,
        @Setting(is = "300", means = "publications that one recovery may return")
                int recoveryMaxPublicationLimit,
        @Setting(is = "0", means = "connections of one user; 0 is without limit")
                int userConnectionLimit,
        @Setting(
                        is = "0",
                        means =
                                "connections in all, from the handshake on, whether a client has connected"
                                        + " or not yet; 0 is without limit")
                int connectionLimit,
        @Setting(is = "0", means = "new connections in a second; 0 is without limit")
                int connectionRateLimit,
        @Setting(is = "false", means = "tells clients the server's time when they connect")
                boolean connectIncludeServerTime,
        @Setting(means = "how often clients may do what") RateLimitConfig rateLimit,
        @Setting(means = "subscribes every connection of a user to the channel #USER")
                PersonalChannelConfig subscribeToUserPersonalChannel,
        @Setting(
                        is = "30s",
                        means =
                                "how long bytes may wait without progress before the connection is"
                                        + " closed (3009), where slow_consumer isn't disconnect",
                        atLeast = "1s")
                Duration slowConsumerTimeout)
        implements Checked {

    /** The rules for subscription tokens: their own, or those of connection tokens. */
    public TokenConfig effectiveSubscriptionToken() {
        return subscriptionToken.enabled() ? subscriptionToken.token() : token;
    }

    @Override
    public void check(Problems.Group problems) {
        if (insecureSkipTokenSignatureVerify) {
            problems.warn(
                    "insecure_skip_token_signature_verify",
                    "is set: whoever writes a token is believed");
        }
        if (!userIdHttpHeader.isEmpty() && !ProxyHttpConfig.isHeader(userIdHttpHeader)) {
            problems.add("user_id_http_header", "is no header's name");
        }
        if (pongTimeout.compareTo(pingInterval) >= 0) {
            problems.add(
                    "pong_timeout",
                    "is %s; expected less than ping_interval, which is %s"
                            .formatted(
                                    DurationText.format(pongTimeout),
                                    DurationText.format(pingInterval)));
        }
    }
}
