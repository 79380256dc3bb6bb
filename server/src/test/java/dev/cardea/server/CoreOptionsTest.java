package dev.cardea.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.PublishQueue.Limit;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.hub.ChannelOptions.PublicationDataFormat;
import dev.cardea.messaging.session.ClientOptions;
import dev.cardea.messaging.session.Namespaces;
import dev.cardea.server.config.BadConfig;
import dev.cardea.server.config.Config;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.server.config.KnownKeys;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * That each key of the configuration arrives at the option of the core that is meant, and at no
 * other: one key at a time is set to another value.
 */
class CoreOptionsTest {
    /** So that every key may be changed by itself. */
    private static final String NAMESPACE =
            "history_size: 10, history_ttl: 1m, force_recovery: true, force_recovery_mode: cache,"
                    + " conflate: {interval: 1s}";

    /** Key, other value, and the fields of the core that it sets. */
    private static final String NAMESPACE_KEYS =
            """
            presence | true | presence=true
            join_leave | true | joinLeave=true
            force_push_join_leave | true | forcePushJoinLeave=true
            join_leave_interval | 3s | joinLeaveIntervalNanos=3000000000
            history_size | 11 | log.historySize=11
            history_ttl | 2m | log.historyTtlNanos=120000000000
            history_bytes | 5000 | log.historyBytes=5000
            history_meta_ttl | 1h | historyMetaTtlNanos=3600000000000
            force_positioning | true | forcePositioning=true
            allow_positioning | true | allowPositioning=true
            force_recovery | false | forceRecovery=false
            allow_recovery | true | allowRecovery=true
            force_recovery_mode | stream | recoveryMode=STREAM
            auto_cache_recover | true | autoCacheRecover=true
            allow_subscribe_for_client | true | permissions.subscribeForClient=true
            allow_subscribe_for_anonymous | true | permissions.subscribeForAnonymous=true
            allow_user_limited_channels | true | permissions.userLimited=true
            allow_publish_for_client | true | permissions.publishForClient=true
            allow_publish_for_subscriber | true | permissions.publishForSubscriber=true
            allow_publish_for_anonymous | true | permissions.publishForAnonymous=true
            allow_presence_for_client | true | permissions.presenceForClient=true
            allow_presence_for_subscriber | true | permissions.presenceForSubscriber=true
            allow_presence_for_anonymous | true | permissions.presenceForAnonymous=true
            allow_history_for_client | true | permissions.historyForClient=true
            allow_history_for_subscriber | true | permissions.historyForSubscriber=true
            allow_history_for_anonymous | true | permissions.historyForAnonymous=true
            allowed_delta_types | fossil | bandwidth.allowsDelta=true, log.keepsBase=true
            delta_publish | true | bandwidth.deltaPublish=true
            allow_tags_filter | true | bandwidth.allowsTagsFilter=true
            publication_data_format | json | publicationDataFormat=JSON
            publication_time | true | publicationTime=true
            channel_regex | ^x$ | acceptsName=only x
            slow_consumer | skip | slowConsumer=SKIP
            conflate.interval | 2s | conflate.intervalNanos=2000000000
            conflate.key | symbol | conflate.key=symbol
            delivery_window.size | 16 | log.windowSize=16
            delivery_window.bytes | 4096 | log.windowBytes=4096
            """;

    /** The backend is asked by {@code server.proxy}, not by the core. */
    private static final Set<String> OF_PROXIES =
            Set.of(
                    "subscribe_proxy_enabled",
                    "subscribe_proxy_name",
                    "publish_proxy_enabled",
                    "publish_proxy_name",
                    "sub_refresh_proxy_enabled",
                    "sub_refresh_proxy_name");

    /** What {@code broker.PublishQueue} is told; see {@link CoreOptions#publishQueues}. */
    private static final Set<String> OF_QUEUES =
            Set.of("publish_queue.size", "publish_queue.timeout");

    /** What the broker is told at the start; see {@code Config.persistentNamespaces}. */
    private static final Set<String> OF_THE_BROKER = Set.of("history");

    private static final String CLIENT_KEYS =
            """
            client.insecure | true | insecure=true
            client.ping_interval | 26s | pingIntervalNanos=26000000000
            client.pong_timeout | 9s | pongTimeoutNanos=9000000000
            client.stale_close_delay | 11s | staleCloseDelayNanos=11000000000
            client.expired_close_delay | 27s | expiredCloseDelayNanos=27000000000
            client.expired_sub_close_delay | 28s | expiredSubCloseDelayNanos=28000000000
            client.channel_limit | 12 | channelLimit=12
            channel.max_length | 13 | channelMaxLength=13
            client.queue_max_size | 5000 | queueMaxSizeBytes=5000
            client.presence_update_interval | 29s | presenceUpdateIntervalNanos=29000000000
            client.channel_position_check_delay | 41s | channelPositionCheckDelayNanos=41000000000
            client.history_max_publication_limit | 14 | historyMaxPublicationLimit=14
            client.recovery_max_publication_limit | 15 | recoveryMaxPublicationLimit=15
            client.user_connection_limit | 16 | userConnectionLimit=16
            client.connect_include_server_time | true | includeServerTime=true
            websocket.write_timeout | 2s | writeTimeoutNanos=2000000000
            client.slow_consumer_timeout | 31s | slowConsumerTimeoutNanos=31000000000
            websocket.message_size_limit | 17000 | maxCommandBytes=17000
            client.subscribe_to_user_personal_channel.enabled | true | personalChannel.enabled=true
            """;

    @Test
    void everyKeyOfANamespaceSetsItsOwnOptionAndNoOther() throws Exception {
        Map<String, String> plain = flat(channel(NAMESPACE, "presence", "false"));
        Set<String> keys = new TreeSet<>(OF_PROXIES);
        keys.addAll(OF_QUEUES);
        keys.addAll(OF_THE_BROKER);
        Set<String> fields = new TreeSet<>();
        for (String line : NAMESPACE_KEYS.lines().toList()) {
            String[] row = line.split(" \\| ", -1);
            keys.add(row[0]);
            Map<String, String> changed = changes(plain, flat(channel(NAMESPACE, row[0], row[1])));
            assertThat(changed).as(row[0]).isEqualTo(expected(row[2]));
            fields.addAll(changed.keySet());
        }
        assertThat(keys).isEqualTo(KnownKeys.byPart().get("a namespace"));
        fields.add("namespace");
        assertThat(fields).isEqualTo(plain.keySet());
    }

    @Test
    void everyKeyOfClientsSetsItsOwnOptionAndNoOther() throws Exception {
        Map<String, String> plain = flat(CoreOptions.client(config("{}", "event_loops", "1")));
        Set<String> fields = new TreeSet<>();
        for (String line : CLIENT_KEYS.lines().toList()) {
            String[] row = line.split(" \\| ", -1);
            Map<String, String> changed =
                    changes(plain, flat(CoreOptions.client(config("{}", row[0], row[1]))));
            assertThat(changed).as(row[0]).isEqualTo(expected(row[2]));
            fields.addAll(changed.keySet());
        }
        fields.addAll(
                Set.of(
                        "highWaterBytes",
                        "personalChannel.prefix",
                        "personalChannel.singleConnection"));
        assertThat(fields).isEqualTo(plain.keySet());
    }

    @Test
    void thePersonalChannelHasItsNamespaceAndIsForOneConnectionWhereThatIsSaid() throws Exception {
        String yaml =
                """
                client:
                  subscribe_to_user_personal_channel:
                    enabled: true
                    single_connection: true
                    personal_channel_namespace: me
                channel:
                  namespace_boundary: "/"
                  user_boundary: "@"
                  namespaces: [{name: me}]
                """;
        ClientOptions.PersonalChannel channel =
                CoreOptions.client(config(yaml, "event_loops", "1")).personalChannel();
        assertThat(channel).isEqualTo(new ClientOptions.PersonalChannel(true, "me/@", true));
    }

    @Test
    void whatANamespaceDoesNotSayIsWhatIsSaidForAllChannels() throws Exception {
        String yaml =
                """
                channel:
                  history_meta_ttl: 2h
                  publication_data_format: json_object
                  namespaces:
                    - {name: as_all}
                    - {name: own, history_meta_ttl: 3h, publication_data_format: binary}
                """;
        Namespaces namespaces = CoreOptions.namespaces(config(yaml, "event_loops", "1").channel());
        ChannelOptions asAll = Objects.requireNonNull(namespaces.of("as_all:1"));
        assertThat(asAll.historyMetaTtlNanos()).isEqualTo(7_200_000_000_000L);
        assertThat(asAll.publicationDataFormat()).isEqualTo(PublicationDataFormat.JSON_OBJECT);
        ChannelOptions own = Objects.requireNonNull(namespaces.of("own:1"));
        assertThat(own.historyMetaTtlNanos()).isEqualTo(10_800_000_000_000L);
        assertThat(own.publicationDataFormat()).isEqualTo(PublicationDataFormat.BINARY);
    }

    @Test
    void eachNamespaceHasItsQueueForWhileTheBrokerIsAway() throws Exception {
        String yaml =
                "channel: {namespaces: [{name: chat, publish_queue: {size: 7, timeout: 2s}}]}";
        assertThat(CoreOptions.publishQueues(config(yaml, "event_loops", "1").channel()))
                .isEqualTo(
                        Map.of(
                                "",
                                new Limit(0, 30_000_000_000L),
                                "chat",
                                new Limit(7, 2_000_000_000L)));
    }

    private static ChannelOptions channel(String others, String key, String value)
            throws BadConfig {
        String yaml = "channel: {without_namespace: {" + others + "}}";
        Config config = config(yaml, "channel.without_namespace." + key, value);
        return Objects.requireNonNull(CoreOptions.namespaces(config.channel()).of("news"));
    }

    private static Config config(String yaml, String key, String value) throws BadConfig {
        return ConfigLoader.text("test.yaml", yaml).flag("test", key, value).load().config();
    }

    private static Map<String, String> expected(String text) {
        Map<String, String> expected = new TreeMap<>();
        for (String each : text.split(", ", -1)) {
            int equals = each.indexOf('=');
            expected.put(each.substring(0, equals), each.substring(equals + 1));
        }
        return expected;
    }

    private static Map<String, String> changes(Map<String, String> from, Map<String, String> to) {
        Map<String, String> changes = new TreeMap<>(to);
        changes.entrySet().removeAll(from.entrySet());
        return changes;
    }

    private static Map<String, String> flat(Record options) {
        Map<String, String> flat = new LinkedHashMap<>();
        flatten(options, "", flat);
        return new TreeMap<>(flat);
    }

    private static void flatten(Record value, String path, Map<String, String> into) {
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            String name = path + component.getName();
            Object inner;
            try {
                inner = component.getAccessor().invoke(value);
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new LinkageError("an option can't be read", e);
            }
            if (inner instanceof Record group) flatten(group, name + ".", into);
            else into.put(name, text(inner));
        }
    }

    @SuppressWarnings("unchecked")
    private static String text(Object value) {
        if (!(value instanceof Predicate<?> names)) return String.valueOf(value);
        return ((Predicate<String>) names).test("y") ? "any" : "only x";
    }
}
