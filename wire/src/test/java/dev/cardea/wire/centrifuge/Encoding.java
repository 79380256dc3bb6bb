package dev.cardea.wire.centrifuge;

import java.util.List;

/** Both sides of an encoding. */
record Encoding(String name, Codec server, ClientCodec client) {
    static final Encoding JSON = new Encoding("JSON", new JsonCodec(), new JsonClientCodec());
    static final Encoding PROTOBUF =
            new Encoding("Protobuf", new ProtobufCodec(), new ProtobufClientCodec());

    static final List<Encoding> ALL = List.of(JSON, PROTOBUF);

    @Override
    public String toString() {
        return name;
    }
}
