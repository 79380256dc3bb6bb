package dev.cardea.wire.centrifuge;

import dev.cardea.wire.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Messages of every kind, each field empty half of the time; payloads are valid JSON. */
final class RandomMessages {
    private static final String[] PAYLOADS = {
        "{}",
        "null",
        "0",
        "-1.5e3",
        "\"text\"",
        "[1,[2,{\"a\":[]}]]",
        "{\"input\": \"h\u00e9 \ud83d\ude00\"}"
    };
    private static final int[] CHARACTERS = {
        'a', 'Z', '0', ' ', '"', '\\', '/', '\n', '\r', '\t', '\b', '\f', 0, 0x1F, 0x7F, 0x80, 0xE9,
        0x7FF, 0x800, 0x2028, 0x2029, 0xD7FF, 0xE000, 0xFFFD, 0xFFFF, 0x10000, 0x1F600, 0x10FFFF
    };

    private final SplittableRandom random;

    RandomMessages(long seed) {
        random = new SplittableRandom(seed);
    }

    Command command() {
        int id = uint32();
        return switch (random.nextInt(13)) {
            case 0 ->
                    new Command.Connect(
                            id,
                            text(),
                            payload(),
                            map(this::subscribeRequest),
                            text(),
                            text(),
                            map(this::text),
                            int64());
            case 1 -> new Command.Subscribe(id, subscribeRequest());
            case 2 -> new Command.Unsubscribe(id, text());
            case 3 -> new Command.Publish(id, text(), payload(), int32(), text(), bool());
            case 4 -> new Command.Presence(id, text());
            case 5 -> new Command.PresenceStats(id, text());
            case 6 ->
                    new Command.History(
                            id,
                            text(),
                            int32(),
                            bool() ? new StreamPosition(int64(), text()) : null,
                            bool());
            case 7 -> new Command.Rpc(id, text(), payload());
            case 8 -> new Command.Send(id, payload());
            case 9 -> new Command.Refresh(id, text());
            case 10 -> new Command.SubRefresh(id, text(), text(), int32());
            case 11 -> new Command.Ping(id);
            default -> new Command.Empty(id);
        };
    }

    private SubscribeRequest subscribeRequest() {
        return new SubscribeRequest(
                text(),
                text(),
                bool(),
                text(),
                int64(),
                payload(),
                bool(),
                bool(),
                bool(),
                text(),
                bool() ? filter(1) : null,
                int64(),
                int32());
    }

    private FilterNode filter(int depth) {
        List<FilterNode> nodes = depth < 4 ? list(() -> filter(depth + 1)) : List.of();
        return new FilterNode(text(), text(), text(), text(), list(this::text), nodes);
    }

    Reply reply() {
        int id = uint32();
        return switch (random.nextInt(13)) {
            case 0 -> new Reply.Error(id, uint32(), text(), bool());
            case 1 -> new Reply.Connect(id, connectResult());
            case 2 -> new Reply.Subscribe(id, subscribeResult());
            case 3 -> new Reply.Unsubscribe(id);
            case 4 -> new Reply.Publish(id);
            case 5 -> new Reply.Presence(id, map(this::clientInfo));
            case 6 -> new Reply.PresenceStats(id, uint32(), uint32());
            case 7 -> new Reply.History(id, missed(), text(), int64());
            case 8 -> new Reply.Rpc(id, payload());
            case 9 -> new Reply.Refresh(id, text(), text(), bool(), uint32());
            case 10 -> new Reply.SubRefresh(id, bool(), uint32());
            case 11 -> new Reply.Ping();
            default -> new Reply.Pushed(push());
        };
    }

    Push push() {
        return switch (random.nextInt(9)) {
            case 0 -> new Push.Pub(text(), publication());
            case 1 -> new Push.Join(text(), clientInfo());
            case 2 -> new Push.Leave(text(), clientInfo());
            case 3 -> new Push.Unsubscribe(text(), uint32(), text());
            case 4 -> new Push.Subscribe(text(), bool(), text(), int64(), bool(), payload());
            case 5 -> new Push.Message(payload());
            case 6 -> new Push.Connect(connectResult());
            case 7 -> new Push.Disconnect(uint32(), text());
            default -> new Push.Refresh(bool(), uint32());
        };
    }

    private ConnectResult connectResult() {
        return new ConnectResult(
                text(),
                text(),
                bool(),
                uint32(),
                payload(),
                map(this::subscribeResult),
                uint32(),
                bool(),
                text(),
                text(),
                int64());
    }

    private SubscribeResult subscribeResult() {
        return new SubscribeResult(
                bool(), uint32(), bool(), text(), missed(), bool(), int64(), bool(), payload(),
                bool(), bool());
    }

    private List<Publication> missed() {
        List<Publication> publications = list(this::publication);
        return bool() ? publications : new SharedPublications(publications);
    }

    Publication publication() {
        return new Publication(
                payload(),
                bool() ? clientInfo() : null,
                int64(),
                map(this::text),
                bool(),
                int64(),
                text(),
                text(),
                bool(),
                int64(),
                text(),
                int64());
    }

    private ClientInfo clientInfo() {
        return new ClientInfo(text(), text(), payload(), payload());
    }

    /** Valid JSON, now and then longer than one and two length bytes can say. */
    private Bytes payload() {
        if (bool()) return Bytes.EMPTY;
        if (random.nextInt(8) > 0) {
            return Bytes.utf8(PAYLOADS[random.nextInt(PAYLOADS.length)]);
        }
        return Bytes.utf8('"' + "x".repeat(random.nextInt(120, 20_000)) + '"');
    }

    private String text() {
        if (bool()) return "";
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(16) == 0 ? random.nextInt(100, 300) : random.nextInt(1, 12);
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(
                    bool()
                            ? random.nextInt('a', 'z')
                            : CHARACTERS[random.nextInt(CHARACTERS.length)]);
        }
        return text.toString();
    }

    private <V> Map<String, V> map(Supplier<V> value) {
        Map<String, V> map = new HashMap<>();
        for (int i = bool() ? 0 : random.nextInt(4); i > 0; i--) map.put(text(), value.get());
        return map;
    }

    private <V> List<V> list(Supplier<V> element) {
        List<V> list = new ArrayList<>();
        for (int i = bool() ? 0 : random.nextInt(4); i > 0; i--) list.add(element.get());
        return list;
    }

    private boolean bool() {
        return random.nextBoolean();
    }

    private int uint32() {
        return (int) int64();
    }

    private int int32() {
        return (int) int64();
    }

    /** All widths alike: most real numbers are small. */
    private long int64() {
        return bool() ? 0 : random.nextLong() >> random.nextInt(64);
    }
}
