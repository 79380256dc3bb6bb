package dev.cardea.server.redis;

import dev.cardea.messaging.broker.Arrival;
import dev.cardea.messaging.broker.EventsCodec;
import dev.cardea.messaging.broker.Mark;
import dev.cardea.messaging.presence.PresenceEvent;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.centrifuge.KeptCodec;
import dev.cardea.wire.centrifuge.Publication;
import java.nio.charset.StandardCharsets;
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
            case "e" -> new Arrival.Events(EventsCodec.read(message, end + 1));
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
        EventsCodec.write(events, out);
        return out.toArray();
    }
}
