package dev.cardea.messaging.mercure;

import dev.cardea.messaging.cluster.FieldReader;
import dev.cardea.messaging.cluster.FieldWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.mercure.SubscriptionDocument;
import dev.cardea.wire.mercure.TopicSelector;
import java.util.ArrayList;
import java.util.List;

/** What one subscriber subscribes to, as its node tells the others. */
final class SubscriptionCodec {
    private SubscriptionCodec() {}

    static Bytes write(List<SubscriptionDocument> documents) {
        FieldWriter out = new FieldWriter().number(documents.size());
        for (SubscriptionDocument each : documents)
            out.text(each.kind().name()).text(each.text()).bytes(each.payload());
        return out.written();
    }

    /**
     * @throws Malformed it is something else
     */
    static List<SubscriptionDocument> read(Bytes told, String hubPath, String subscriber) {
        FieldReader in = new FieldReader(told);
        int count = in.count();
        List<SubscriptionDocument> documents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            documents.add(
                    new SubscriptionDocument(
                            hubPath, kind(in.text()), in.text(), subscriber, true, in.bytes()));
        }
        return documents;
    }

    private static TopicSelector.Kind kind(String name) {
        for (TopicSelector.Kind each : TopicSelector.Kind.values())
            if (each.name().equals(name)) return each;
        throw new Malformed("an unknown kind");
    }
}
