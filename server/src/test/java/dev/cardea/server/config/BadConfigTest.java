package dev.cardea.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BadConfigTest {
    @Test
    void anUnknownKeyStopsTheStartAndIsGuessed() {
        assertThat(Load.problems("client:\n  ping_intervall: 5s\n"))
                .containsExactly(
                        "c.yaml:2: client.ping_intervall is no known key; did you mean"
                                + " client.ping_interval?");
        assertThat(Load.problems("chanel: {}"))
                .containsExactly("c.yaml:1: chanel is no known key; did you mean channel?");
        assertThat(Load.problems("client: {Insecure: true}"))
                .containsExactly(
                        "c.yaml:1: client.Insecure is no known key; did you mean client.insecure?");
        assertThat(Load.problems("entirely_else: 1"))
                .containsExactly("c.yaml:1: entirely_else is no known key");
    }

    @Test
    void aKeyInTheWrongGroupIsFoundInItsOwn() {
        assertThat(Load.problems("token_hmac_secret_key: x\nnamespaces: []\n"))
                .containsExactly(
                        "c.yaml:1: token_hmac_secret_key is no known key; did you mean"
                                + " client.token.hmac_secret_key?",
                        "c.yaml:2: namespaces is no known key; did you mean channel.namespaces?");
    }

    @Test
    void anUnknownKeyOfANamespaceIsNamedWithItsPlace() {
        assertThat(
                        Load.problems(
                                """
                                channel:
                                  namespaces:
                                    - name: chat
                                    - name: news
                                      history_sise: 10
                                """))
                .containsExactly(
                        "c.yaml:5: channel.namespaces[1].history_sise is no known key; did you mean"
                                + " channel.namespaces[1].history_size?");
    }

    @Test
    void wrongTypesSayWhatWouldBeRight() {
        assertThat(
                        Load.problems(
                                """
                                http_server: {port: many}
                                client:
                                  insecure: maybe
                                  ping_interval: 25
                                  channel_limit: 1.5
                                  token: {issuer: yes}
                                  allowed_origins: [{a: b}]
                                channel:
                                  namespaces: chat
                                  without_namespace: {slow_consumer: fast, presence: [true]}
                                memory: {outbound: 101%}
                                log: loud
                                """))
                .containsExactly(
                        "c.yaml:1: http_server.port is \"many\"; expected a whole number",
                        "c.yaml:3: client.insecure is \"maybe\"; expected true or false",
                        "c.yaml:4: client.ping_interval is 25; expected a duration such as 25s,"
                                + " 300ms or 1h30m",
                        "c.yaml:5: client.channel_limit is 1.5; expected a whole number",
                        "c.yaml:6: client.token.issuer is yes; expected a text: put it in quotes",
                        "c.yaml:7: client.allowed_origins is a list; expected a list of texts",
                        "c.yaml:9: channel.namespaces is \"chat\"; expected a list of groups",
                        "c.yaml:10: channel.without_namespace.presence is a list; expected true or"
                                + " false",
                        "c.yaml:10: channel.without_namespace.slow_consumer is \"fast\"; expected"
                                + " recover, latest, skip or disconnect",
                        "c.yaml:11: memory.outbound is \"101%\"; expected bytes such as 64MiB, or 1%"
                                + " to 100%",
                        "c.yaml:12: log is \"loud\"; expected a group of keys");
    }

    @Test
    void valuesOutOfRangeSayTheRange() {
        assertThat(
                        Load.problems(
                                """
                                http_server: {port: 65536}
                                client: {channel_limit: -1, presence_update_interval: 10ms}
                                websocket: {message_size_limit: 0}
                                """))
                .containsExactly(
                        "c.yaml:1: http_server.port is 65536; expected 0 to 65535",
                        "c.yaml:2: client.channel_limit is -1; expected at least 0",
                        "c.yaml:2: client.presence_update_interval is \"10ms\"; expected at least 1s",
                        "c.yaml:3: websocket.message_size_limit is 0; expected 1 to 1073741824");
    }

    @Test
    void rulesBetweenKeysAreChecked() {
        assertThat(
                        Load.problems(
                                """
                                client:
                                  ping_interval: 5s
                                  token: {audience: a, audience_regex: b, issuer_regex: '(', user_id_claim: a-b}
                                channel:
                                  namespaces:
                                    - {name: history, history_size: 5}
                                    - {name: recover, force_recovery: true}
                                    - {name: long, history_size: 5, history_ttl: 2h, history_meta_ttl: 1h}
                                    - {name: long}
                                    - {name: x}
                                    - {presence: true}
                                    - {name: regex, channel_regex: '(?=a)'}
                                    - {name: cache, auto_cache_recover: true}
                                health: {handler_prefix: up}
                                """))
                .containsExactly(
                        "c.yaml:3: client.token.audience_regex stands beside audience; set one of"
                                + " the two",
                        "c.yaml:3: client.token.user_id_claim is \"a-b\"; expected letters and"
                                + " underscores only",
                        "c.yaml:3: client.token.issuer_regex is no regular expression: error parsing"
                                + " regexp: missing closing ): `(`",
                        "c.yaml:6: channel.namespaces[0].history_size needs history_ttl, which is 0s",
                        "c.yaml:7: channel.namespaces[1].force_recovery needs history_size and"
                                + " history_ttl",
                        "c.yaml:12: channel.namespaces[6].channel_regex is no regular expression:"
                                + " error parsing regexp: invalid or unsupported Perl syntax: `(?=`",
                        "c.yaml:13: channel.namespaces[7].auto_cache_recover needs force_recovery,"
                                + " and cache as force_recovery_mode",
                        "c.yaml:14: health.handler_prefix is \"up\"; expected a path such as /a/b");
    }

    @Test
    void rulesOfAGroupAreCheckedOnceItsKeysAreGood() {
        assertThat(
                        Load.problems(
                                """
                                client: {ping_interval: 5s}
                                channel:
                                  namespaces:
                                    - {name: long, history_size: 5, history_ttl: 2h, history_meta_ttl: 1h}
                                    - {name: long}
                                    - {name: x}
                                    - {presence: true}
                                """))
                .containsExactly(
                        "c.yaml:1: client.pong_timeout is 8s; expected less than ping_interval, which"
                                + " is 5s",
                        "c.yaml:4: channel.namespaces[0].history_ttl is 2h; expected at most"
                                + " history_meta_ttl, which is 1h",
                        "c.yaml:5: channel.namespaces[1].name is \"long\", as another namespace's is",
                        "c.yaml:6: channel.namespaces[2].name is \"x\"; expected at least two letters,"
                                + " digits, -, _ or .",
                        "c.yaml:7: channel.namespaces[3].name is \"\"; expected at least two letters,"
                                + " digits, -, _ or .");
    }

    @Test
    void whatDecidesAboutAccessAndIsNotSupportedStopsTheStart() {
        assertThat(
                        Load.problems(
                                """
                                client:
                                  proxy: {connect: {http: {tls: {server_name: other}}}}
                                channel:
                                  namespaces: [{name: chat, subscribe_stream_proxy_enabled: true}]
                                """))
                .containsExactly(
                        "c.yaml:2: client.proxy.connect.http.tls.server_name is \"other\"; not supported"
                                + " yet, and it decides who may connect, read or write: leave it out",
                        "c.yaml:4: channel.namespaces[0].subscribe_stream_proxy_enabled is true; not"
                                + " supported yet, and it decides who may connect, read or write:"
                                + " leave it out (its default is false)");
    }

    @Test
    void whatDecidesWhereMessagesGoAndIsNotSupportedStopsTheStart() {
        assertThat(
                        Load.problems(
                                """
                                controller: {enabled: true}
                                consumers: [{name: k, enabled: true}]
                                channel: {without_namespace: {subscription_type: map}}
                                """))
                .containsExactly(
                        "c.yaml:1: controller.enabled is true; not supported yet, and it decides"
                                + " where messages and state go: leave it out (its default is false)",
                        "c.yaml:2: consumers[0].enabled is true; not supported yet, and it decides"
                                + " where messages and state go: leave it out (its default is false)",
                        "c.yaml:3: channel.without_namespace.subscription_type is \"map\"; not supported"
                                + " yet, and it decides where messages and state go: leave it out");
    }

    @Test
    void whatIsHarmlessAndNotSupportedIsAWarning() {
        assertThat(
                        Load.warnings(
                                """
                                admin: {enabled: true, password: hidden}
                                uni_grpc: {enabled: true}
                                websocket: {decompressed_message_size_limit: 9, use_write_buffer_pool: true}
                                usage_stats: {disabled: true}
                                """))
                .containsExactly(
                        "c.yaml:1: admin.enabled is true; not supported yet",
                        "c.yaml:1: admin.password is set; not supported yet",
                        "c.yaml:2: uni_grpc.enabled is true; not supported yet",
                        "c.yaml:3: websocket.decompressed_message_size_limit is 9; not supported yet");
    }

    @Test
    void aDefaultOfWhatIsNotSupportedPassesInSilence() {
        assertThat(
                        Load.warnings(
                                """
                                http_server: {tls: {enabled: off}}
                                engine: {type: memory, redis: {address: 'redis://127.0.0.1:6379', presence_ttl: 60s}}
                                consumers: []
                                client: {proxy: {connect: {timeout: 1000ms, http_headers: []}}}
                                admin:
                                """))
                .isEmpty();
    }

    @Test
    void aSecretIsNeverShown() {
        assertThat(Load.problems("client: {token: {hmac_secret_key: [hush]}}").toString())
                .doesNotContain("hush")
                .contains("client.token.hmac_secret_key expected a text");
    }

    @Test
    void brokenFilesSayWhere() {
        assertThat(Load.problems("a: [1\nb: 2"))
                .singleElement()
                .asString()
                .startsWith("c.yaml:2: isn't YAML: expected ',' or ']'");
        assertThat(Load.problems("c.json", "{\n\"client\": }"))
                .singleElement()
                .asString()
                .startsWith("c.json:2: isn't JSON: Unexpected character ('}'");
        assertThat(Load.problems("c.toml", "a = "))
                .singleElement()
                .asString()
                .startsWith("c.toml:1: isn't TOML: ");
        assertThat(Load.problems("[1, 2]"))
                .containsExactly("c.yaml:1: is a list; expected a group of keys");
        assertThat(Load.problems("c.txt", ""))
                .containsExactly("c.txt: expected a name that ends in .yaml, .yml, .json or .toml");
    }

    @Test
    void aKeyMayStandOnlyOnce() {
        assertThat(Load.problems("client: {}\nclient: {}\n"))
                .containsExactly("c.yaml:2: client is written twice");
        assertThat(Load.problems("c.json", "{\"client\":{},\"client\":{}}"))
                .singleElement()
                .asString()
                .startsWith("c.json:1: isn't JSON: Duplicate");
    }

    @Test
    void aFileThatIsNotThereOrTooLongIsRefused(@TempDir Path folder) throws Exception {
        Path missing = folder.resolve("missing.yaml");
        assertThatThrownBy(() -> ConfigLoader.file(missing))
                .hasMessage(missing + ": there is no such file");
        Path long1 = folder.resolve("long.yaml");
        Files.writeString(long1, "#".repeat(FileReader.MAX_BYTES + 1));
        assertThatThrownBy(() -> ConfigLoader.file(long1))
                .hasMessage(long1 + ": has more than 1 MiB; expected a configuration file");
        Path binary = folder.resolve("binary.yaml");
        Files.write(binary, new byte[] {'a', ':', ' ', (byte) 0xff});
        assertThatThrownBy(() -> ConfigLoader.file(binary)).hasMessage(binary + ": isn't UTF-8");
    }

    @Test
    void anAliasBombIsRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 {k: v}\n");
        for (int i = 1; i < 25; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        assertThat(Load.problems(bomb.toString()))
                .singleElement()
                .asString()
                .endsWith("its aliases expand to too much");
        assertThat(Load.problems("a: &a [*a]\n"))
                .singleElement()
                .asString()
                .endsWith("its aliases expand to too much");
        assertThat(Load.problems("a: &a {<<: *a}\n"))
                .singleElement()
                .asString()
                .endsWith("its aliases expand to too much");
        String many = "a: &a {k: v}\nb: [" + "*a,".repeat(60) + "]\n";
        assertThat(Load.problems(many)).singleElement().asString().startsWith("c.yaml: isn't YAML");
    }

    @Test
    void deepNestingAndForeignTagsAreRefused() {
        String deep = "[".repeat(5000);
        for (String name : List.of("c.yaml", "c.json", "c.toml")) {
            assertThat(Load.problems(name, name.equals("c.toml") ? "a = " + deep : deep))
                    .hasSize(1);
        }
        assertThat(Load.problems("log: !!java.net.URL [\"http://localhost\"]\n"))
                .containsExactly(
                        "c.yaml:1: isn't YAML: Global tag is not allowed:"
                                + " tag:yaml.org,2002:java.net.URL");
    }
}
