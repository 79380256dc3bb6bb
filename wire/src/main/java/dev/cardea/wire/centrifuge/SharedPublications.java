package dev.cardea.wire.centrifuge;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * Publications that many clients are given in their replies, as when all come back after a cut
 * line: each wire format is made once. Immutable; from any thread.
 */
public final class SharedPublications extends AbstractList<Publication> implements RandomAccess {
    private final List<Publication> publications;

    /** Two threads may make them at the same time: both are right. */
    private volatile @Nullable Bytes json;

    private volatile @Nullable Bytes protobuf;

    public SharedPublications(List<Publication> publications) {
        this.publications = List.copyOf(publications);
    }

    @Override
    public Publication get(int index) {
        return publications.get(index);
    }

    @Override
    public int size() {
        return publications.size();
    }

    /** What a writer makes of the list as a JSON array, its brackets included. */
    Bytes json() {
        Bytes known = json;
        if (known != null) return known;
        ByteWriter out = new ByteWriter(1024);
        JsonPublications.writeArray(publications, out);
        Bytes made = out.toBytes();
        json = made;
        return made;
    }

    /** The publications as fields of a subscribe result. */
    Bytes protobuf() {
        Bytes known = protobuf;
        if (known != null) return known;
        ByteWriter out = new ByteWriter(1024);
        ProtobufResults.writeMissed(publications, out);
        Bytes made = out.toBytes();
        protobuf = made;
        return made;
    }
}
