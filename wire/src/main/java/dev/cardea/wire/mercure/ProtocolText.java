package dev.cardea.wire.mercure;

import dev.cardea.wire.Malformed;

/** Which characters may stand in topics, identifiers and event types. */
final class ProtocolText {
    private ProtocolText() {}

    /** No controls, and nothing that can't be seen (general category Cf). */
    static String checked(String text, String what) {
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            int type = Character.getType(codePoint);
            if (type == Character.CONTROL
                    || type == Character.FORMAT
                    || type == Character.SURROGATE) {
                throw new Malformed(what + " has a character that nobody sees");
            }
            i += Character.charCount(codePoint);
        }
        return text;
    }
}
