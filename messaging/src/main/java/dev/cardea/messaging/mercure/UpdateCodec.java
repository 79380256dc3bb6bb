package dev.cardea.messaging.mercure;

import dev.cardea.messaging.cluster.FieldReader;
import dev.cardea.messaging.cluster.FieldWriter;
import dev.cardea.messaging.log.Frame;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.mercure.EventWriter;
import dev.cardea.wire.mercure.Topic;
import dev.cardea.wire.mercure.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Updates as nodes tell them one another: what is looked at, and the event that is sent on. */
final class UpdateCodec {
    private static final int VERSION = 1;

    private UpdateCodec() {}

    /**
     * An update that came.
     *
     * @param once its identifier is enough to know a repetition by
     */
    record Told(List<Topic> topics, boolean isPrivate, String id, boolean once, Frame event) {}

    static Frame event(Update update) {
        ByteWriter event = new ByteWriter(128 + update.data().length());
        EventWriter.write(update, event);
        return new Frame(event.toArray());
    }

    static Bytes write(Update update, boolean once) {
        FieldWriter out =
                new FieldWriter()
                        .number(VERSION)
                        .bool(update.isPrivate())
                        .bool(once)
                        .text(update.id())
                        .number(update.topics().size());
        for (Topic topic : update.topics()) out.text(topic.text());
        return out.bytes(Bytes.wrap(event(update).bytes())).written();
    }

    /**
     * @throws Malformed it is something else
     */
    static Told read(Bytes told, Function<String, Topic> topic) {
        FieldReader in = new FieldReader(told);
        if (in.number() != VERSION) throw new Malformed("an update of another version");
        boolean isPrivate = in.bool();
        boolean once = in.bool();
        String id = in.text();
        int count = in.count();
        List<Topic> topics = new ArrayList<>();
        for (int i = 0; i < count; i++) topics.add(topic.apply(in.text()));
        return new Told(List.copyOf(topics), isPrivate, id, once, new Frame(in.bytes().toArray()));
    }
}
