package dev.cardea.benchmarks.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the run's Redis has carried out so far, as it tells itself.
 *
 * @param calls of scripts, and to tell or listen; a PUBLISH inside a script is counted, too
 * @param subscribes of them to listen to channels, each for any number of them
 */
record RedisCommands(long calls, long subscribes) {
    private static final Pattern CALLS = Pattern.compile("cmdstat_([a-z|_]+):calls=(\\d+)");

    /** At the port of the system property {@code redis.port}. */
    static RedisCommands now() throws IOException {
        int port = Integer.getInteger("redis.port", 6379);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write("INFO commandstats\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readAllBytes();
            return read(new String(answer, StandardCharsets.US_ASCII));
        }
    }

    private static RedisCommands read(String stats) {
        long calls = 0;
        long subscribes = 0;
        Matcher each = CALLS.matcher(stats);
        while (each.find()) {
            long count = Long.parseLong(each.group(2));
            switch (each.group(1)) {
                case "evalsha", "eval", "publish" -> calls += count;
                case "subscribe" -> {
                    calls += count;
                    subscribes += count;
                }
                default -> {} // what scripts do to keys, and what connections begin with
            }
        }
        return new RedisCommands(calls, subscribes);
    }
}
