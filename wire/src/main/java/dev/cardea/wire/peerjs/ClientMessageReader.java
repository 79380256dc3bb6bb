package dev.cardea.wire.peerjs;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.json.JsonNames;
import dev.cardea.wire.json.JsonReader;

/** Reads what a client says. Stateless and thread safe. */
public final class ClientMessageReader {
    private static final JsonNames NAMES = new JsonNames("type", "src", "dst", "payload");

    private ClientMessageReader() {}

    /**
     * @throws Malformed it isn't a JSON object with a type, or is addressed to what can't be an id
     */
    public static ClientMessage read(Bytes message) {
        byte[] array = message.toArray();
        JsonReader in = new JsonReader(NAMES, array, 0, array.length);
        String type = "";
        String dst = "";
        Bytes payload = Bytes.EMPTY;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "type" -> type = in.text();
                case "dst" -> dst = in.text();
                case "payload" -> payload = in.raw();
                default -> in.skip();
            }
        }
        in.end();
        return switch (type) {
            case "HEARTBEAT" -> new ClientMessage.Heartbeat();
            case "OFFER" -> to(Signal.Kind.OFFER, dst, payload);
            case "ANSWER" -> to(Signal.Kind.ANSWER, dst, payload);
            case "CANDIDATE" -> to(Signal.Kind.CANDIDATE, dst, payload);
            case "LEAVE" ->
                    dst.isEmpty() ? new ClientMessage.Leave() : to(Signal.Kind.LEAVE, dst, payload);
            case "" -> throw new Malformed("a message has no type");
            default -> new ClientMessage.Other();
        };
    }

    private static ClientMessage to(Signal.Kind kind, String dst, Bytes payload) {
        if (!PeerId.isValid(dst)) throw new Malformed("dst is no peer's id");
        return new ClientMessage.To(kind, dst, payload);
    }
}
