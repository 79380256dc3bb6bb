package dev.cardea.messaging.broker;

import dev.cardea.messaging.presence.PresenceEvent;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.KeptCodec;
import java.util.ArrayList;
import java.util.List;

/**
 * Joins and leaves as nodes tell them to each other. For each: whether it joins (1 byte), a length
 * (varint), a Protobuf ClientInfo.
 */
public final class EventsCodec {
    private static final int MAX_EVENTS = 100_000;

    private EventsCodec() {}

    /** Behind what the message begins with. */
    public static void write(List<PresenceEvent> events, ByteWriter out) {
        for (PresenceEvent event : events) {
            byte[] info = KeptCodec.write(event.info());
            out.put(event.joins() ? 1 : 0).putVarint(info.length).put(info);
        }
    }

    /**
     * Up to the message's end.
     *
     * @throws Malformed nothing that a node would have told
     */
    public static List<PresenceEvent> read(byte[] message, int from) {
        List<PresenceEvent> events = new ArrayList<>();
        int at = from;
        while (at < message.length) {
            boolean joins = message[at++] != 0;
            int length = 0;
            for (int shift = 0; ; shift += 7) {
                if (at == message.length || shift > 21) throw new Malformed("an event's length");
                int b = message[at++];
                length |= (b & 0x7F) << shift;
                if (b >= 0) break;
            }
            if (length > message.length - at || events.size() == MAX_EVENTS)
                throw new Malformed("an event longer than its message");
            ClientInfo info = KeptCodec.info(message, at, at + length);
            at += length;
            events.add(new PresenceEvent(joins, info));
        }
        return List.copyOf(events);
    }
}
