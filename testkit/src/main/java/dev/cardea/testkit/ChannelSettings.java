package dev.cardea.testkit;

import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.hub.ChannelOptions.Bandwidth;
import dev.cardea.messaging.hub.ChannelOptions.Conflate;
import dev.cardea.messaging.hub.ChannelOptions.Permissions;
import dev.cardea.messaging.hub.ChannelOptions.PublicationDataFormat;
import dev.cardea.messaging.hub.ChannelOptions.RecoveryMode;
import dev.cardea.messaging.hub.SlowConsumer;
import dev.cardea.messaging.log.LogOptions;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Options of a namespace for a test: everybody may do everything, and all else is off at first. */
public final class ChannelSettings {
    private final String namespace;
    private int historySize;
    private Duration historyTtl = Duration.ZERO;
    private long historyBytes;
    private Duration historyMetaTtl = Duration.ofDays(30);
    private int windowSize = 4096;
    private long windowBytes = 1024 * 1024;
    private boolean presence;
    private boolean joinLeave;
    private boolean forcePushJoinLeave;
    private Duration joinLeaveInterval = Duration.ZERO;
    private boolean forcePositioning;
    private boolean allowPositioning;
    private boolean forceRecovery;
    private boolean allowRecovery;
    private RecoveryMode recoveryMode = RecoveryMode.STREAM;
    private boolean autoCacheRecover;
    private Permissions permissions = Permissions.ALL;
    private PublicationDataFormat dataFormat = PublicationDataFormat.ANY;
    private boolean publicationTime;
    private Predicate<String> acceptsName = name -> name.chars().allMatch(c -> c < 0x80);
    private SlowConsumer slowConsumer = SlowConsumer.RECOVER;
    private @Nullable Conflate conflate;
    private boolean allowsDelta;
    private boolean deltaPublish;
    private boolean allowsTagsFilter;

    private ChannelSettings(String namespace) {
        this.namespace = namespace;
    }

    public static ChannelSettings of(String namespace) {
        return new ChannelSettings(namespace);
    }

    public ChannelSettings history(int size, Duration ttl) {
        historySize = size;
        historyTtl = ttl;
        return this;
    }

    public ChannelSettings historyBytes(long bytes) {
        historyBytes = bytes;
        return this;
    }

    public ChannelSettings historyMetaTtl(Duration ttl) {
        historyMetaTtl = ttl;
        return this;
    }

    public ChannelSettings window(int size, long bytes) {
        windowSize = size;
        windowBytes = bytes;
        return this;
    }

    public ChannelSettings presence() {
        presence = true;
        return this;
    }

    /** Joins and leaves are published, and pushed to those who ask. */
    public ChannelSettings joinLeave() {
        joinLeave = true;
        return this;
    }

    public ChannelSettings forcePushJoinLeave() {
        forcePushJoinLeave = true;
        return this;
    }

    /** Joins and leaves are gathered over so long. */
    public ChannelSettings joinLeaveInterval(Duration interval) {
        joinLeaveInterval = interval;
        return this;
    }

    public ChannelSettings forcePositioning() {
        forcePositioning = true;
        return this;
    }

    public ChannelSettings allowPositioning() {
        allowPositioning = true;
        return this;
    }

    public ChannelSettings forceRecovery() {
        forceRecovery = true;
        return this;
    }

    public ChannelSettings allowRecovery() {
        allowRecovery = true;
        return this;
    }

    public ChannelSettings cache() {
        recoveryMode = RecoveryMode.CACHE;
        return this;
    }

    public ChannelSettings autoCacheRecover() {
        autoCacheRecover = true;
        return cache();
    }

    public ChannelSettings permissions(Permissions permissions) {
        this.permissions = permissions;
        return this;
    }

    /** Everybody may subscribe, and nothing else. */
    public ChannelSettings subscribeOnly() {
        return permissions(
                new Permissions(
                        true, true, false, false, false, false, false, false, false, false, false,
                        false));
    }

    public ChannelSettings dataFormat(PublicationDataFormat format) {
        dataFormat = format;
        return this;
    }

    /** Publications say when they were accepted. */
    public ChannelSettings publicationTime() {
        publicationTime = true;
        return this;
    }

    /** What a name must be like behind its namespace; at first ASCII. */
    public ChannelSettings names(Predicate<String> accepted) {
        acceptsName = accepted;
        return this;
    }

    public ChannelSettings slowConsumer(SlowConsumer policy) {
        slowConsumer = policy;
        return this;
    }

    /**
     * @param key the tag that tells publications apart; empty: the channel is one
     */
    public ChannelSettings conflate(Duration interval, String key) {
        conflate = new Conflate(interval.toNanos(), key);
        return this;
    }

    /** Subscribers may have patches of what is published to be patched. */
    public ChannelSettings allowDelta() {
        allowsDelta = true;
        return this;
    }

    /** Everything is published to be patched. */
    public ChannelSettings deltaPublish() {
        deltaPublish = true;
        return allowDelta();
    }

    public ChannelSettings allowTagsFilter() {
        allowsTagsFilter = true;
        return this;
    }

    public ChannelOptions build() {
        return new ChannelOptions(
                namespace,
                new LogOptions(
                        historySize,
                        historyTtl.toNanos(),
                        historyBytes,
                        windowSize,
                        windowBytes,
                        allowsDelta),
                historyMetaTtl.toNanos(),
                presence,
                joinLeave,
                forcePushJoinLeave,
                joinLeaveInterval.toNanos(),
                forcePositioning,
                allowPositioning,
                forceRecovery,
                allowRecovery,
                recoveryMode,
                autoCacheRecover,
                permissions,
                dataFormat,
                publicationTime,
                acceptsName,
                slowConsumer,
                conflate,
                new Bandwidth(allowsDelta, deltaPublish, allowsTagsFilter));
    }
}
