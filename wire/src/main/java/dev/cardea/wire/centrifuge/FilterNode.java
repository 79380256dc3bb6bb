package dev.cardea.wire.centrifuge;

import java.util.List;

/**
 * A tags filter as the client wrote it: a leaf compares one tag, a group joins nodes. Not yet
 * checked for meaning.
 *
 * @param op empty for a leaf, otherwise {@code and}, {@code or}, {@code not}
 */
public record FilterNode(
        String op, String key, String cmp, String val, List<String> vals, List<FilterNode> nodes) {
    /** A codec reads no more levels of nodes than these, so recursion over a filter is bounded. */
    public static final int MAX_DEPTH = 64;

    /** A codec reads no more nodes than these. */
    public static final int MAX_NODES = 256;

    /**
     * Stands for a node that wasn't read, because it is too deep or one too many. No filter with it
     * means anything.
     */
    public static final FilterNode TOO_MUCH =
            new FilterNode("too much", "", "", "", List.of(), List.of());

    /** What may still be read of a filter. */
    static final class Room {
        private int nodes;

        boolean takes(int depth) {
            return depth <= MAX_DEPTH && ++nodes <= MAX_NODES;
        }
    }
}
