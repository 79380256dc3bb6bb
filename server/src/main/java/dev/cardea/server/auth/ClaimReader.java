package dev.cardea.server.auth;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.cardea.wire.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Reads the claims of a token one by one, each as the type that it must have. A claim that is
 * {@code null} is as if it weren't there.
 */
final class ClaimReader implements AutoCloseable {
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(64)
                                    .maxNumberLength(100)
                                    .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();

    /** Takes one member of an object; the reader stands on its value. */
    interface Member {
        void read(String name) throws IOException, BadClaim;
    }

    private final byte[] json;
    private final JsonParser parser;

    ClaimReader(byte[] json) throws IOException, BadClaim {
        this.json = json;
        this.parser = JSON.createParser(json);
        if (parser.nextToken() != JsonToken.START_OBJECT)
            throw new BadClaim("claims are no object");
    }

    /** Reads the object that the reader stands on. */
    void members(Member member) throws IOException, BadClaim {
        expect(JsonToken.START_OBJECT, "an object");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_NULL) member.read(name);
        }
    }

    void end() throws IOException, BadClaim {
        if (parser.nextToken() != null) throw new BadClaim("claims go on behind their end");
    }

    void skip() throws IOException {
        parser.skipChildren();
    }

    String text() throws IOException, BadClaim {
        expect(JsonToken.VALUE_STRING, "a text");
        return parser.getText();
    }

    /** A text, or a number as it is written: some applications count their users. */
    String textOrNumber() throws IOException, BadClaim {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) return parser.getText();
        return text();
    }

    boolean truth() throws IOException, BadClaim {
        if (!parser.currentToken().isBoolean()) throw unlike("true or false");
        return parser.getBooleanValue();
    }

    /** Seconds since 1970; a fraction is cut off (RFC 7519 section 2, NumericDate). */
    long seconds() throws IOException, BadClaim {
        if (!parser.currentToken().isNumeric()) throw unlike("a number");
        double seconds = parser.getDoubleValue();
        // a double is exact far beyond this bound, which is the year 5138
        if (!(seconds >= 0 && seconds <= 1e11)) throw unlike("a time");
        return (long) seconds;
    }

    /** A text or a list of texts: {@code aud} (RFC 7519 section 4.1.3). */
    List<String> textOrTexts() throws IOException, BadClaim {
        return parser.currentToken() == JsonToken.VALUE_STRING
                ? List.of(parser.getText())
                : texts();
    }

    List<String> texts() throws IOException, BadClaim {
        expect(JsonToken.START_ARRAY, "a list of texts");
        List<String> texts = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) texts.add(text());
        return List.copyOf(texts);
    }

    /** Takes one item of a list; the reader stands on it. */
    interface Item {
        void read() throws IOException, BadClaim;
    }

    void items(Item item) throws IOException, BadClaim {
        expect(JsonToken.START_ARRAY, "a list");
        while (parser.nextToken() != JsonToken.END_ARRAY) item.read();
    }

    /** Any JSON, as it is written but for the white space: a frame must not have line breaks. */
    Bytes raw() throws IOException {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        int end = (int) parser.currentLocation().getByteOffset();
        byte[] compact = new byte[end - start];
        int length = 0;
        boolean isInText = false;
        for (int i = start; i < end; i++) {
            byte b = json[i];
            if (b == '"') isInText = !isInText;
            if (isInText || b > ' ' || b < 0) compact[length++] = b;
            if (isInText && b == '\\') compact[length++] = json[++i];
        }
        return Bytes.wrap(Arrays.copyOf(compact, length));
    }

    Bytes base64() throws IOException, BadClaim {
        try {
            return Bytes.wrap(Base64.getDecoder().decode(text()));
        } catch (IllegalArgumentException e) {
            throw unlike("Base64");
        }
    }

    private void expect(JsonToken token, String what) throws IOException, BadClaim {
        if (parser.currentToken() != token) throw unlike(what);
    }

    private BadClaim unlike(String what) throws IOException {
        String name = parser.currentName();
        return new BadClaim((name == null ? "an item" : name) + " is not " + what);
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
