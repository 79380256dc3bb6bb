package dev.cardea.messaging.mercure;

import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.broker.ForwardingBroker;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.session.NameRules;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.StreamPosition;
import dev.cardea.wire.json.JsonReader;
import dev.cardea.wire.json.JsonWriter;
import dev.cardea.wire.mercure.Topic;
import dev.cardea.wire.mercure.Update;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One namespace whose channels are the hub's topics: the topic {@code T} is the channel {@code
 * namespace:T}, and private updates of it are the channel {@code $namespace:T}, which nobody
 * subscribes to without a token of its own. Whatever is published on either side is read on both,
 * in one order. Thread safe.
 *
 * <p>A broker: it hands everything on to the one behind it. Where that is this node's own, it
 * completes at once, and both sides have one order. Where nodes share the hub, what one of them
 * publishes on one side it publishes on the other once the first has it: a publisher whose call
 * fails may have published on one side alone, until it repeats itself.
 */
public final class MappedNamespace extends ForwardingBroker {
    private final MercureHub hub;
    private final String namespace;
    private final String publicPrefix;
    private final String privatePrefix;
    private final Function<String, @Nullable ChannelOptions> options;
    private final LongSupplier nowNanos;

    /** Held while both logs are appended to, so that they agree on what came first. */
    private final Object order = new Object();

    /**
     * @param options of a channel, as configured now
     */
    public MappedNamespace(
            Broker broker,
            MercureHub hub,
            String namespace,
            NameRules names,
            Function<String, @Nullable ChannelOptions> options,
            LongSupplier nowNanos) {
        super(broker);
        this.hub = hub;
        this.namespace = namespace;
        this.publicPrefix = namespace + names.namespaceBoundary();
        this.privatePrefix = names.privatePrefix() + publicPrefix;
        this.options = options;
        this.nowNanos = nowNanos;
    }

    /** An update that came to the hub. Completes with its identifier once both sides have it. */
    public CompletionStage<String> publish(Update update) {
        if (hub.isShared()) return publishToAll(update);
        synchronized (order) {
            MercureHub.Appended appended = hub.append(update, false, nowNanos.getAsLong());
            if (!appended.repeated()) {
                Publication publication = Publication.of(json(update.data()));
                for (String channel : channels(update)) {
                    ChannelOptions found = options.apply(channel);
                    if (found == null) continue;
                    var _ = super.publish(channel, found, publication, PublishOptions.NONE);
                }
            }
            return CompletableFuture.completedFuture(appended.id());
        }
    }

    private CompletionStage<String> publishToAll(Update update) {
        Update named = hub.named(update);
        // who has named it may repeat it, whole or where only the first half was done
        String key = update.id().isEmpty() ? "" : digest(UpdateCodec.write(named, false));
        PublishOptions how = new PublishOptions(key, false, 0, "");
        return hub.publish(named, false, key, nowNanos.getAsLong())
                .thenCompose(id -> publishInChannels(named, how).thenApply(_ -> id));
    }

    private CompletionStage<Void> publishInChannels(Update update, PublishOptions how) {
        Publication publication = Publication.of(json(update.data()));
        List<CompletableFuture<Published>> all = new ArrayList<>();
        for (String channel : channels(update)) {
            ChannelOptions found = options.apply(channel);
            if (found == null) continue;
            all.add(super.publish(channel, found, publication, how).toCompletableFuture());
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new));
    }

    private static String digest(Bytes bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.toArray());
            return "mercure:" + Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    private Set<String> channels(Update update) {
        Set<String> channels = new LinkedHashSet<>();
        for (Topic topic : update.topics())
            channels.add((update.isPrivate() ? privatePrefix : publicPrefix) + topic.text());
        return channels;
    }

    /** Subscribers of channels may speak JSON, in which text has quotes. */
    private static Bytes json(Bytes data) {
        if (JsonReader.isValid(data.toArray(), 0, data.length())) return data;
        ByteWriter text = new ByteWriter(data.length() + 16);
        JsonWriter.string(text, data);
        return text.toBytes();
    }

    @Override
    public CompletionStage<Published> publish(
            String channel,
            ChannelOptions channelOptions,
            Publication publication,
            PublishOptions how) {
        Topic topic = channelOptions.namespace().equals(namespace) ? topic(channel) : null;
        return topic == null
                ? super.publish(channel, channelOptions, publication, how)
                : publish(channel, topic, channelOptions, publication, how);
    }

    private CompletionStage<Published> publish(
            String channel,
            Topic topic,
            ChannelOptions channelOptions,
            Publication publication,
            PublishOptions how) {
        boolean isPrivate = !channel.startsWith(publicPrefix);
        String key = how.idempotencyKey();
        if (hub.isShared()) {
            String itsKey = key.isEmpty() ? "" : channel + " " + key;
            return super.publish(channel, channelOptions, publication, how)
                    .thenCompose(published ->
                            tell(published, topic, isPrivate, publication.data(), itsKey));
        }
        synchronized (order) {
            return super.publish(channel, channelOptions, publication, how)
                    .thenCompose(
                            published -> tell(published, topic, isPrivate, publication.data(), ""));
        }
    }

    private CompletionStage<Published> tell(
            Published published, Topic topic, boolean isPrivate, Bytes data, String key) {
        String id = id(published.position());
        Update update = new Update(List.of(topic), isPrivate, id, "", Update.NO_RETRY, text(data));
        return hub.publish(update, true, key, nowNanos.getAsLong()).thenApply(_ -> published);
    }

    /** Null: the channel is no topic's. */
    private @Nullable Topic topic(String channel) {
        String prefix = channel.startsWith(publicPrefix) ? publicPrefix : privatePrefix;
        if (!channel.startsWith(prefix)) return null;
        Topic topic = hub.topic(channel.substring(prefix.length()));
        return topic.isReserved() || topic.text().equals("*") ? null : topic;
    }

    /**
     * The same publication has the same identifier, so that a repeated one isn't appended twice. An
     * epoch is one stream's alone. Empty: the channel has no history to tell by.
     */
    private static String id(StreamPosition position) {
        if (position.offset() == 0) return "";
        return "urn:cardea:" + position.epoch() + ":" + Long.toUnsignedString(position.offset());
    }

    /** Events are text: what isn't UTF-8 comes in Base64. */
    private static Bytes text(Bytes data) {
        try {
            var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data.toArray()));
            return data;
        } catch (CharacterCodingException _) {
            return Bytes.wrap(Base64.getEncoder().encode(data.toArray()));
        }
    }
}
