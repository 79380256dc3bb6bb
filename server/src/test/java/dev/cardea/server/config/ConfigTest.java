package dev.cardea.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConfigTest {
    @Test
    void anEmptyFileIsAllDefaults() {
        assertThat(Load.yaml("")).isEqualTo(Config.DEFAULT);
        assertThat(Load.yaml("# nothing\nclient:\nchannel: {}\n")).isEqualTo(Config.DEFAULT);
    }

    @Test
    void defaultsAreCentrifugos() {
        Config config = Config.DEFAULT;
        assertThat(config.httpServer().port()).isEqualTo(8000);
        assertThat(config.client().pingInterval()).isEqualTo(Duration.ofSeconds(25));
        assertThat(config.client().pongTimeout()).isEqualTo(Duration.ofSeconds(8));
        assertThat(config.client().staleCloseDelay()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.client().expiredCloseDelay()).isEqualTo(Duration.ofSeconds(25));
        assertThat(config.client().expiredSubCloseDelay()).isEqualTo(Duration.ofSeconds(25));
        assertThat(config.client().channelLimit()).isEqualTo(128);
        assertThat(config.client().queueMaxSize()).isEqualTo(1048576);
        assertThat(config.client().presenceUpdateInterval()).isEqualTo(Duration.ofSeconds(27));
        assertThat(config.client().channelPositionCheckDelay()).isEqualTo(Duration.ofSeconds(40));
        assertThat(config.client().historyMaxPublicationLimit()).isEqualTo(300);
        assertThat(config.client().recoveryMaxPublicationLimit()).isEqualTo(300);
        assertThat(config.client().allowedOrigins()).isEmpty();
        assertThat(config.channel().maxLength()).isEqualTo(255);
        assertThat(config.channel().historyMetaTtl()).isEqualTo(Duration.ofDays(30));
        assertThat(config.channel().privatePrefix()).isEqualTo("$");
        assertThat(config.channel().namespaceBoundary()).isEqualTo(":");
        assertThat(config.channel().userBoundary()).isEqualTo("#");
        assertThat(config.channel().userSeparator()).isEqualTo(",");
        assertThat(config.websocket().messageSizeLimit()).isEqualTo(65536);
        assertThat(config.websocket().writeTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.shutdown().timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.httpApi().key()).isEmpty();
        assertThat(config.httpApi().insecure()).isFalse();
        assertThat(config.health().enabled()).isFalse();
        assertThat(config.prometheus().enabled()).isFalse();
        ChannelOptions options = config.channel().withoutNamespace();
        assertThat(options.forceRecoveryMode()).isEqualTo(RecoveryMode.STREAM);
        assertThat(options.allowSubscribeForClient()).isFalse();
    }

    @Test
    void ourOwnKeysHaveDefaultsToo() {
        ChannelOptions options = Config.DEFAULT.channel().withoutNamespace();
        assertThat(options.slowConsumer()).isEqualTo(SlowConsumer.RECOVER);
        assertThat(options.conflate().isOn()).isFalse();
        assertThat(options.deliveryWindow()).isEqualTo(new DeliveryWindowConfig(4096, 1048576));
        assertThat(Config.DEFAULT.client().slowConsumerTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(Config.DEFAULT.memory().publications()).isEqualTo(new MemoryShare(25, 0));
        assertThat(Config.DEFAULT.eventLoops()).isZero();
    }

    @Test
    void everyKindOfValueIsRead() {
        Config config =
                Load.yaml(
                        """
                        http_server: {address: 127.0.0.1, port: 9000}
                        log: {level: debug}
                        client:
                          allowed_origins: ["https://a.example", "*"]
                          token: {hmac_secret_key: 12345, hmac_previous_secret_key_valid_until: 1700000000}
                          ping_interval: 1m30s
                          insecure: true
                        channel:
                          publication_data_format: json_object
                          namespaces:
                            - name: prices
                              history_size: 10
                              history_ttl: 300ms
                              slow_consumer: latest
                              conflate: {interval: 250ms, key: symbol}
                              delivery_window: {size: 16, bytes: 65536}
                        memory: {publications: 64MiB, outbound: 50%}
                        event_loops: 2
                        """);
        assertThat(config.httpServer().address()).isEqualTo("127.0.0.1");
        assertThat(config.httpServer().port()).isEqualTo(9000);
        assertThat(config.httpServer().isSplit()).isFalse();
        assertThat(config.log().level()).isEqualTo(LogLevel.DEBUG);
        assertThat(config.client().allowedOrigins()).containsExactly("https://a.example", "*");
        assertThat(config.client().token().hmacSecretKey()).isEqualTo("12345");
        assertThat(config.client().token().hmacPreviousSecretKeyValidUntil()).isEqualTo(1700000000);
        assertThat(config.client().pingInterval()).isEqualTo(Duration.ofSeconds(90));
        assertThat(config.client().insecure()).isTrue();
        ChannelOptions prices = config.channel().namespaces().getFirst().options();
        assertThat(prices.historyTtl()).isEqualTo(Duration.ofMillis(300));
        assertThat(prices.slowConsumer()).isEqualTo(SlowConsumer.LATEST);
        assertThat(prices.conflate())
                .isEqualTo(new ConflateConfig(Duration.ofMillis(250), "symbol"));
        assertThat(prices.deliveryWindow()).isEqualTo(new DeliveryWindowConfig(16, 65536));
        assertThat(config.channel().publicationDataFormat(prices))
                .isEqualTo(PublicationDataFormat.JSON_OBJECT);
        assertThat(config.channel().historyMetaTtl(prices)).isEqualTo(Duration.ofDays(30));
        assertThat(config.memory().publications().bytesOf(1000)).isEqualTo(64L << 20);
        assertThat(config.memory().outbound().bytesOf(1000)).isEqualTo(500);
        assertThat(config.eventLoops()).isEqualTo(2);
    }

    @Test
    void aNumberOrATruthValueInQuotesIsTakenForWhatItIs() {
        Config config = Load.yaml("http_server: {port: '9000'}\nclient: {insecure: \"true\"}\n");
        assertThat(config.httpServer().port()).isEqualTo(9000);
        assertThat(config.client().insecure()).isTrue();
    }

    @Test
    void oneTextIsAListOfOne() {
        assertThat(Load.yaml("client: {allowed_origins: '*'}").client().allowedOrigins())
                .isEqualTo(List.of("*"));
    }

    @Test
    void subscriptionTokensFollowTheConnectionTokensRulesUnlessTheyHaveTheirOwn() {
        String yaml =
                "client: {token: {hmac_secret_key: a}, subscription_token: {enabled: %s,"
                        + " hmac_secret_key: b}}";
        Config shared = Load.yaml(yaml.formatted(false));
        Config own = Load.yaml(yaml.formatted(true));
        assertThat(shared.client().effectiveSubscriptionToken().hmacSecretKey()).isEqualTo("a");
        assertThat(own.client().effectiveSubscriptionToken().hmacSecretKey()).isEqualTo("b");
    }

    @Test
    void aNamespaceIsFoundByItsName() {
        ChannelConfig channel = Config.DEFAULT.channel();
        assertThat(channel.options("nobody")).isNull();
        Config config = Load.yaml("channel: {namespaces: [{name: chat, presence: true}]}");
        assertThat(config.channel().options("chat"))
                .isEqualTo(config.channel().namespaces().getFirst().options());
        assertThat(channel.options("")).isEqualTo(channel.withoutNamespace());
    }

    @Test
    void aNamespaceMayHaveAPattern() {
        Config config =
                Load.yaml(
                        """
                        channel:
                          patterns: true
                          namespaces: [{name: users, pattern: '/users/:name', presence: true}]
                        """);
        assertThat(config.channel().namespaces().getFirst().pattern()).isEqualTo("/users/:name");
    }

    @Test
    void aPatternThatMeansNothingStopsTheStart() {
        assertThat(
                        Load.problems(
                                """
                                channel:
                                  namespaces: [{name: users, pattern: '/users/:name'}]
                                """))
                .containsExactly(
                        "c.yaml:2: channel.namespaces[0].pattern is set; it needs channel.patterns:"
                                + " true");
        assertThat(
                        Load.problems(
                                """
                                channel:
                                  patterns: true
                                  namespaces:
                                    - {name: one, pattern: '/users/:name'}
                                    - {name: two, pattern: '/users/:id'}
                                    - {name: three, pattern: 'users'}
                                    - {name: four, pattern: '/users/all'}
                                """))
                .containsExactly(
                        "c.yaml:5: channel.namespaces[1].pattern is \"/users/:id\"; some channels"
                                + " would match /users/:name as well",
                        "c.yaml:6: channel.namespaces[2].pattern is \"users\", which doesn't begin"
                                + " with /");
    }

    @Test
    void aChannelRegexMatchesAnywhereAndWithoutOneANameIsAscii() {
        Config config = Load.yaml("channel: {without_namespace: {channel_regex: 'b+'}}");
        var pattern = config.channel().withoutNamespace().namePattern();
        assertThat(pattern.test("abc")).isTrue();
        assertThat(pattern.test("ac")).isFalse();
        var ascii = Config.DEFAULT.channel().withoutNamespace().namePattern();
        assertThat(ascii.test("abc")).isTrue();
        assertThat(ascii.test("naïve")).isFalse();
    }

    @Test
    void jsonAndTomlSayTheSameAsYaml() throws BadConfig {
        Config yaml =
                Load.yaml("client: {allowed_origins: ['*']}\nchannel: {namespaces: [{name: ab}]}");
        String json =
                "{\"client\":{\"allowed_origins\":[\"*\"]},\"channel\":{\"namespaces\":[{\"name\":\"ab\"}]}}";
        String toml = "[client]\nallowed_origins = ['*']\n[[channel.namespaces]]\nname = 'ab'\n";
        assertThat(ConfigLoader.text("c.json", json).load().config()).isEqualTo(yaml);
        assertThat(ConfigLoader.text("c.toml", toml).load().config()).isEqualTo(yaml);
    }

    @Test
    void aliasesAndMergeKeysOfYamlAreFollowed() {
        Config config =
                Load.yaml(
                        """
                        channel:
                          without_namespace: &base
                            presence: true
                            join_leave: true
                          namespaces:
                            - {name: one, <<: *base, join_leave: false}
                        """);
        ChannelOptions one = config.channel().namespaces().getFirst().options();
        assertThat(one.presence()).isTrue();
        assertThat(one.joinLeave()).isFalse();
    }

    @Test
    void aFlagWins() throws BadConfig {
        Config config =
                ConfigLoader.text("c.yaml", "http_server: {port: 1}")
                        .environment(java.util.Map.of("CARDEA_HTTP_SERVER_PORT", "2"))
                        .flag("--port", "http_server.port", "3")
                        .load()
                        .config();
        assertThat(config.httpServer().port()).isEqualTo(3);
    }
}
