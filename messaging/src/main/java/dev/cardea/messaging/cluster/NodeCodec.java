package dev.cardea.messaging.cluster;

import dev.cardea.messaging.api.ApiResponse.NodeInfo;
import dev.cardea.messaging.api.ApiResponse.ProcessUse;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;

/** Messages between nodes as bytes. A node of another version of them isn't understood. */
final class NodeCodec {
    private static final int VERSION = 1;
    private static final int ALIVE = 1;
    private static final int GONE = 2;
    private static final int EMULATE = 3;
    private static final int ASK = 4;
    private static final int ANSWER = 5;
    private static final int REALM = 6;

    private NodeCodec() {}

    static Bytes write(NodeMessage message) {
        FieldWriter out = new FieldWriter().number(VERSION);
        switch (message) {
            case NodeMessage.Alive(NodeInfo info) -> write(info, out.number(ALIVE));
            case NodeMessage.Gone(String node) -> out.number(GONE).text(node);
            case NodeMessage.Emulate(String session, Bytes commands) ->
                    out.number(EMULATE).text(session).bytes(commands);
            case NodeMessage.Ask(String from, long id, var request) ->
                    RequestCodec.write(request, out.number(ASK).text(from).number(id));
            case NodeMessage.Answer(String from, long id, var response) ->
                    ResponseCodec.write(response, out.number(ANSWER).text(from).number(id));
            case NodeMessage.Realm(String from, Bytes what) ->
                    out.number(REALM).text(from).bytes(what);
        }
        return out.written();
    }

    /**
     * @throws Malformed no node of this version has written it
     */
    static NodeMessage read(Bytes bytes) {
        FieldReader in = new FieldReader(bytes);
        if (in.number() != VERSION) throw new Malformed("of another version");
        return switch ((int) in.number()) {
            case ALIVE -> new NodeMessage.Alive(readInfo(in));
            case GONE -> new NodeMessage.Gone(in.text());
            case EMULATE -> new NodeMessage.Emulate(in.text(), in.bytes());
            case ASK -> new NodeMessage.Ask(in.text(), in.number(), RequestCodec.read(in));
            case ANSWER -> new NodeMessage.Answer(in.text(), in.number(), ResponseCodec.read(in));
            case REALM -> new NodeMessage.Realm(in.text(), in.bytes());
            default -> throw new Malformed("of an unknown kind");
        };
    }

    private static void write(NodeInfo info, FieldWriter out) {
        out.text(info.uid()).text(info.name()).text(info.version());
        out.number(info.numClients()).number(info.numUsers());
        out.number(info.numChannels()).number(info.numSubscriptions());
        out.number(info.uptimeSeconds());
        ProcessUse use = info.process();
        out.bool(use != null);
        if (use != null)
            out.number(Double.doubleToLongBits(use.cpuPercent())).number(use.residentBytes());
    }

    private static NodeInfo readInfo(FieldReader in) {
        return new NodeInfo(
                in.text(),
                in.text(),
                in.text(),
                (int) in.number(),
                (int) in.number(),
                (int) in.number(),
                (int) in.number(),
                in.number(),
                in.bool()
                        ? new ProcessUse(Double.longBitsToDouble(in.number()), in.number())
                        : null);
    }
}
