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
    /** A codec refuses more levels of nodes than these, so recursion over a filter is bounded. */
    public static final int MAX_DEPTH = 64;
}
