package dev.cardea.testkit;

import dev.cardea.messaging.log.Encoding;
import dev.cardea.messaging.log.Entry;
import dev.cardea.messaging.log.Frame;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.centrifuge.ClientCodec;
import dev.cardea.wire.centrifuge.Codec;
import dev.cardea.wire.centrifuge.JsonClientCodec;
import dev.cardea.wire.centrifuge.JsonCodec;
import dev.cardea.wire.centrifuge.ProtobufClientCodec;
import dev.cardea.wire.centrifuge.ProtobufCodec;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;

/** The protocol's encodings on a transport that frames messages by itself. */
@SuppressWarnings("ImmutableEnumChecker") // codecs are stateless
public enum SimulatedEncoding implements Encoding {
    JSON(0, new JsonCodec(), new JsonClientCodec()),
    PROTOBUF(1, new ProtobufCodec(), new ProtobufClientCodec());

    private final int index;
    private final Codec codec;
    private final ClientCodec clientCodec;

    SimulatedEncoding(int index, Codec codec, ClientCodec clientCodec) {
        this.index = index;
        this.codec = codec;
        this.clientCodec = clientCodec;
    }

    public Codec codec() {
        return codec;
    }

    public ClientCodec clientCodec() {
        return clientCodec;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public Frame encode(String channel, Entry entry) {
        ByteWriter out = new ByteWriter();
        codec.write(new Reply.Pushed(entry.push()), out);
        for (Push more : entry.more()) codec.write(new Reply.Pushed(more), out);
        return new Frame(out.toArray());
    }
}
