package dev.cardea.server.redis;

import dev.cardea.messaging.broker.Arrival;
import dev.cardea.messaging.broker.Mark;
import dev.cardea.messaging.presence.PresenceEvent;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.KeptCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What Centrifugo's nodes tell over PUB/SUB, and what they understand:
 *
 * <pre>
 * __p1:OFFSET:EPOCH__                                          a Protobuf Publication
 * __d1:OFFSET:EPOCH:LENGTH:the publication before:LENGTH:      a Protobuf Publication
 * __j__ and __l__                                              a Protobuf ClientInfo
 *                                                              a Protobuf Publication, without history
 * </pre>
 *
 * There are no nonces: the same offset of the same epoch is taken for the same publication.
 */
final class CentrifugoMessages {
    private static final int MAX_HEAD_BYTES = 256;
    private static final byte MARK = '_';

    private CentrifugoMessages() {}

    /**
     * @throws Malformed nothing that a node would have written
     */
    static Arrival parse(byte[] message) {
        if (message.length < 5 || message[0] != MARK || message[1] != MARK)
            return new Arrival.Passing(false, KeptCodec.publication(message, 0, message.length));
        return switch (message[2]) {
            case 'p' -> appended(message);
            case 'd' -> patched(message);
            case 'j' -> event(message, true);
            case 'l' -> event(message, false);
            default -> throw new Malformed("a message of an unknown kind");
        };
    }

    private static Arrival event(byte[] message, boolean joins) {
        if (message[3] != MARK || message[4] != MARK)
            throw new Malformed("a client without a head");
        ClientInfo info = KeptCodec.info(message, 5, message.length);
        return new Arrival.Events(List.of(new PresenceEvent(joins, info)));
    }

    private static Arrival appended(byte[] message) {
        int afterKind = skip(message, 2, ':');
        int afterOffset = skip(message, afterKind, ':');
        int end = afterOffset;
        while (end + 1 < message.length && !(message[end] == MARK && message[end + 1] == MARK))
            end++;
        if (end + 1 >= message.length || end - afterOffset > MAX_HEAD_BYTES)
            throw new Malformed("a head without an end");
        long offset = Messages.number(text(message, afterKind, afterOffset - 1));
        return appended(message, offset, text(message, afterOffset, end), false, end + 2);
    }

    private static Arrival patched(byte[] message) {
        int afterKind = skip(message, 2, ':');
        int afterOffset = skip(message, afterKind, ':');
        int afterEpoch = skip(message, afterOffset, ':');
        int beforeFrom = skip(message, afterEpoch, ':');
        long before = Messages.number(text(message, afterEpoch, beforeFrom - 1));
        if (before < 0 || before >= message.length - beforeFrom)
            throw new Malformed("a publication longer than its message");
        int lengthFrom = skip(message, beforeFrom + (int) before, ':');
        int from = skip(message, lengthFrom, ':');
        if (Messages.number(text(message, lengthFrom, from - 1)) != message.length - from)
            throw new Malformed("a publication of another length");
        long offset = Messages.number(text(message, afterKind, afterOffset - 1));
        return appended(message, offset, text(message, afterOffset, afterEpoch - 1), true, from);
    }

    private static Arrival appended(
            byte[] message, long offset, String epoch, boolean isPatched, int from) {
        return new Arrival.Appended(
                offset - 1,
                offset == 1 ? 0 : 1,
                new Mark(epoch, offset, 1),
                isPatched,
                KeptCodec.publication(message, from, message.length));
    }

    /** Behind the next one of those. */
    private static int skip(byte[] message, int from, char what) {
        int bound = Math.min(message.length, from + MAX_HEAD_BYTES);
        for (int i = from; i < bound; i++) if (message[i] == what) return i + 1;
        throw new Malformed("a head without its parts");
    }

    private static String text(byte[] message, int from, int to) {
        return new String(message, from, to - from, StandardCharsets.UTF_8);
    }

    static byte[] event(PresenceEvent event) {
        byte[] info = KeptCodec.write(event.info());
        byte[] message = new byte[info.length + 5];
        message[0] = MARK;
        message[1] = MARK;
        message[2] = (byte) (event.joins() ? 'j' : 'l');
        message[3] = MARK;
        message[4] = MARK;
        System.arraycopy(info, 0, message, 5, info.length);
        return message;
    }
}
