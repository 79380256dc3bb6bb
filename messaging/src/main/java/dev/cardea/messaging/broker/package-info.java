/**
 * Who orders and keeps publications: this process itself, or a broker that several nodes share.
 *
 * <p>{@link Broker} is what sessions and the server API call: append, follow, read, presence. A
 * shared broker is an {@link Origin} with {@link Replicas} before it, which keep this node's logs
 * in step, and a {@link Control}; together they are the node's {@link NodeBroker}. Keyed state will
 * be one more interface beside {@link Broker}: its appends are publications with a key, so streams,
 * replicas and control stay as they are.
 *
 * <p>All that a broker promises is in testkit's {@code broker.BrokerSuite}.
 */
@NullMarked
package dev.cardea.messaging.broker;

import org.jspecify.annotations.NullMarked;
