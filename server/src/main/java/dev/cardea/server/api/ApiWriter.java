package dev.cardea.server.api;

import dev.cardea.messaging.api.ApiResponse;
import dev.cardea.messaging.api.ApiResponse.NodeInfo;
import dev.cardea.messaging.api.ApiResponse.ProcessUse;
import dev.cardea.messaging.hub.ChannelOptions.PublicationDataFormat;
import dev.cardea.messaging.session.ConnectionStatus;
import dev.cardea.messaging.session.PublicationData;
import dev.cardea.messaging.session.Refusal;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.StreamPosition;
import dev.cardea.wire.json.JsonWriter;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Responses as JSON, with the fields in Centrifugo's order; which of them are left out, too. */
final class ApiWriter {
    private ApiWriter() {}

    /** <code>{"result":…}</code> or <code>{"error":…}</code>. */
    static Bytes response(ApiResponse response) {
        ByteWriter out = new ByteWriter();
        response(response, out);
        return out.toBytes();
    }

    private static void response(ApiResponse response, ByteWriter out) {
        out.put('{');
        write("result", response, out);
        out.put('}');
    }

    /** A member of the object at hand: the result by that name, or {@code error}. */
    static void write(String result, ApiResponse response, ByteWriter out) {
        if (response instanceof ApiResponse.Refused(Refusal why)) {
            JsonWriter.name(out, "error");
            error(why, out);
            return;
        }
        JsonWriter.name(out, result);
        out.put('{');
        fields(response, out);
        out.put('}');
    }

    static void error(Refusal why, ByteWriter out) {
        out.put('{');
        number("code", why.code(), out);
        text("message", ApiError.message(why), out);
        out.put('}');
    }

    private static void fields(ApiResponse response, ByteWriter out) {
        switch (response) {
            case ApiResponse.Refused _ -> throw new IllegalArgumentException("no result");
            case ApiResponse.Done() -> {}
            case ApiResponse.Published(StreamPosition position) -> published(position, out);
            case ApiResponse.Broadcast(List<ApiResponse> each) -> broadcast(each, out);
            case ApiResponse.History(List<Publication> publications, StreamPosition top) ->
                    history(publications, top, out);
            case ApiResponse.Presence(Map<String, ClientInfo> members) -> presence(members, out);
            case ApiResponse.PresenceStats(int numClients, int numUsers) -> {
                number("num_clients", numClients, out);
                number("num_users", numUsers, out);
            }
            case ApiResponse.Channels(Map<String, Integer> subscribers) ->
                    channels(subscribers, out);
            case ApiResponse.Connections(List<ConnectionStatus> connections, String next) ->
                    ConnectionWriter.page(connections, next, out);
            case ApiResponse.Info(List<NodeInfo> nodes) -> info(nodes, out);
        }
    }

    private static void published(StreamPosition position, ByteWriter out) {
        if (position.offset() != 0) {
            JsonWriter.name(out, "offset");
            out.putUnsignedDecimal(position.offset());
        }
        if (!position.epoch().isEmpty()) text("epoch", position.epoch(), out);
    }

    private static void broadcast(List<ApiResponse> each, ByteWriter out) {
        JsonWriter.name(out, "responses");
        out.put('[');
        for (ApiResponse one : each) {
            JsonWriter.comma(out);
            response(one, out);
        }
        out.put(']');
    }

    private static void history(
            List<Publication> publications, StreamPosition top, ByteWriter out) {
        JsonWriter.name(out, "publications");
        out.put('[');
        for (Publication publication : publications) {
            JsonWriter.comma(out);
            publication(publication, out);
        }
        out.put(']');
        text("epoch", top.epoch(), out);
        JsonWriter.name(out, "offset");
        out.putUnsignedDecimal(top.offset());
    }

    private static void publication(Publication publication, ByteWriter out) {
        out.put('{');
        data(publication.data(), out);
        ClientInfo info = publication.info();
        if (info != null) {
            JsonWriter.name(out, "info");
            info(info, out);
        }
        JsonWriter.name(out, "offset");
        out.putUnsignedDecimal(publication.offset());
        if (!publication.tags().isEmpty()) {
            JsonWriter.name(out, "tags");
            out.put('{');
            publication
                    .tags()
                    .forEach((name, value) -> {
                        JsonWriter.anyName(out, name);
                        JsonWriter.string(out, value);
                    });
            out.put('}');
        }
        out.put('}');
    }

    /** What isn't JSON comes as it went in: as base64. Centrifugo can't answer at all then. */
    private static void data(Bytes data, ByteWriter out) {
        if (isJson(data)) {
            JsonWriter.name(out, "data");
            JsonWriter.raw(out, data);
        } else if (!data.isEmpty()) {
            text("b64data", Base64.getEncoder().encodeToString(data.toArray()), out);
        }
    }

    private static void presence(Map<String, ClientInfo> members, ByteWriter out) {
        JsonWriter.name(out, "presence");
        out.put('{');
        members.forEach((client, member) -> {
            JsonWriter.anyName(out, client);
            info(member, out);
        });
        out.put('}');
    }

    private static void info(ClientInfo info, ByteWriter out) {
        out.put('{');
        text("user", info.user(), out);
        text("client", info.client(), out);
        json("conn_info", info.connInfo(), out);
        json("chan_info", info.chanInfo(), out);
        out.put('}');
    }

    /** A token may bring anything as info: what isn't JSON is left out. */
    private static void json(String name, Bytes value, ByteWriter out) {
        if (!isJson(value)) return;
        JsonWriter.name(out, name);
        JsonWriter.raw(out, value);
    }

    private static boolean isJson(Bytes data) {
        return PublicationData.isAccepted(data, PublicationDataFormat.JSON);
    }

    private static void channels(Map<String, Integer> subscribers, ByteWriter out) {
        JsonWriter.name(out, "channels");
        out.put('{');
        subscribers.forEach((channel, count) -> {
            JsonWriter.anyName(out, channel);
            out.put('{');
            number("num_clients", count, out);
            out.put('}');
        });
        out.put('}');
    }

    private static void info(List<NodeInfo> nodes, ByteWriter out) {
        JsonWriter.name(out, "nodes");
        out.put('[');
        for (NodeInfo node : nodes) {
            JsonWriter.comma(out);
            node(node, out);
        }
        out.put(']');
    }

    private static void node(NodeInfo node, ByteWriter out) {
        out.put('{');
        text("uid", node.uid(), out);
        text("name", node.name(), out);
        text("version", node.version(), out);
        number("num_clients", node.numClients(), out);
        number("num_users", node.numUsers(), out);
        number("num_channels", node.numChannels(), out);
        number("uptime", node.uptimeSeconds(), out);
        ProcessUse process = node.process();
        if (process != null) {
            JsonWriter.name(out, "process");
            out.put('{');
            JsonWriter.name(out, "cpu");
            out.putAscii(Double.toString(process.cpuPercent()));
            number("rss", process.residentBytes(), out);
            out.put('}');
        }
        number("num_subs", node.numSubscriptions(), out);
        out.put('}');
    }

    static void number(String name, long value, ByteWriter out) {
        JsonWriter.name(out, name);
        out.putDecimal(value);
    }

    static void text(String name, String value, ByteWriter out) {
        JsonWriter.name(out, name);
        JsonWriter.string(out, value);
    }
}
