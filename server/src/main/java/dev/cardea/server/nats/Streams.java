package dev.cardea.server.nats;

import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.server.config.NatsConfig;
import io.nats.client.api.Republish;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What this installation has in JetStream. Thread safe. */
final class Streams {
    private record Log(ChannelOptions options, KeptStream stream) {}

    private final Link link;
    private final Executor blocking;
    private final Subjects subjects;
    private final NatsConfig config;
    private final Supplier<String> newEpoch;
    private final Map<String, Log> namespaces = new ConcurrentHashMap<>();

    /** By their names in NATS. */
    private final Map<String, KeptStream> logs = new ConcurrentHashMap<>();

    private final KeptStream presence;
    private final KeptStream once;
    private final ServerClock clock;

    Streams(
            Link link,
            Executor blocking,
            Subjects subjects,
            NatsConfig config,
            String node,
            Supplier<String> newEpoch) {
        this.link = link;
        this.blocking = blocking;
        this.subjects = subjects;
        this.config = config;
        this.newEpoch = newEpoch;
        this.presence = stream(presenceConfiguration());
        this.once = stream(onceConfiguration());
        this.clock = new ServerClock(link, once, subjects.clock(node));
    }

    private KeptStream stream(StreamConfiguration wanted) {
        return new KeptStream(link, blocking, newEpoch, wanted);
    }

    /** Where the channels of a namespace with history are kept. */
    KeptStream log(ChannelOptions options) {
        String namespace = options.namespace();
        Log known = namespaces.get(namespace);
        if (known != null && known.options().equals(options)) return known.stream();
        StreamConfiguration wanted = logConfiguration(options);
        KeptStream log = logs.computeIfAbsent(wanted.getName(), _ -> stream(wanted));
        log.want(wanted);
        namespaces.put(namespace, new Log(options, log));
        return log;
    }

    /** Of the stream with this name, as last seen; empty: never. */
    String lastEpoch(@Nullable String name) {
        KeptStream log = name == null ? null : logs.get(name);
        return log == null ? "" : log.lastEpoch();
    }

    KeptStream presence() {
        return presence;
    }

    KeptStream once() {
        return once;
    }

    ServerClock clock() {
        return clock;
    }

    /** Nobody knows what they are by now. */
    void forget() {
        logs.values().forEach(KeptStream::forget);
        presence.forget();
        once.forget();
    }

    void forget(String name) {
        KeptStream log = logs.get(name);
        if (log != null) log.forget();
    }

    private StreamConfiguration logConfiguration(ChannelOptions options) {
        String namespace = options.namespace();
        Duration age =
                Duration.ofNanos(
                        Math.max(options.historyMetaTtlNanos(), options.log().historyTtlNanos()));
        return base(subjects.logStream(namespace), storage())
                .subjects(subjects.logs(namespace), subjects.cuts(namespace))
                .maxMessagesPerSubject(options.log().historySize() + 1L)
                .maxAge(age)
                .duplicateWindow(KeptStream.duplicateWindow(age))
                .republish(
                        Republish.builder()
                                .source(subjects.logs(namespace))
                                .destination(subjects.told())
                                .build())
                .build();
    }

    private StreamConfiguration presenceConfiguration() {
        return base(subjects.presenceStream(), StorageType.Memory)
                .subjects(subjects.presences())
                .maxMessagesPerSubject(1)
                .maxAge(config.presenceTtl())
                .duplicateWindow(KeptStream.duplicateWindow(config.presenceTtl()))
                .allowRollup(true) // as a bucket has it
                .denyDelete(true)
                .build();
    }

    private StreamConfiguration onceConfiguration() {
        Duration age = Duration.ofMinutes(5);
        return base(subjects.onceStream(), storage())
                .subjects(subjects.once(), subjects.once() + ".*")
                .maxMessagesPerSubject(1)
                .maxAge(age)
                .duplicateWindow(age)
                .build();
    }

    private StorageType storage() {
        return switch (config.storage()) {
            case FILE -> StorageType.File;
            case MEMORY -> StorageType.Memory;
        };
    }

    private StreamConfiguration.Builder base(String name, StorageType storage) {
        return StreamConfiguration.builder()
                .name(name)
                .storageType(storage)
                .replicas(config.replicas())
                // Any copy answers such a question, also one that lags: only where there is one.
                .allowDirect(config.replicas() == 1);
    }
}
