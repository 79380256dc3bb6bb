package dev.cardea.messaging.session;

import dev.cardea.messaging.hub.ChannelOptions.PublicationDataFormat;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.json.JsonReader;

/** Whether a payload is what the namespace's {@code publication_data_format} asks for. */
public final class PublicationData {
    private PublicationData() {}

    public static boolean isAccepted(Bytes data, PublicationDataFormat format) {
        return switch (format) {
            case BINARY -> true;
            case ANY -> !data.isEmpty();
            case JSON -> isJson(data);
            case JSON_OBJECT -> startsWithBrace(data) && isJson(data);
        };
    }

    private static boolean isJson(Bytes data) {
        return JsonReader.isValid(data.toArray(), 0, data.length());
    }

    private static boolean startsWithBrace(Bytes data) {
        for (int i = 0; i < data.length(); i++) {
            byte b = data.at(i);
            if (b == ' ' || b == '\t' || b == '\n' || b == '\r') continue;
            return b == '{';
        }
        return false;
    }
}
