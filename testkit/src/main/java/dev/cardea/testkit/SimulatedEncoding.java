package dev.cardea.testkit;

import dev.cardea.messaging.log.Base;
import dev.cardea.messaging.log.Encoding;
import dev.cardea.messaging.log.Entry;
import dev.cardea.messaging.log.Frame;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.centrifuge.ClientCodec;
import dev.cardea.wire.centrifuge.Codec;
import dev.cardea.wire.centrifuge.DeltaForm;
import dev.cardea.wire.centrifuge.JsonClientCodec;
import dev.cardea.wire.centrifuge.JsonCodec;
import dev.cardea.wire.centrifuge.ProtobufClientCodec;
import dev.cardea.wire.centrifuge.ProtobufCodec;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.fossil.FossilEncoder;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;

/** The protocol's encodings on a transport that frames messages by itself. */
@SuppressWarnings("ImmutableEnumChecker") // codecs are stateless
public enum SimulatedEncoding implements Encoding {
    JSON(0, new JsonCodec(), new JsonClientCodec()),
    PROTOBUF(1, new ProtobufCodec(), new ProtobufClientCodec());

    private static final int WHOLE = 2;
    private static final int PATCH = 4;

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
    public Deltas deltas() {
        DeltaForm form = this == JSON ? DeltaForm.JSON : DeltaForm.PROTOBUF;
        Encoding whole = new Variant(this, WHOLE + index, (_, p) -> form.whole(p));
        return new Deltas(
                form,
                whole,
                new Variant(
                        this,
                        PATCH + index,
                        (entry, p) -> {
                            Base base = entry.base();
                            Publication patch =
                                    base == null
                                            ? null
                                            : form.patch(base.data(), p, new FossilEncoder());
                            return patch == null ? form.whole(p) : patch;
                        }));
    }

    /** The same with publications made into something else. */
    private record Variant(
            SimulatedEncoding plain, int index, BiFunction<Entry, Publication, Publication> made)
            implements Encoding {
        @Override
        public Frame encode(String channel, Entry entry) {
            Publication publication = Objects.requireNonNull(entry.publication());
            return plain.frame(new Push.Pub(channel, made.apply(entry, publication)), List.of());
        }
    }

    @Override
    public Frame encode(String channel, Entry entry) {
        return frame(entry.push(), entry.more());
    }

    private Frame frame(Push push, List<Push> more) {
        ByteWriter out = new ByteWriter();
        codec.write(new Reply.Pushed(push), out);
        for (Push each : more) codec.write(new Reply.Pushed(each), out);
        return new Frame(out.toArray());
    }
}
