package dev.cardea.server.redis;

import dev.cardea.server.config.RedisLayout;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** What Redis does in one step; each is a file beside this class, which says what it takes. */
enum Script {
    APPEND,
    READ,
    RENEW,
    ENTER,
    LEAVE,
    WHO;

    private final String source;
    private final String digest;
    private final String centrifugosSource;
    private final String centrifugosDigest;

    Script() {
        String file = name().toLowerCase(Locale.ROOT) + ".lua";
        source = read(file);
        digest = sha1(source);
        centrifugosSource = read("centrifugo/" + file);
        centrifugosDigest = sha1(centrifugosSource);
    }

    /**
     * @param digest what Redis knows it by
     */
    record Text(String source, String digest) {}

    /** As it is for a layout. */
    Text in(RedisLayout layout) {
        return switch (layout) {
            case CARDEA -> new Text(source, digest);
            case CENTRIFUGO -> new Text(centrifugosSource, centrifugosDigest);
        };
    }

    /** Makes Redis know them all, by their digests. */
    static CompletionStage<Void> load(RedisClusterAsyncCommands<byte[], byte[]> redis) {
        return CompletableFuture.allOf(
                Arrays.stream(values())
                        .flatMap(script -> Stream.of(script.source, script.centrifugosSource))
                        .map(source -> redis.scriptLoad(source).toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new));
    }

    private static String read(String file) {
        try (InputStream in = Script.class.getResourceAsStream(file)) {
            return new String(
                    Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha1(String source) {
        try {
            byte[] read = source.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(read));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
