package dev.cardea.server.cli;

import dev.cardea.rtc.turn.Credentials;
import dev.cardea.server.CardeaServer;
import dev.cardea.server.auth.JwtVerifier;
import dev.cardea.server.auth.TokenIssuer;
import dev.cardea.server.cli.CardeaCommand.Refused;
import dev.cardea.server.config.BadConfig;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.server.config.TokenConfig;
import dev.cardea.server.config.TurnConfig;
import dev.cardea.server.turn.TurnServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code cardea warm-up}: a short life of a server, from which the build records which classes a
 * start needs and how the methods that carry messages run (the JVM's AOT cache).
 */
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUpCommand.class);

    private static final int TIMEOUT_MILLIS = 2000;
    private static final int CREDENTIALS_SECONDS = 60;

    @Spec private @Nullable CommandSpec spec;

    @Mixin private Listen listen = new Listen();

    @Override
    public Integer call() throws BadConfig, Refused, IOException {
        ConfigLoader loader =
                DevConfig.loader()
                        .environment(System.getenv())
                        .flag("--insecure", "client.insecure", "true")
                        .flag("--turn.peers.allow", "turn.peers.allow", "127.0.0.1")
                        .flag("--turn.quotas", "turn.quotas.unauthenticated_per_second", "0");
        ConfigLoader.Loaded loaded = listen.layOver(loader).load();
        TokenConfig rules = loaded.config().client().token();
        String token = new TokenIssuer(rules).connection("warm-up", 0, 1);
        var _ = new JwtVerifier(rules).verifyConnection(token, 0);
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        Running.once(loaded, out, server -> serve(server, loaded.config().turn()));
        return 0;
    }

    private static void serve(CardeaServer server, TurnConfig turn) throws IOException {
        request(server.port(), "GET /none HTTP/1.1\r\nHost: localhost\r\n\r\n");
        try (WarmUpTraffic traffic = new WarmUpTraffic(server.port())) {
            traffic.run();
        }
        relay(server.turn(), turn);
    }

    /** As far as the environment lets it: the rest is recorded anyway. */
    private static void relay(@Nullable TurnServer server, TurnConfig config) {
        long expirySeconds = System.currentTimeMillis() / 1000 + CREDENTIALS_SECONDS;
        Credentials all = new Credentials(config.realm(), Map.of(), config.secrets());
        Credentials.Ephemeral one = all.ephemeral("warm-up", expirySeconds);
        if (server == null || one == null) return;
        try (WarmUpRelays relays = new WarmUpRelays(server.port(), one)) {
            relays.run();
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("relays_not_recorded");
        }
    }

    /** Whatever is answered, or nothing, is good enough. */
    private static void request(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            in.readNBytes(12);
        } catch (SocketTimeoutException e) {
            // a server that doesn't answer is recorded as far as it came
        }
    }
}
