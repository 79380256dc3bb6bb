package dev.cardea.server.net;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.SplittableRandom;

/**
 * A document that somebody edits: JSON with Latin, Cyrillic, Han and emoji, or bytes that are no
 * text. Now and then it becomes another one altogether.
 */
final class RandomDocuments {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Neighbours in one alphabet differ in their last byte alone. */
    private static final String[] ALPHABETS = {
        "abcdefghij {}[]\",:0123456789\n\\\t",
        "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВЁЂЃ ",
        "漢字仮名交じり文日本語中文",
        "🚪🗝🔑🔐🏠🏡🚫👨‍👩‍👧🇩🇪é̂"
    };

    private final SplittableRandom random;
    private ObjectNode document = JSON.createObjectNode();
    private byte[] bytes = {};
    private boolean isBinary;

    RandomDocuments(SplittableRandom random) {
        this.random = random;
        begin();
    }

    private void begin() {
        isBinary = random.nextInt(4) == 0;
        bytes = new byte[random.nextInt(600)];
        random.nextBytes(bytes);
        if (random.nextBoolean()) // nothing but the inside of characters, in long runs
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) (0x80 | (i / 20 & 3));
        document = JSON.createObjectNode().put("n", random.nextInt(1000));
        for (int i = random.nextInt(6); i >= 0; i--) document.put("title" + i, words(80));
        ArrayNode lines = document.putArray("lines");
        for (int i = random.nextInt(12); i > 0; i--) lines.add(words(60));
    }

    private String words(int longest) {
        int[] letters = ALPHABETS[random.nextInt(ALPHABETS.length)].codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(longest); i > 0; i--)
            text.appendCodePoint(letters[random.nextInt(letters.length)]);
        return text.toString();
    }

    /** The document as it is after a few edits more. */
    byte[] next() {
        if (random.nextInt(30) == 0) begin();
        try {
            if (isBinary) return editedBytes();
            for (int edits = 1 + random.nextInt(3); edits > 0; edits--) edit();
            return JSON.writeValueAsBytes(document);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private void edit() {
        ArrayNode lines = (ArrayNode) document.get("lines");
        switch (random.nextInt(5)) {
            case 0 -> document.put("n", document.get("n").asInt() + 1);
            case 1 -> document.put("title" + random.nextInt(6), words(80));
            case 2 -> lines.insert(random.nextInt(lines.size() + 1), words(60));
            case 3 -> {
                if (!lines.isEmpty()) lines.remove(random.nextInt(lines.size()));
            }
            default -> { // one character becomes its neighbour
                if (lines.isEmpty()) return;
                int line = random.nextInt(lines.size());
                int[] text = lines.get(line).asText().codePoints().toArray();
                if (text.length == 0) return;
                int at = random.nextInt(text.length);
                if (text[at] > ' ' && text[at] < 0xD000) text[at] ^= 1;
                lines.set(line, JSON.getNodeFactory().textNode(new String(text, 0, text.length)));
            }
        }
    }

    private byte[] editedBytes() {
        byte[] edited = new byte[Math.max(0, bytes.length + random.nextInt(-10, 20))];
        System.arraycopy(bytes, 0, edited, 0, Math.min(bytes.length, edited.length));
        for (int i = random.nextInt(4); i > 0 && edited.length > 0; i--)
            edited[random.nextInt(edited.length)] = (byte) random.nextInt(256);
        bytes = edited;
        return edited.clone();
    }
}
