package dev.cardea.messaging.session;

import dev.cardea.wire.centrifuge.Command;

/**
 * Publications of one connection that the broker has been given and hasn't answered. Further ones
 * may be given meanwhile, so that many share a way to the broker and back; all else that the client
 * asks finds them done.
 */
final class PublishesUnderWay {
    private static final int MAX_COUNT = 256;
    private static final int MAX_BYTES = 256 * 1024;

    private int count;
    private int bytes;

    boolean isEmpty() {
        return count == 0;
    }

    /** Whether a command needn't wait for them. */
    boolean lets(Command command) {
        return switch (command) {
            case Command.Publish _ -> count < MAX_COUNT && bytes < MAX_BYTES;
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
                    count == 0;
        };
    }

    void begin(int dataBytes) {
        count++;
        bytes += dataBytes;
    }

    void end(int dataBytes) {
        count--;
        bytes -= dataBytes;
    }
}
