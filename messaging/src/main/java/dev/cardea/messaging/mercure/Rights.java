package dev.cardea.messaging.mercure;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.mercure.Generation;
import dev.cardea.wire.mercure.Topic;
import dev.cardea.wire.mercure.TopicSelector;
import java.util.ArrayList;
import java.util.List;

/**
 * What a token lets its bearer do. Immutable.
 *
 * @param generation of the token
 * @param expiresSeconds Unix time; 0: never
 * @param defaultPayload of subscriptions that no detail has one for; empty: none
 */
public record Rights(
        Generation generation,
        SelectorSet publish,
        SelectorSet subscribe,
        List<Payload> payloads,
        Bytes defaultPayload,
        long expiresSeconds) {

    /**
     * What others are told about the subscriptions that it is for.
     *
     * @param json empty: nothing
     */
    public record Payload(SelectorSet of, Bytes json) {}

    /** Every topic must be allowed. */
    public boolean mayPublish(List<Topic> topics) {
        return publish.matchesAll(topics);
    }

    /** One of the topics is enough: who attaches an alternate widens the audience. */
    public boolean mayRead(List<Topic> topics) {
        return subscribe.matchesAny(topics);
    }

    /**
     * Of the first detail that matches, taking the selector's own text for a topic; empty: none.
     *
     * @param own the selector's text
     */
    public Bytes payload(TopicSelector selector, Topic own) {
        for (Payload payload : payloads) {
            boolean isSame = payload.of().all().contains(selector);
            if (isSame || payload.of().matches(own)) return payload.json();
        }
        return defaultPayload;
    }

    /** Puts rights together. */
    public static final class Builder {
        private final List<TopicSelector> publish = new ArrayList<>();
        private final List<TopicSelector> subscribe = new ArrayList<>();
        private final List<Payload> payloads = new ArrayList<>();

        public Builder publish(List<TopicSelector> selectors) {
            publish.addAll(selectors);
            return this;
        }

        /** Of version 0.x, where all subscriptions have the one payload. */
        public Builder subscribe(List<TopicSelector> selectors) {
            subscribe.addAll(selectors);
            return this;
        }

        /**
         * @param payload empty: none; but what comes later doesn't count for these topics
         */
        public Builder subscribe(List<TopicSelector> selectors, Bytes payload) {
            subscribe.addAll(selectors);
            payloads.add(new Payload(new SelectorSet(selectors), payload));
            return this;
        }

        public Rights build(Generation generation, Bytes defaultPayload, long expiresSeconds) {
            return new Rights(
                    generation,
                    new SelectorSet(publish),
                    new SelectorSet(subscribe),
                    List.copyOf(payloads),
                    defaultPayload,
                    expiresSeconds);
        }
    }
}
