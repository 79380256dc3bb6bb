package dev.cardea.messaging.session;

import dev.cardea.messaging.auth.Authenticator;
import dev.cardea.messaging.auth.Revocations;
import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.hook.Hooks;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.messaging.limit.RateLimits;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What all sessions of a node share. Everything in it is thread safe.
 *
 * @param id the node's, a UUID
 * @param unixMillis the time of day
 * @param newClientId makes connection ids that nobody can guess: UUIDs
 */
public record Node(
        String id,
        String version,
        ClientOptions options,
        Namespaces namespaces,
        Hub hub,
        Broker broker,
        Authenticator authenticator,
        Revocations revocations,
        Hooks hooks,
        RateLimits limits,
        Sessions sessions,
        Counters counters,
        LongSupplier unixMillis,
        Supplier<String> newClientId,
        RandomGenerator random) {}
