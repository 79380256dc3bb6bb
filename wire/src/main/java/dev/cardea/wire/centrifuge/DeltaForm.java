package dev.cardea.wire.centrifuge;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.fossil.FossilEncoder;
import dev.cardea.wire.json.JsonReader;
import dev.cardea.wire.json.JsonWriter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How publications look in a subscription with deltas: whole, or as a patch of the one before.
 *
 * <p>Protobuf clients patch bytes. JSON clients patch the JSON text, and get it as a string, patch
 * or not; what is no JSON is the text of its base64, as it is without deltas.
 */
public enum DeltaForm {
    JSON,
    PROTOBUF;

    /** The publication as the first of a chain. */
    public Publication whole(Publication publication) {
        return switch (this) {
            case JSON -> publication.withData(quoted(text(publication.data())), false);
            case PROTOBUF -> publication.withData(publication.data(), false);
        };
    }

    /**
     * The publication as a patch of what the subscriber has.
     *
     * @param base the data of the publication that was delivered before
     * @param encoder of the calling thread
     * @return null if it isn't shorter than the whole
     */
    public @Nullable Publication patch(Bytes base, Publication publication, FossilEncoder encoder) {
        return switch (this) {
            case JSON -> {
                Bytes patch = encoder.patch(text(base), text(publication.data()));
                yield patch == null ? null : publication.withData(quoted(patch), true);
            }
            case PROTOBUF -> {
                Bytes patch = encoder.patch(base, publication.data());
                yield patch == null ? null : publication.withData(patch, true);
            }
        };
    }

    /** Publications that follow each other: the first one is whole, the others patches. */
    public List<Publication> chain(List<Publication> publications) {
        if (publications.isEmpty()) return publications;
        FossilEncoder encoder = new FossilEncoder();
        List<Publication> chained = new ArrayList<>(publications.size());
        @Nullable Bytes base = null;
        for (Publication each : publications) {
            Publication patch = base == null ? null : patch(base, each, encoder);
            chained.add(patch == null ? whole(each) : patch);
            base = each.data();
        }
        return chained;
    }

    private static Bytes text(Bytes data) {
        byte[] array = data.toArray();
        if (JsonReader.isValid(array, 0, array.length)) return data;
        return Bytes.utf8('"' + Base64.getEncoder().encodeToString(array) + '"');
    }

    private static Bytes quoted(Bytes text) {
        ByteWriter out = new ByteWriter(text.length() + 64);
        JsonWriter.string(out, text);
        return out.toBytes();
    }
}
