package dev.cardea.server;

import dev.cardea.messaging.broker.PublishQueue.Limit;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.hub.SlowConsumer;
import dev.cardea.messaging.log.LogOptions;
import dev.cardea.messaging.session.ChannelPattern;
import dev.cardea.messaging.session.ClientOptions;
import dev.cardea.messaging.session.NameRules;
import dev.cardea.messaging.session.Namespaces;
import dev.cardea.server.config.ChannelConfig;
import dev.cardea.server.config.ClientConfig;
import dev.cardea.server.config.Config;
import dev.cardea.server.config.ConflateConfig;
import dev.cardea.server.config.NamespaceConfig;
import dev.cardea.server.config.PersonalChannelConfig;
import dev.cardea.server.config.PublishQueueConfig;
import dev.cardea.server.config.WebSocketConfig;
import dev.cardea.server.net.Compression;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The configuration in the words of the messaging core. */
final class CoreOptions {
    /**
     * Publications in one batch of one connection: what is pending is at most this and one frame.
     */
    private static final int HIGH_WATER_BYTES = 64 * 1024;

    private CoreOptions() {}

    static ClientOptions client(Config config) {
        ClientConfig client = config.client();
        return new ClientOptions(
                client.insecure(),
                client.pingInterval().toNanos(),
                client.pongTimeout().toNanos(),
                client.staleCloseDelay().toNanos(),
                client.expiredCloseDelay().toNanos(),
                client.expiredSubCloseDelay().toNanos(),
                client.channelLimit(),
                config.channel().maxLength(),
                client.queueMaxSize(),
                client.presenceUpdateInterval().toNanos(),
                client.channelPositionCheckDelay().toNanos(),
                client.historyMaxPublicationLimit(),
                client.recoveryMaxPublicationLimit(),
                client.userConnectionLimit(),
                client.connectIncludeServerTime(),
                config.websocket().writeTimeout().toNanos(),
                client.slowConsumerTimeout().toNanos(),
                config.websocket().messageSizeLimit(),
                HIGH_WATER_BYTES,
                personalChannel(client.subscribeToUserPersonalChannel(), config.channel()));
    }

    private static ClientOptions.PersonalChannel personalChannel(
            PersonalChannelConfig config, ChannelConfig channel) {
        String namespace = config.personalChannelNamespace();
        String prefix = namespace.isEmpty() ? "" : namespace + channel.namespaceBoundary();
        return new ClientOptions.PersonalChannel(
                config.enabled(),
                prefix + channel.userBoundary(),
                config.enabled() && config.singleConnection());
    }

    static @Nullable Compression compression(WebSocketConfig config) {
        return config.compression()
                ? new Compression(config.compressionLevel(), config.compressionMinSize())
                : null;
    }

    static Namespaces namespaces(ChannelConfig config) {
        Map<String, ChannelOptions> byName = new HashMap<>();
        List<Namespaces.Patterned> patterned = new ArrayList<>();
        for (NamespaceConfig namespace : config.namespaces()) {
            ChannelOptions options = channel(namespace.name(), namespace.options(), config);
            if (config.patterns() && !namespace.pattern().isEmpty()) {
                ChannelPattern pattern = ChannelPattern.of(namespace.pattern());
                patterned.add(new Namespaces.Patterned(pattern, options));
            } else {
                byName.put(namespace.name(), options);
            }
        }
        return new Namespaces(
                new NameRules(
                        config.privatePrefix(),
                        config.namespaceBoundary(),
                        config.userBoundary(),
                        config.userSeparator()),
                channel("", config.withoutNamespace(), config),
                byName,
                patterned);
    }

    private static ChannelOptions channel(
            String name, dev.cardea.server.config.ChannelOptions options, ChannelConfig config) {
        return new ChannelOptions(
                name,
                new LogOptions(
                        options.historySize(),
                        options.historyTtl().toNanos(),
                        options.historyBytes(),
                        options.deliveryWindow().size(),
                        options.deliveryWindow().bytes(),
                        options.allowsDelta()),
                config.historyMetaTtl(options).toNanos(),
                options.presence(),
                options.joinLeave(),
                options.forcePushJoinLeave(),
                options.joinLeaveInterval().toNanos(),
                options.forcePositioning(),
                options.allowPositioning(),
                options.forceRecovery(),
                options.allowRecovery(),
                switch (options.forceRecoveryMode()) {
                    case STREAM -> ChannelOptions.RecoveryMode.STREAM;
                    case CACHE -> ChannelOptions.RecoveryMode.CACHE;
                },
                options.autoCacheRecover(),
                permissions(options),
                switch (config.publicationDataFormat(options)) {
                    case UNSET -> ChannelOptions.PublicationDataFormat.ANY;
                    case JSON -> ChannelOptions.PublicationDataFormat.JSON;
                    case JSON_OBJECT -> ChannelOptions.PublicationDataFormat.JSON_OBJECT;
                    case BINARY -> ChannelOptions.PublicationDataFormat.BINARY;
                },
                options.publicationTime(),
                options.namePattern(),
                switch (options.slowConsumer()) {
                    case RECOVER -> SlowConsumer.RECOVER;
                    case LATEST -> SlowConsumer.LATEST;
                    case SKIP -> SlowConsumer.SKIP;
                    case DISCONNECT -> SlowConsumer.DISCONNECT;
                },
                conflate(options.conflate()),
                new ChannelOptions.Bandwidth(
                        options.allowsDelta(), options.deltaPublish(), options.allowTagsFilter()));
    }

    private static ChannelOptions.Permissions permissions(
            dev.cardea.server.config.ChannelOptions options) {
        return new ChannelOptions.Permissions(
                options.allowSubscribeForClient(),
                options.allowSubscribeForAnonymous(),
                options.allowUserLimitedChannels(),
                options.allowPublishForClient(),
                options.allowPublishForSubscriber(),
                options.allowPublishForAnonymous(),
                options.allowPresenceForClient(),
                options.allowPresenceForSubscriber(),
                options.allowPresenceForAnonymous(),
                options.allowHistoryForClient(),
                options.allowHistoryForSubscriber(),
                options.allowHistoryForAnonymous());
    }

    /** By the namespace's name. */
    static Map<String, Limit> publishQueues(ChannelConfig config) {
        Map<String, Limit> queues = new HashMap<>();
        queues.put("", limit(config.withoutNamespace().publishQueue()));
        for (NamespaceConfig each : config.namespaces())
            queues.put(each.name(), limit(each.options().publishQueue()));
        return queues;
    }

    private static Limit limit(PublishQueueConfig config) {
        return new Limit(config.size(), config.timeout().toNanos());
    }

    private static ChannelOptions.@Nullable Conflate conflate(ConflateConfig config) {
        if (config.interval().isZero()) return null;
        return new ChannelOptions.Conflate(config.interval().toNanos(), config.key());
    }
}
