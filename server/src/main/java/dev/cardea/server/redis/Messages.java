package dev.cardea.server.redis;

import dev.cardea.messaging.broker.Arrival;
import dev.cardea.messaging.broker.Mark;
import dev.cardea.messaging.presence.PresenceEvent;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.KeptCodec;
import dev.cardea.wire.centrifuge.Publication;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What is told over PUB/SUB, and kept in a stream's log. A line of words, then the payload:
 *
 * <pre>
 * a EPOCH OFFSET NONCE PREVIOUS-NONCE IS-PATCHED    a Protobuf Publication
 * p IS-PATCHED                                      a Protobuf Publication
 * e                                                 joins and leaves
 * d                                                 nothing: look
 * </pre>
 *
 * The scripts write the first two and the last.
 */
final class Messages {
    private static final int MAX_LINE_BYTES = 256;
    private static final int MAX_EVENTS = 100_000;

    private Messages() {}

    /**
     * @throws Malformed nothing that a node would have written
     */
    static Arrival parse(byte[] message) {
        int end = 0;
        int bound = Math.min(message.length, MAX_LINE_BYTES);
        while (end < bound && message[end] != '\n') end++;
        if (end == bound) throw new Malformed("a message without its first line");
        String[] words = new String(message, 0, end, StandardCharsets.UTF_8).split(" ", -1);
        return switch (words[0]) {
            case "a" -> appended(words, message, end + 1);
            case "p" -> passing(words, message, end + 1);
            case "e" -> new Arrival.Events(events(message, end + 1));
            case "d" -> new Arrival.Doubt();
            default -> throw new Malformed("a message of an unknown kind");
        };
    }

    private static Arrival.Appended appended(String[] words, byte[] message, int from) {
        if (words.length != 6) throw new Malformed("a line of %d words".formatted(words.length));
        long offset = number(words[2]);
        Publication publication = KeptCodec.publication(message, from, message.length);
        return new Arrival.Appended(
                offset - 1,
                number(words[4]),
                new Mark(words[1], offset, number(words[3])),
                words[5].equals("1"),
                publication);
    }

    private static Arrival.Passing passing(String[] words, byte[] message, int from) {
        if (words.length != 2) throw new Malformed("a line of %d words".formatted(words.length));
        return new Arrival.Passing(
                words[1].equals("1"), KeptCodec.publication(message, from, message.length));
    }

    /**
     * @throws Malformed it is no unsigned number of 64 bits
     */
    static long number(String digits) {
        try {
            return Long.parseUnsignedLong(digits);
        } catch (NumberFormatException _) {
            throw new Malformed("a number that is none");
        }
    }

    static byte[] events(List<PresenceEvent> events) {
        ByteWriter out = new ByteWriter(64 * events.size());
        out.put('e').put('\n');
        for (PresenceEvent event : events) {
            byte[] info = KeptCodec.write(event.info());
            out.put(event.joins() ? 1 : 0).putVarint(info.length).put(info);
        }
        return out.toArray();
    }

    private static List<PresenceEvent> events(byte[] message, int from) {
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
