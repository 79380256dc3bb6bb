package dev.cardea.messaging.session;

import dev.cardea.wire.centrifuge.Command;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Publications of one connection that the broker has been given and hasn't answered. Further ones
 * may be given meanwhile, so that many share a way to the broker and back; all else that the client
 * asks finds them done.
 */
final class PublishesUnderWay {
    private static final int MAX_COUNT = 256;
    private static final int MAX_BYTES = 256 * 1024;

    private record Given(CompletableFuture<?> answer, int bytes, Runnable settle) {}

    /** What the client is told of one, at most. */
    private static final int ANSWER_BYTES = 128;

    private final int maxCount;

    /** Null until something is published: most clients never do. */
    private @Nullable ArrayDeque<Given> given;

    private int bytes;

    /**
     * @param answersMaxBytes their answers have to fit in there, for they may all come at once
     */
    PublishesUnderWay(int answersMaxBytes) {
        maxCount = Math.clamp(answersMaxBytes / ANSWER_BYTES, 1, MAX_COUNT);
    }

    boolean isEmpty() {
        return given == null || given.isEmpty();
    }

    private int size() {
        return given == null ? 0 : given.size();
    }

    /** Whether a command needn't wait for them. */
    boolean lets(Command command) {
        return switch (command) {
            case Command.Publish _ -> size() < maxCount && bytes < MAX_BYTES;
            case Command.Empty _ -> true;
            case Command.Connect _,
                    Command.Subscribe _,
                    Command.Unsubscribe _,
                    Command.Presence _,
                    Command.PresenceStats _,
                    Command.History _,
                    Command.Ping _,
                    Command.Send _,
                    Command.Rpc _,
                    Command.Refresh _,
                    Command.SubRefresh _ ->
                    isEmpty();
        };
    }

    /**
     * @param settle run in its turn, once there is an answer
     */
    void begin(CompletableFuture<?> answer, int dataBytes, Runnable settle) {
        if (given == null) given = new ArrayDeque<>();
        given.add(new Given(answer, dataBytes, settle));
        bytes += dataBytes;
    }

    /** Settles what is answered, up to the first that isn't; false: that is the first of all. */
    boolean settle() {
        if (given == null) return false;
        boolean any = false;
        for (Given first = given.peek(); first != null; first = given.peek()) {
            if (!first.answer().isDone()) break;
            given.remove();
            bytes -= first.bytes();
            first.settle().run();
            any = true;
        }
        return any;
    }
}
