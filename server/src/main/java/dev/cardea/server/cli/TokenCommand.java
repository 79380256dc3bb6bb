package dev.cardea.server.cli;

import dev.cardea.server.auth.TokenIssuer;
import dev.cardea.server.cli.CardeaCommand.Refused;
import dev.cardea.server.config.BadConfig;
import dev.cardea.server.config.ClientConfig;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.server.config.DurationText;
import dev.cardea.server.config.TokenConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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
            "Prints a token (JWT, HS256) for a connection, or for a subscription if a channel is given.",
            "Signs with the secret of the configuration; without one, with the secret of 'cardea dev'."
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
        if (rules.hmacSecretKey().isEmpty()) {
            throw new Refused("the configuration has no client.token.hmac_secret_key to sign with");
        }
        TokenIssuer issuer = new TokenIssuer(rules);
        long now = Instant.now().getEpochSecond();
        long expires = now + lifetime.toSeconds();
        String token =
                channel == null
                        ? issuer.connection(user, now, expires)
                        : issuer.subscription(user, channel, now, expires);
        Objects.requireNonNull(spec).commandLine().getOut().println(token);
        return 0;
    }
}
