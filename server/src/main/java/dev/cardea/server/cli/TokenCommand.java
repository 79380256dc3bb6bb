package dev.cardea.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cardea.server.auth.SigningKey;
import dev.cardea.server.auth.TokenIssuer;
import dev.cardea.server.cli.CardeaCommand.Refused;
import dev.cardea.server.config.BadConfig;
import dev.cardea.server.config.ClientConfig;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.server.config.DurationText;
import dev.cardea.server.config.TokenConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cardea token}: a token as an application's backend would make it. */
@Command(
        name = "token",
        description = {
            "Prints a token (JWT) for a connection, or for a subscription if a channel is given.",
            "Signs with the secret of the configuration (HS256), or with a private key; without either,",
            "with the secret of 'cardea dev'."
        })
final class TokenCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = {"-u", "--user"},
            paramLabel = "U",
            required = true,
            description = "The user's id; '' is the anonymous user.")
    private String user = "";

    @Option(names = "--channel", paramLabel = "C", description = "Makes a subscription token.")
    private @Nullable String channel;

    @Option(
            names = "--ttl",
            paramLabel = "T",
            defaultValue = "1h",
            description = "How long it is good for: 30s, 1h30m, 720h. Default: ${DEFAULT-VALUE}.")
    private String ttl = "1h";

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = {
                "Private key in PEM to sign with, instead of the configuration's secret:",
                "RSA (RS256), ECDSA (ES256, ES384, ES512) or Ed25519 (EdDSA)."
            })
    private @Nullable Path keyFile;

    @Option(
            names = "--kid",
            paramLabel = "ID",
            defaultValue = "",
            description = "The key's id in the issuer's key set (JWKS).")
    private String keyId = "";

    @Option(
            names = "--claims",
            paramLabel = "JSON",
            defaultValue = "{}",
            description = "Further claims: '{\"info\":{\"name\":\"Alice\"}}'.")
    private String claims = "{}";

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Configuration to take the secret from.")
    private @Nullable Path file;

    @Override
    public Integer call() throws BadConfig, Refused {
        Duration lifetime = DurationText.parse(ttl);
        if (lifetime == null || lifetime.toSeconds() == 0) {
            throw new Refused("--ttl is \"" + ttl + "\"; expected a duration such as 30s or 1h30m");
        }
        ConfigLoader loader = file == null ? DevConfig.loader() : ConfigLoader.file(file);
        ClientConfig client = loader.environment(System.getenv()).load().config().client();
        TokenConfig rules = channel == null ? client.token() : client.effectiveSubscriptionToken();
        TokenIssuer issuer = new TokenIssuer(rules, key(rules), keyId);
        Map<String, Object> more = claims();
        long now = Instant.now().getEpochSecond();
        long expires = now + lifetime.toSeconds();
        String token =
                channel == null
                        ? issuer.connection(user, now, expires, more)
                        : issuer.subscription(user, channel, now, expires, more);
        Objects.requireNonNull(spec).commandLine().getOut().println(token);
        return 0;
    }

    private SigningKey key(TokenConfig rules) throws Refused {
        if (keyFile == null) {
            if (!rules.hmacSecretKey().isEmpty()) return SigningKey.secret(rules.hmacSecretKey());
            throw new Refused(
                    "the configuration has no client.token.hmac_secret_key to sign with; for other"
                            + " keys give the private one with --key");
        }
        try {
            return SigningKey.pem(Files.readString(keyFile));
        } catch (IOException e) {
            throw new Refused("--key " + keyFile + " can't be read: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new Refused("--key " + keyFile + " is " + e.getMessage());
        }
    }

    private Map<String, Object> claims() throws Refused {
        try {
            return new JsonMapper().readValue(claims, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new Refused("--claims is no JSON object");
        }
    }
}
