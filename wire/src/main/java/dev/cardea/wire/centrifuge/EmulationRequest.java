package dev.cardea.wire.centrifuge;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.json.JsonReader;

/**
 * What a client says that can't say it on its connection: commands, and for whom.
 *
 * @param node the id of the node that has the session; empty: not said
 * @param session which the client was told when it connected
 * @param data commands in the encoding of the session
 */
public record EmulationRequest(String node, String session, Bytes data) {
    /**
     * Reads JSON, in which the commands are a string.
     *
     * @throws Malformed it is something else
     */
    public static EmulationRequest json(Bytes body) {
        JsonReader in = JsonLines.whole(body);
        String node = "";
        String session = "";
        Bytes data = Bytes.EMPTY;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "node" -> node = in.text();
                case "session" -> session = in.text();
                case "data" -> data = Bytes.utf8(in.text());
                default -> in.skip();
            }
        }
        in.end();
        return new EmulationRequest(node, session, data);
    }

    /**
     * Reads Protobuf.
     *
     * @throws Malformed it is something else
     */
    public static EmulationRequest protobuf(Bytes body) {
        byte[] array = body.toArray();
        ProtobufReader in = new ProtobufReader(array, 0, array.length);
        String node = "";
        String session = "";
        Bytes data = Bytes.EMPTY;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> node = in.text();
                case 2 -> session = in.text();
                case 3 -> data = in.bytes();
                default -> in.skip();
            }
        }
        return new EmulationRequest(node, session, data);
    }
}
