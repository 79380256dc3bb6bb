package dev.cardea.server.net;

import java.time.Duration;

/**
 * What one HTTP connection may take before it is refused or closed.
 *
 * @param requestLineBytes a longer one is answered with 414
 * @param headerBytes all headers together; more are answered with 431
 * @param headTimeout from the connection, or from the first byte of a further request, to the end
 *     of its head
 * @param bodyTimeout from the end of the head to the end of the body
 * @param answerTimeout for an endpoint to answer; then it is done for it, with 503
 * @param idleTimeout between two requests of one connection
 * @param writeTimeout for the client to take one response
 * @param lingerTimeout for the client to read the response to a request that was refused before its
 *     end
 */
public record HttpLimits(
        int requestLineBytes,
        int headerBytes,
        Duration headTimeout,
        Duration bodyTimeout,
        Duration answerTimeout,
        Duration idleTimeout,
        Duration writeTimeout,
        Duration lingerTimeout) {
    public static final HttpLimits DEFAULT =
            new HttpLimits(
                    8 * 1024,
                    16 * 1024,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(2));
}
