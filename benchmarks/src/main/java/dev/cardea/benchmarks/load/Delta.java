package dev.cardea.benchmarks.load;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import dev.cardea.wire.fossil.FossilPatch;
import dev.cardea.wire.json.JsonNames;
import dev.cardea.wire.json.JsonReader;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * A document that changes a little with each publication, read whole and as patches: the bytes on
 * the wire of either. Both readers end with every document, byte by byte.
 */
record Delta(int rows, int publications) implements Scenario {
    private static final String CHANNEL = "hist:document";
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int MAX_BYTES = 1 << 20;

    @Override
    public void run(Stage stage) throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        long[] values = random.longs(rows, 0, 1_000_000).toArray();
        try (DocumentReader whole = DocumentReader.connect(stage.port());
                DocumentReader patched = DocumentReader.connect(stage.port());
                DocumentReader publisher = DocumentReader.connect(stage.port())) {
            whole.ask(new Command.Subscribe(2, SubscribeRequest.to(CHANNEL)), SOON);
            patched.ask(new Command.Subscribe(2, withDelta()), SOON);
            long wholeBefore = whole.bytes();
            long patchedBefore = patched.bytes();
            long documentBytes = 0;
            Bytes has = Bytes.EMPTY;
            stage.measurement().start();
            for (int i = 0; i < publications; i++) {
                values[random.nextInt(rows)] = random.nextLong(1_000_000);
                Bytes document = document(values, i);
                documentBytes += document.length();
                publisher.ask(new Command.Publish(3 + i, CHANNEL, document, 0, "", false), SOON);
                check(stage, whole.next(SOON).data(), document);
                has = applied(patched.next(SOON), has);
                check(stage, has, document);
            }
            stage.results().putAll(stage.measurement().stop());
            double wholeBytes = (double) (whole.bytes() - wholeBefore) / publications;
            double patchedBytes = (double) (patched.bytes() - patchedBefore) / publications;
            stage.result("document_bytes", (double) documentBytes / publications);
            stage.result("bytes_whole", wholeBytes);
            stage.result("bytes_delta", patchedBytes);
            stage.result("delta_percent", 100 * patchedBytes / wholeBytes);
        }
    }

    private static SubscribeRequest withDelta() {
        return new SubscribeRequest(
                CHANNEL, "", false, "", 0, Bytes.EMPTY, false, false, false, "fossil", null, 0, 0);
    }

    /** A table as a dashboard shows it: names that stay, numbers of which one has changed. */
    private static Bytes document(long[] values, int version) {
        StringBuilder json =
                new StringBuilder("{\"version\":").append(version).append(",\"rows\":[");
        for (int i = 0; i < values.length; i++) {
            if (i > 0) json.append(',');
            json.append(
                    "{\"name\":\"Row number %d, Größe 📈\",\"unit\":\"EUR\",\"value\":%d}"
                            .formatted(i, values[i]));
        }
        return Bytes.utf8(json.append("]}").toString());
    }

    /** In JSON, subscriptions with deltas have their data as a string: the document, or a patch. */
    private static Bytes applied(Publication publication, Bytes has) {
        byte[] data = publication.data().toArray();
        Bytes text = Bytes.utf8(new JsonReader(JsonNames.NONE, data, 0, data.length).text());
        return publication.delta() ? FossilPatch.apply(has, text, MAX_BYTES) : text;
    }

    private static void check(Stage stage, Bytes received, Bytes document) {
        if (!received.equals(document)) stage.problem("another document: " + received.toUtf8());
    }
}
