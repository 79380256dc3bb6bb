package dev.cardea.wire.mercure;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import java.util.ArrayList;
import java.util.List;

/**
 * An update as a publisher posts it. The rules are those of version 1.0, which are the stricter
 * ones, for publishers of both.
 */
public final class UpdateForm {
    public static final String EARLIEST = "earliest";

    /** The type of events that the hub makes itself. */
    public static final String HUBS_OWN_TYPE = "mercure";

    private static final int MAX_TOPICS = 1000;
    private static final int MAX_PAIRS = MAX_TOPICS + 100;

    /** As long as a header line may be, in which they come back. */
    private static final int MAX_ID_CHARS = 1024;

    /** More than is taken: answered as a body that is too long would be. */
    public static final class TooMuch extends Exception {
        private static final long serialVersionUID = 1;

        TooMuch(String message) {
            super(message, null, false, false);
        }
    }

    private UpdateForm() {}

    /**
     * Reads an update.
     *
     * @param base the hub's URL
     * @throws Malformed it breaks the rules
     */
    public static Update read(Bytes body, Url base) throws TooMuch {
        String text = FormPairs.strictUtf8(body.toArray());
        if (text == null) throw new Malformed("the form isn't UTF-8");
        List<FormPairs.Pair> pairs;
        if (text.chars().filter(c -> c == '&').count() >= MAX_PAIRS)
            throw new TooMuch("too many fields");
        pairs = FormPairs.read(text, MAX_PAIRS);
        List<Topic> topics = new ArrayList<>();
        boolean isPrivate = false;
        String id = "";
        String type = "";
        String retry = "";
        String data = "";
        for (FormPairs.Pair pair : pairs) {
            String value = pair.value();
            switch (pair.name()) {
                case "topic" -> topics.add(topic(value, base));
                case "private" -> isPrivate = true;
                case "id" -> id = id.isEmpty() ? value : id;
                case "type" -> type = type.isEmpty() ? value : type;
                case "retry" -> retry = retry.isEmpty() ? value : retry;
                case "data" -> data = data.isEmpty() ? value : data;
                default -> {} // for publishers of a later version
            }
        }
        if (topics.isEmpty()) throw new Malformed("Missing \"topic\" parameter");
        if (topics.size() > MAX_TOPICS) throw new TooMuch("too many topics");
        return new Update(
                List.copyOf(topics), isPrivate, id(id), type(type), retry(retry), Bytes.utf8(data));
    }

    private static Topic topic(String value, Url base) {
        ProtocolText.checked(value, "\"topic\"");
        if (value.equals("*")) throw new Malformed("\"topic\" is *, which stands for all of them");
        Topic topic = new Topic(value, base);
        if (topic.isReserved()) throw new Malformed("\"topic\" is one of the hub's own");
        return topic;
    }

    private static String id(String value) {
        ProtocolText.checked(value, "\"id\"");
        if (value.startsWith("#")) throw new Malformed("\"id\" begins with a #");
        if (value.equals(EARLIEST)) throw new Malformed("\"id\" has a meaning of its own");
        if (value.length() > MAX_ID_CHARS) throw new Malformed("\"id\" is too long");
        return value;
    }

    private static String type(String value) {
        ProtocolText.checked(value, "\"type\"");
        if (value.equals(HUBS_OWN_TYPE)) throw new Malformed("\"type\" is the hub's own");
        return value;
    }

    private static long retry(String value) {
        if (value.isEmpty()) return Update.NO_RETRY;
        boolean isNumber =
                value.length() <= 18 && value.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!isNumber) throw new Malformed("Invalid \"retry\" parameter");
        return Long.parseLong(value);
    }
}
