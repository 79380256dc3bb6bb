package dev.cardea.server.redis;

import dev.cardea.server.redis.Connector.Commanding;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulConnection;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connection that asks. What is asked while it is busy leaves in one write; answers come in the
 * order of the questions. Asking is for any thread, the rest for the shard's own.
 */
final class Commands {
    private static final byte[] PUBLISH = Keys.bytes("PUBLISH");
    private static final byte[] SPUBLISH = Keys.bytes("SPUBLISH");

    private final EventExecutor owner;
    private final Runnable lost;
    private final AtomicBoolean flushes = new AtomicBoolean();
    private final Replication waits;

    /** What is complete once replicas have all that was asked before; guarded by itself. */
    private final AtomicReference<@Nullable CompletableFuture<Long>> replicated =
            new AtomicReference<>();

    /** Where the connection's bytes are moved: a flush there gathers what came meanwhile. */
    private final Supplier<@Nullable EventExecutor> io;

    private volatile @Nullable Commanding live;
    private @Nullable RedisFuture<String> ping;
    private long pingedNanos;

    /**
     * @param waits how many replicas have to have what {@link #append} has written
     * @param lost called on the owner when the connection is no good any more
     */
    Commands(
            EventExecutor owner,
            Supplier<@Nullable EventExecutor> io,
            Replication waits,
            Runnable lost) {
        this.owner = owner;
        this.waits = waits;
        this.io = io;
        this.lost = lost;
    }

    boolean isLive() {
        return live != null;
    }

    /** Runs the script, which answers with a list. */
    CompletionStage<List<Object>> run(Script.Text script, byte[][] keys, byte[]... args) {
        return byDigest(script, keys, args)
                .exceptionallyCompose(failure -> {
                    if (failure instanceof RedisNoScriptException)
                        return ask(commanding ->
                                commanding
                                        .commands()
                                        .eval(script.source(), ScriptOutputType.MULTI, keys, args));
                    return failed(failure);
                });
    }

    private CompletionStage<List<Object>> byDigest(
            Script.Text script, byte[][] keys, byte[][] args) {
        return ask(commanding -> {
            RedisFuture<List<Object>> answer =
                    commanding
                            .commands()
                            .evalsha(script.digest(), ScriptOutputType.MULTI, keys, args);
            return answer;
        });
    }

    private CompletionStage<List<Object>> failed(Throwable failure) {
        if (failure instanceof RedisReadOnlyException) owner.execute(lost); // demoted
        return CompletableFuture.failedStage(failure);
    }

    /** Whether what one thread asks is done in the order in which it asks. */
    boolean keepsOrder() {
        Commanding now = live;
        return now != null && now.keepsOrder();
    }

    /** What was asked next may be under way, so this one can't be asked again behind it. */
    private CompletionStage<List<Object>> inOrder(
            Script.Text script, byte[][] keys, byte[][] args) {
        return byDigest(script, keys, args)
                .exceptionallyCompose(failure -> {
                    if (!(failure instanceof RedisNoScriptException)) return failed(failure);
                    var _ = ask(now -> now.commands().scriptLoad(script.source()));
                    return failed(new Unreachable("Redis was made to forget its scripts"));
                });
    }

    /** The same, and complete once enough replicas have what it has written. */
    CompletionStage<List<Object>> append(Script.Text script, byte[][] keys, byte[]... args) {
        CompletionStage<List<Object>> answer =
                keepsOrder() ? inOrder(script, keys, args) : run(script, keys, args);
        if (!waits.isAwaited()) return answer;
        return answer.thenCompose(done ->
                replicated()
                        .thenApply(count -> {
                            if (count < waits.replicas())
                                throw new Unreachable("only %d replicas have it".formatted(count));
                            return done;
                        }));
    }

    /** One WAIT is for all that were answered before it is asked. */
    private CompletableFuture<Long> replicated() {
        CompletableFuture<Long> shared = new CompletableFuture<>();
        while (true) {
            CompletableFuture<Long> known = replicated.get();
            if (known != null) return known;
            if (replicated.compareAndSet(null, shared)) break;
        }
        EventExecutor there = Objects.requireNonNullElse(io.get(), owner);
        there.execute(() -> {
            replicated.set(null); // first: who comes from here on is for the next one
            var _ =
                    ask(now ->
                                    now.commands()
                                            .waitForReplication(
                                                    waits.replicas(), waits.timeoutMillis()))
                            .whenComplete((count, failure) -> {
                                if (failure != null) shared.completeExceptionally(failure);
                                else shared.complete(count);
                            });
        });
        return shared;
    }

    /** Whether channels are told of by the member that has their slot. */
    boolean tellsBySlot() {
        Commanding now = live;
        return now != null && now.tellsBySlot();
    }

    /** To those who listen to a channel. */
    CompletionStage<Long> tell(String name, byte[] message) {
        byte[] told = Keys.bytes(name);
        return ask(now ->
                now.tellsBySlot()
                        ? now.commands().spublish(told, message)
                        : now.commands().publish(told, message));
    }

    /** The same for scripts: the command. */
    byte[] tells() {
        return tellsBySlot() ? SPUBLISH : PUBLISH;
    }

    /** Completes with how many have got it, of those that this server knows. */
    CompletionStage<Long> publish(String channel, byte[] message) {
        byte[] name = Keys.bytes(channel);
        return ask(commanding -> commanding.commands().publish(name, message));
    }

    CompletionStage<Long> delete(byte[] key) {
        return ask(commanding -> commanding.commands().del(key));
    }

    private <T> CompletionStage<T> ask(Function<Commanding, RedisFuture<T>> question) {
        Commanding now = live;
        if (now == null)
            return CompletableFuture.failedStage(new Unreachable("not connected to Redis"));
        RedisFuture<T> answer = question.apply(now);
        flush(now);
        return answer;
    }

    private void flush(Commanding now) {
        if (!now.waitsForFlush() || !flushes.compareAndSet(false, true)) return;
        EventExecutor there = Objects.requireNonNullElse(io.get(), owner);
        there.execute(() -> {
            flushes.set(false); // first: what is asked from here on asks for another flush
            Commanding current = live; // there may be another by now
            if (current != null) current.connection().flushCommands();
        });
    }

    // ---- on the owner ----

    void connected(Commanding commanding) {
        ping = null;
        flushes.set(false);
        live = commanding;
    }

    /** Whether that is the connection whose end would be the end of it. */
    boolean isOver(StatefulConnection<byte[], byte[]> connection) {
        Commanding now = live;
        return now != null && now.connection().equals(connection);
    }

    /** Nobody waits any more for what was asked. */
    void close() {
        Commanding now = live;
        live = null;
        if (now != null) {
            var _ = now.connection().closeAsync();
        }
    }

    /** Once a second: a server that is silent for so long is gone. */
    void probe(long nowNanos, long patienceNanos) {
        Commanding now = live;
        if (now == null) return;
        RedisFuture<String> asked = ping;
        if (asked != null && !asked.toCompletableFuture().isDone()) {
            if (nowNanos - pingedNanos > patienceNanos) lost.run();
            return;
        }
        ping = now.commands().ping();
        pingedNanos = nowNanos;
        flush(now);
    }
}
