package dev.cardea.messaging.session;

import dev.cardea.messaging.hub.Positions;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.centrifuge.Codec;
import dev.cardea.wire.centrifuge.ConnectResult;
import dev.cardea.wire.centrifuge.JsonCodec;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.StreamPositions;
import org.jspecify.annotations.Nullable;

/**
 * Puts replies into a connection's words: as they are, or as pushes where the client can't ask.
 *
 * @param positions that the transport tells; null: none
 */
record Speech(Codec codec, Direction direction, @Nullable Positions positions) {
    private static final String WARNING =
            ",\"warning\":\"no event ids: more than %d recoverable channels\"}}\n"
                    .formatted(StreamPositions.MAX);

    void write(Reply reply, ByteWriter out) {
        if (direction == Direction.DOWN) writeDown(reply, out);
        else codec.write(reply, out);
    }

    private void writeDown(Reply reply, ByteWriter out) {
        switch (reply) {
            case Reply.Pushed(Push push) -> codec.write(push, out);
            case Reply.Connect(_, ConnectResult result) -> {
                codec.write(new Push.Connect(result), out);
                if (isJson() && positions != null && positions.areTooMany()) {
                    out.truncate(out.length() - "}}\n".length());
                    out.putAscii(WARNING);
                }
            }
            case Reply.Ping ping -> codec.write(ping, out);
            // A client without a way to ask is given no answers.
            case Reply.Error _,
                    Reply.Subscribe _,
                    Reply.Unsubscribe _,
                    Reply.Publish _,
                    Reply.Presence _,
                    Reply.PresenceStats _,
                    Reply.History _,
                    Reply.Rpc _,
                    Reply.Refresh _,
                    Reply.SubRefresh _ -> {}
        }
    }

    /** Whether messages are separated by newlines. */
    boolean isJson() {
        return codec instanceof JsonCodec;
    }
}
