package dev.cardea.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.auth.ConnectionToken;
import dev.cardea.server.auth.JwtVerifier;
import dev.cardea.server.auth.SubscriptionToken;
import dev.cardea.server.auth.Verification;
import dev.cardea.server.auth.Verification.Valid;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.server.config.DefaultFile;
import dev.cardea.server.config.TokenConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class CardeaCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine line = CardeaCommand.line();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }

    private static long now() {
        return System.currentTimeMillis() / 1000;
    }

    @Test
    void aTokenIsSignedWithTheSecretOfDev() throws Exception {
        assertThat(run("token", "--user", "alice")).isZero();
        TokenConfig dev = DevConfig.loader().load().config().client().token();
        var token =
                new JwtVerifier(dev)
                        .verifyConnection(out.toString().strip(), now())
                        .toCompletableFuture()
                        .join();
        assertThat(token).isInstanceOf(Valid.class);
        assertThat(token.toString()).contains("user=alice");
    }

    @Test
    void aSubscriptionTokenIsSignedWithTheSecretOfTheConfiguration(@TempDir Path folder)
            throws Exception {
        Path file = folder.resolve("c.yaml");
        Files.writeString(
                file,
                "client: {token: {hmac_secret_key: a}, subscription_token: {enabled: true,"
                        + " hmac_secret_key: b}}");
        int code =
                run(
                        "token",
                        "-u",
                        "bob",
                        "--channel",
                        "news",
                        "--ttl",
                        "90s",
                        "-c",
                        file.toString());
        assertThat(code).isZero();
        var rules = ConfigLoader.file(file).load().config().client().subscriptionToken().token();
        Verification<SubscriptionToken> verified =
                new JwtVerifier(rules)
                        .verifySubscription(out.toString().strip(), now())
                        .toCompletableFuture()
                        .join();
        if (!(verified instanceof Valid<SubscriptionToken>(SubscriptionToken token))) {
            throw new AssertionError(verified);
        }
        assertThat(token.user()).isEqualTo("bob");
        assertThat(token.channel()).isEqualTo("news");
        assertThat(token.expireAt()).isBetween(now() + 85, now() + 90);
    }

    @Test
    void aTokenNeedsASecretAndALifetime(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("c.yaml");
        Files.writeString(file, "");
        assertThat(run("token", "-u", "a", "-c", file.toString())).isEqualTo(1);
        assertThat(run("token", "-u", "a", "--ttl", "5")).isEqualTo(1);
        assertThat(err.toString())
                .isEqualToNormalizingNewlines(
                        """
                        cardea: the configuration has no client.token.hmac_secret_key to sign with; for \
                        other keys give the private one with --key
                        cardea: --ttl is "5"; expected a duration such as 30s or 1h30m
                        """);
    }

    @Test
    void aTokenMayBeSignedWithAPrivateKeyAndHaveMoreClaims(@TempDir Path folder) throws Exception {
        Path key = folder.resolve("key.pem");
        Path publicKey = folder.resolve("public.pem");
        openssl("genpkey", "-algorithm", "ED25519", "-out", key.toString());
        openssl("pkey", "-in", key.toString(), "-pubout", "-out", publicKey.toString());
        Path file = folder.resolve("c.yaml");
        String pem = Files.readString(publicKey).replace("\n", "\\n");
        Files.writeString(file, "client: {token: {eddsa_public_key: \"" + pem + "\"}}");
        int code =
                run(
                        "token",
                        "-u",
                        "bob",
                        "--key",
                        key.toString(),
                        "--kid",
                        "k1",
                        "--claims",
                        "{\"jti\":\"t1\",\"info\":[1]}",
                        "-c",
                        file.toString());
        assertThat(err.toString()).isEmpty();
        assertThat(code).isZero();
        var rules = ConfigLoader.file(file).load().config().client().token();
        Verification<ConnectionToken> verified =
                new JwtVerifier(rules)
                        .verifyConnection(out.toString().strip(), now())
                        .toCompletableFuture()
                        .join();
        if (!(verified instanceof Valid<ConnectionToken>(ConnectionToken token))) {
            throw new AssertionError(verified);
        }
        assertThat(token.user()).isEqualTo("bob");
        assertThat(token.id().id()).isEqualTo("t1");
        assertThat(token.info().toUtf8()).isEqualTo("[1]");
    }

    private static void openssl(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
    }

    @Test
    void whatCannotSignIsToldWithoutAStackTrace(@TempDir Path folder) throws Exception {
        Path key = folder.resolve("key.pem");
        Files.writeString(key, "x");
        Path none = folder.resolve("none.pem");
        assertThat(run("token", "-u", "a", "--key", key.toString())).isEqualTo(1);
        assertThat(run("token", "-u", "a", "--key", none.toString())).isEqualTo(1);
        assertThat(run("token", "-u", "a", "--claims", "[]")).isEqualTo(1);
        assertThat(err.toString())
                .contains("is no PRIVATE KEY in PEM", "can't be read", "--claims is no JSON object")
                .doesNotContain("Exception:");
    }

    @Test
    void aBadConfigurationIsToldWithoutAStackTrace(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("c.yaml");
        Files.writeString(file, "client:\n  ping_intervall: 5s\n");
        assertThat(run("serve", "--config", file.toString(), "--port", "http")).isEqualTo(1);
        assertThat(err.toString())
                .isEqualToNormalizingNewlines(
                        """
                        Cardea doesn't start with this configuration:
                          --port: http_server.port is "http"; expected a whole number
                          %s:2: client.ping_intervall is no known key; did you mean client.ping_interval?
                        """
                                .formatted(file));
    }

    @Test
    void configPrintsTheDefaultFile() {
        assertThat(run("config")).isZero();
        assertThat(out.toString()).isEqualTo(DefaultFile.yaml());
    }

    @Test
    void aWrongCommandLineIsTwoAndAVersionIsThere() {
        assertThat(run("sreve")).isEqualTo(2);
        assertThat(run("serve", "--prot", "1")).isEqualTo(2);
        assertThat(run("version")).isZero();
        assertThat(run("serve", "--help")).isZero();
        assertThat(out.toString()).startsWith("cardea development").contains("Usage: cardea serve");
    }

    @Test
    void aGoodConfigurationIsSaidToBeGoodWithItsWarnings(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("c.yaml");
        Files.writeString(file, "http_api: {key: a}\npid_file: one");
        assertThat(run("config", "check", file.toString())).isZero();
        assertThat(out.toString())
                .contains("warning: " + file + ":2: pid_file is \"one\"; not supported yet")
                .endsWith(file + " is good\n");
    }

    @Test
    void everyProblemOfABadOneIsToldAtOnce(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("c.yaml");
        Files.writeString(file, "http_server: {port: x, prot: 1}\nshutdown: {grace: 40s}");
        assertThat(run("config", "check", file.toString())).isEqualTo(1);
        assertThat(err.toString())
                .contains(":1: http_server.port is \"x\"; expected a whole number")
                .contains(":1: http_server.prot is no known key; did you mean http_server.port?")
                .contains(":2: shutdown.grace is 40s; expected less than timeout, which is 30s");
        assertThat(run("config", "check", folder.resolve("none.yaml").toString())).isEqualTo(1);
        assertThat(run("config", "check")).isEqualTo(2);
    }

    @Test
    void theDefaultsCanBePrintedInEveryFormat() {
        assertThat(run("config", "default", "--format", "toml")).isZero();
        assertThat(out.toString()).isEqualTo(DefaultFile.toml());
        assertThat(run("config", "default", "--format", "xml")).isEqualTo(2);
    }
}
