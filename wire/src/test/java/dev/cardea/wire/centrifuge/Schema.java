package dev.cardea.wire.centrifuge;

import static java.util.Locale.ROOT;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/** The protocol's messages for protobuf-java, built from a table of their field numbers. */
final class Schema {
    private static final String TABLE =
            """
            Command: id=1 uint32, connect=4 ConnectRequest, subscribe=5 SubscribeRequest, \
             unsubscribe=6 Channel, publish=7 PublishRequest, presence=8 Channel, \
             presence_stats=9 Channel, history=10 HistoryRequest, ping=11 Empty, send=12 Data, \
             rpc=13 RpcRequest, refresh=14 Token, sub_refresh=15 SubRefreshRequest
            ConnectRequest: token=1 string, data=2 bytes, subs=3 map SubscribeRequest, \
             name=4 string, version=5 string, headers=6 map string, flag=7 int64
            SubscribeRequest: channel=1 string, token=2 string, recover=3 bool, epoch=6 string, \
             offset=7 uint64, data=8 bytes, positioned=9 bool, recoverable=10 bool, \
             join_leave=11 bool, delta=12 string, tf=13 FilterNode, flag=14 int64, type=15 int32
            FilterNode: op=1 string, key=2 string, cmp=3 string, val=4 string, \
             vals=5 repeated string, nodes=6 repeated FilterNode
            Channel: channel=1 string
            Empty:
            Data: data=1 bytes
            Token: token=1 string
            PublishRequest: channel=1 string, data=2 bytes, type=3 int32, key=4 string, \
             removed=5 bool
            HistoryRequest: channel=1 string, limit=7 int32, since=8 StreamPosition, reverse=9 bool
            StreamPosition: offset=1 uint64, epoch=2 string
            RpcRequest: data=1 bytes, method=2 string
            SubRefreshRequest: channel=1 string, token=2 string, type=3 int32
            Reply: id=1 uint32, error=2 Error, push=4 Push, connect=5 ConnectResult, \
             subscribe=6 SubscribeResult, unsubscribe=7 Empty, publish=8 Empty, \
             presence=9 PresenceResult, presence_stats=10 PresenceStatsResult, \
             history=11 HistoryResult, rpc=13 Data, refresh=14 RefreshResult, \
             sub_refresh=15 Refresh
            Error: code=1 uint32, message=2 string, temporary=3 bool
            ConnectResult: client=1 string, version=2 string, expires=3 bool, ttl=4 uint32, \
             data=5 bytes, subs=6 map SubscribeResult, ping=7 uint32, pong=8 bool, \
             session=9 string, node=10 string, time=11 int64
            SubscribeResult: expires=1 bool, ttl=2 uint32, recoverable=3 bool, epoch=6 string, \
             publications=7 repeated Publication, recovered=8 bool, offset=9 uint64, \
             positioned=10 bool, data=11 bytes, was_recovering=12 bool, delta=13 bool
            PresenceResult: presence=1 map ClientInfo
            PresenceStatsResult: num_clients=1 uint32, num_users=2 uint32
            HistoryResult: publications=1 repeated Publication, epoch=2 string, offset=3 uint64
            RefreshResult: client=1 string, version=2 string, expires=3 bool, ttl=4 uint32
            Push: channel=2 string, pub=4 Publication, join=5 Info, leave=6 Info, \
             unsubscribe=7 Unsubscribe, message=8 Data, subscribe=9 Subscribe, \
             connect=10 Connect, disconnect=11 Disconnect, refresh=12 Refresh
            Publication: data=4 bytes, info=5 ClientInfo, offset=6 uint64, tags=7 map string, \
             delta=8 bool, time=9 int64, channel=10 string, key=11 string, removed=12 bool, \
             score=13 sint64, epoch=14 string, version=16 uint64
            ClientInfo: user=1 string, client=2 string, conn_info=3 bytes, chan_info=4 bytes
            Info: info=1 ClientInfo
            Unsubscribe: code=2 uint32, reason=3 string
            Subscribe: recoverable=1 bool, epoch=4 string, offset=5 uint64, positioned=6 bool, \
             data=7 bytes
            Connect: client=1 string, version=2 string, data=3 bytes, subs=4 map SubscribeResult, \
             expires=5 bool, ttl=6 uint32, ping=7 uint32, pong=8 bool, session=9 string, \
             node=10 string, time=11 int64
            Disconnect: code=1 uint32, reason=2 string
            Refresh: expires=1 bool, ttl=2 uint32
            """;

    private static final Set<String> SCALARS =
            Set.of("uint32", "uint64", "int32", "int64", "sint64", "bool", "string", "bytes");

    private static final FileDescriptor FILE = build();

    private Schema() {}

    static Descriptor message(String name) {
        return FILE.findMessageTypeByName(name);
    }

    private static FileDescriptor build() {
        FileDescriptorProto.Builder file =
                FileDescriptorProto.newBuilder().setName("table").setSyntax("proto3");
        TABLE.lines().forEach(line -> file.addMessageType(messageOf(line)));
        try {
            return FileDescriptor.buildFrom(file.build(), new FileDescriptor[0]);
        } catch (DescriptorValidationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static DescriptorProto messageOf(String line) {
        int colon = line.indexOf(':');
        String name = line.substring(0, colon);
        DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(name);
        for (String field : line.substring(colon + 1).split(",", -1)) {
            if (field.isBlank()) continue;
            String[] words = field.strip().split("[ =]+", -1);
            String type = words[words.length - 1];
            boolean isMap = words[2].equals("map");
            if (isMap) message.addNestedType(entry(words[0] + "Entry", type));
            message.addField(
                    field(words[0], words[1], isMap ? name + "." + words[0] + "Entry" : type)
                            .setLabel(
                                    words.length > 3
                                            ? Label.LABEL_REPEATED
                                            : Label.LABEL_OPTIONAL));
        }
        return message.build();
    }

    private static DescriptorProto entry(String name, String type) {
        return DescriptorProto.newBuilder()
                .setName(name)
                .setOptions(MessageOptions.newBuilder().setMapEntry(true))
                .addField(field("key", "1", "string").setLabel(Label.LABEL_OPTIONAL))
                .addField(field("value", "2", type).setLabel(Label.LABEL_OPTIONAL))
                .build();
    }

    private static FieldDescriptorProto.Builder field(String name, String number, String type) {
        FieldDescriptorProto.Builder field =
                FieldDescriptorProto.newBuilder().setName(name).setNumber(Integer.parseInt(number));
        return SCALARS.contains(type)
                ? field.setType(FieldDescriptorProto.Type.valueOf("TYPE_" + type.toUpperCase(ROOT)))
                : field.setType(FieldDescriptorProto.Type.TYPE_MESSAGE).setTypeName("." + type);
    }

    /** The message in the protocol's JSON, its payloads raw. */
    static String json(Message message) {
        StringJoiner members = new StringJoiner(",", "{", "}");
        for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
            FieldDescriptor field = entry.getKey();
            members.add(quoted(field.getName()) + ":" + json(field, entry.getValue()));
        }
        return members.toString();
    }

    private static String json(FieldDescriptor field, Object value) {
        if (field.isMapField()) {
            StringJoiner members = new StringJoiner(",", "{", "}");
            for (Object element : (List<?>) value) {
                Message entry = (Message) element;
                FieldDescriptor key = entry.getDescriptorForType().findFieldByNumber(1);
                FieldDescriptor held = entry.getDescriptorForType().findFieldByNumber(2);
                members.add(
                        quoted((String) entry.getField(key))
                                + ":"
                                + scalar(held, entry.getField(held)));
            }
            return members.toString();
        }
        if (!field.isRepeated()) return scalar(field, value);
        StringJoiner elements = new StringJoiner(",", "[", "]");
        for (Object element : (List<?>) value) elements.add(scalar(field, element));
        return elements.toString();
    }

    private static String scalar(FieldDescriptor field, Object value) {
        return switch (field.getType()) {
            case MESSAGE -> json((Message) value);
            case STRING -> quoted((String) value);
            case BYTES -> ((ByteString) value).toStringUtf8();
            case UINT32 -> Integer.toUnsignedString((Integer) value);
            case UINT64 -> Long.toUnsignedString((Long) value);
            default -> value.toString();
        };
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c == '"' || c == '\\' || c > 0x7E) {
                quoted.append("\\u%04X".formatted((int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
