package dev.cardea.server.redis;

import dev.cardea.messaging.broker.Arrival;
import dev.cardea.messaging.broker.Broker.HistoryQuery;
import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.messaging.broker.Broker.Published;
import dev.cardea.messaging.broker.Mark;
import dev.cardea.messaging.broker.Origin;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.centrifuge.KeptCodec;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;

/** The streams in Redis: appended to, read, and told of. */
final class RedisStreams implements Origin {
    private static final byte[] RESULT_TTL = digits(Duration.ofMinutes(5).toMillis());
    private static final byte[] MAX_READ_BYTES = digits(16 * 1024 * 1024);
    private static final byte[] NONE = digits(0);
    private static final byte[] ONE = digits(1);
    private static final byte[] FIRST = {'-'};
    private static final byte[] LAST = {'+'};
    private static final StreamPosition NOWHERE = new StreamPosition(0, "");

    private final Keys keys;
    private final Function<String, Shard> shards;
    private final Supplier<String> newEpoch;

    /**
     * @param shards where a channel is
     */
    RedisStreams(Keys keys, Function<String, Shard> shards, Supplier<String> newEpoch) {
        this.keys = keys;
        this.shards = shards;
        this.newEpoch = newEpoch;
    }

    private static byte[] digits(long number) {
        return Keys.bytes(Long.toUnsignedString(number));
    }

    private static byte[] millis(long nanos) {
        return digits(Math.max(1, nanos / 1_000_000));
    }

    CompletionStage<Published> append(
            String channel, ChannelOptions options, Publication publication, PublishOptions how) {
        byte[] payload = KeptCodec.write(publication);
        byte[] flags = how.delta() || options.bandwidth().deltaPublish() ? ONE : NONE;
        boolean hasHistory = options.log().hasHistory();
        String told = keys.told(channel);
        if (!hasHistory && how.idempotencyKey().isEmpty()) {
            return commands(channel)
                    .tell(told, keys.isCentrifugos() ? payload : passing(flags, payload))
                    .thenApply(_ -> new Published(NOWHERE));
        }
        byte[] top = keys.top(channel);
        byte[] log = keys.log(channel);
        byte[][] touched =
                how.idempotencyKey().isEmpty()
                        ? new byte[][] {top, log}
                        : new byte[][] {top, log, keys.result(channel, how.idempotencyKey())};
        Commands commands = commands(channel);
        return commands.append(
                        Script.APPEND.in(keys.layout()),
                        touched,
                        payload,
                        digits(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE)),
                        flags,
                        hasHistory ? digits(options.log().historySize()) : NONE,
                        millis(options.log().historyTtlNanos()),
                        millis(options.historyMetaTtlNanos()),
                        Keys.bytes(newEpoch.get()),
                        Keys.bytes(told),
                        commands.tells(),
                        how.skipHistory() ? ONE : NONE,
                        digits(how.version()),
                        Keys.bytes(how.versionEpoch()),
                        RESULT_TTL)
                .thenApply(answer -> {
                    String epoch = text(answer, 0);
                    long offset = Messages.number(text(answer, 1));
                    return new Published(new StreamPosition(offset, epoch));
                });
    }

    /** As the script writes it. */
    private static byte[] passing(byte[] flags, byte[] payload) {
        byte[] message = new byte[payload.length + 4];
        message[0] = 'p';
        message[1] = ' ';
        message[2] = flags[0];
        message[3] = '\n';
        System.arraycopy(payload, 0, message, 4, payload.length);
        return message;
    }

    CompletionStage<StreamSlice> history(
            String channel, ChannelOptions options, HistoryQuery query) {
        if (!options.log().hasHistory())
            return CompletableFuture.completedStage(new StreamSlice(List.of(), NOWHERE));
        boolean isBeyond = query.reverse() ? query.offset() == 1 : query.offset() == -1;
        int limit = isBeyond ? 0 : query.limit();
        byte[] first = query.reverse() ? FIRST : digits(query.offset() + 1);
        byte[] last = query.reverse() && query.offset() != 0 ? digits(query.offset() - 1) : LAST;
        return read(channel, options, first, last, limit, query.reverse()).thenApply(Piece::slice);
    }

    CompletionStage<?> removeHistory(String channel) {
        return commands(channel).delete(keys.log(channel));
    }

    // ---- as the origin of replicas ----

    @Override
    public CompletionStage<Void> listen(String channel) {
        return shards.apply(channel).listen(keys.told(channel));
    }

    @Override
    public void ignore(String channel) {
        shards.apply(channel).ignore(keys.told(channel));
    }

    @Override
    public CompletionStage<Piece> read(
            String channel, ChannelOptions options, long after, int limit) {
        return read(channel, options, digits(after + 1), LAST, limit, false);
    }

    private CompletionStage<Piece> read(
            String channel,
            ChannelOptions options,
            byte[] first,
            byte[] last,
            int limit,
            boolean isReversed) {
        return commands(channel)
                .run(
                        Script.READ.in(keys.layout()),
                        new byte[][] {keys.top(channel), keys.log(channel)},
                        Keys.bytes(newEpoch.get()),
                        millis(options.historyMetaTtlNanos()),
                        millis(options.log().historyTtlNanos()),
                        first,
                        last,
                        digits(limit),
                        MAX_READ_BYTES,
                        isReversed ? ONE : NONE)
                .thenApply(RedisStreams::piece);
    }

    private static Piece piece(List<Object> answer) {
        Mark top = mark(answer);
        List<Arrival.Appended> publications = new ArrayList<>(answer.size() - 3);
        for (Object message : answer.subList(3, answer.size())) {
            if (!(message instanceof byte[] bytes
                    && Messages.parse(bytes) instanceof Arrival.Appended appended))
                throw new Malformed("a log of something else");
            Mark at = appended.at();
            publications.add(
                    new Arrival.Appended(
                            appended.previousOffset(),
                            appended.previousNonce(),
                            new Mark(top.epoch(), at.offset(), at.nonce()), // it may be a later one
                            appended.isPatched(),
                            appended.publication()));
        }
        return new Piece(publications, top);
    }

    @Override
    public CompletionStage<Mark> renew(String channel, ChannelOptions options, Mark lost) {
        Commands commands = commands(channel);
        return commands.run(
                        Script.RENEW.in(keys.layout()),
                        new byte[][] {keys.top(channel)},
                        Keys.bytes(lost.epoch()),
                        Keys.bytes(newEpoch.get()),
                        millis(options.historyMetaTtlNanos()),
                        Keys.bytes(keys.told(channel)),
                        commands.tells())
                .thenApply(RedisStreams::mark);
    }

    private static Mark mark(List<Object> answer) {
        return new Mark(
                text(answer, 0),
                Messages.number(text(answer, 1)),
                Messages.number(text(answer, 2)));
    }

    private static String text(List<Object> answer, int index) {
        if (index < answer.size() && answer.get(index) instanceof byte[] bytes)
            return new String(bytes, StandardCharsets.UTF_8);
        throw new Malformed("an answer of something else");
    }

    private Commands commands(String channel) {
        return shards.apply(channel).commands();
    }
}
