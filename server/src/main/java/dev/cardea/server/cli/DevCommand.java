package dev.cardea.server.cli;

import dev.cardea.server.cli.CardeaCommand.Refused;
import dev.cardea.server.config.BadConfig;
import dev.cardea.server.config.ConfigLoader;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cardea dev}: the server with open demo namespaces and the demo pages. */
@Command(
        name = "dev",
        description = "Starts the server for trying things out, with the demo pages.")
final class DevCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Mixin private Listen listen = new Listen();

    @Option(
            names = "--broker",
            paramLabel = "URL",
            description =
                    "redis://host:port of a Redis, or nats://host:port of a NATS, that several servers"
                            + " share.")
    private @Nullable String broker;

    // The launcher's: it knows where the pages are.
    @Option(names = "--pages", hidden = true)
    private @Nullable Path pages;

    @Override
    public Integer call() throws BadConfig, Refused, InterruptedException {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        ConfigLoader loader =
                DevConfig.loader()
                        .flag("dev", "http_api.key", HexFormat.of().formatHex(random))
                        .environment(System.getenv());
        if (broker != null) {
            if (broker.startsWith("nats:") || broker.startsWith("tls:")) {
                loader.flag("--broker", "broker.enabled", "true");
                loader.flag("--broker", "broker.type", "nats");
                loader.flag("--broker", "broker.nats.url", broker);
            } else {
                loader.flag("--broker", "engine.type", "redis");
                loader.flag("--broker", "engine.redis.address", broker);
            }
        }
        ConfigLoader.Loaded loaded = listen.layOver(loader).load();
        List<String> notes = new ArrayList<>();
        notes.add("  HTTP API key: " + loaded.config().httpApi().key());
        if (pages == null)
            notes.add("  The demo pages aren't served: installing them needs Node.js.");
        return Running.untilStopped(
                () -> loaded, pages, notes, Objects.requireNonNull(spec).commandLine().getOut());
    }
}
