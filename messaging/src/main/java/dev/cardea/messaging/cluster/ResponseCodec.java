package dev.cardea.messaging.cluster;

import dev.cardea.messaging.api.ApiResponse;
import dev.cardea.messaging.session.Refusal;
import dev.cardea.wire.Malformed;
import java.util.HashMap;
import java.util.Map;

/** What became of the calls that other nodes were asked to carry out. */
final class ResponseCodec {
    private static final int DONE = 1;
    private static final int REFUSED = 2;
    private static final int CHANNELS = 3;

    private ResponseCodec() {}

    static void write(ApiResponse response, FieldWriter out) {
        switch (response) {
            case ApiResponse.Done _ -> out.number(DONE);
            case ApiResponse.Refused(Refusal why) -> out.number(REFUSED).number(why.code());
            case ApiResponse.Channels(Map<String, Integer> subscribers) -> {
                out.number(CHANNELS).number(subscribers.size());
                subscribers.forEach((channel, count) -> out.text(channel).number(count));
            }
            case ApiResponse.Published _,
                    ApiResponse.Broadcast _,
                    ApiResponse.History _,
                    ApiResponse.Presence _,
                    ApiResponse.PresenceStats _,
                    ApiResponse.Connections _,
                    ApiResponse.Info _ ->
                    throw new IllegalArgumentException("not for other nodes: " + response);
        }
    }

    static ApiResponse read(FieldReader in) {
        return switch ((int) in.number()) {
            case DONE -> new ApiResponse.Done();
            case REFUSED -> new ApiResponse.Refused(refusal((int) in.number()));
            case CHANNELS -> {
                Map<String, Integer> subscribers = new HashMap<>();
                for (int left = in.count(); left > 0; left--)
                    subscribers.put(in.text(), (int) in.number());
                yield new ApiResponse.Channels(subscribers);
            }
            default -> throw new Malformed("an unknown answer");
        };
    }

    private static Refusal refusal(int code) {
        for (Refusal refusal : Refusal.values()) if (refusal.code() == code) return refusal;
        return Refusal.INTERNAL;
    }
}
