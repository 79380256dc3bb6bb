package dev.cardea.server.cli;

import dev.cardea.server.auth.JwtVerifier;
import dev.cardea.server.auth.TokenIssuer;
import dev.cardea.server.cli.CardeaCommand.Refused;
import dev.cardea.server.config.BadConfig;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.server.config.TokenConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
    private static final int TIMEOUT_MILLIS = 2000;

    @Spec private @Nullable CommandSpec spec;

    @Mixin private Listen listen = new Listen();

    @Override
    public Integer call() throws BadConfig, Refused, IOException {
        ConfigLoader loader =
                DevConfig.loader()
                        .environment(System.getenv())
                        .flag("--insecure", "client.insecure", "true");
        ConfigLoader.Loaded loaded = listen.layOver(loader).load();
        TokenConfig rules = loaded.config().client().token();
        String token = new TokenIssuer(rules).connection("warm-up", 0, 1);
        var _ = new JwtVerifier(rules).verifyConnection(token, 0);
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        Running.once(loaded, out, WarmUpCommand::requests);
        return 0;
    }

    private static void requests(int port) throws IOException {
        request(port, "GET /none HTTP/1.1\r\nHost: localhost\r\n\r\n");
        try (WarmUpTraffic traffic = new WarmUpTraffic(port)) {
            traffic.run();
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
