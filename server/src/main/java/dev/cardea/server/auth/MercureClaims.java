package dev.cardea.server.auth;

import dev.cardea.messaging.mercure.Rights;
import dev.cardea.messaging.mercure.SelectorCache;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.mercure.TopicSelector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a token says to a Mercure hub, in either version of the protocol. */
final class MercureClaims {
    /** Of version 0.x: of one claim. */
    static final int MAX_SELECTORS = 1000;

    /** Of version 1.0: details, and topics of one. */
    static final int MAX_DETAILS = 100;

    static final int MAX_SELECTOR_CHARS = 4096;

    private static final String DETAIL = "https://mercure.rocks/authorization-detail";

    final Rights.Builder rights = new Rights.Builder();
    String issuer = "";
    List<String> audience = List.of();
    @Nullable Long expires;
    @Nullable Long notBefore;
    boolean hasDetails;
    Bytes payload = Bytes.EMPTY;

    private final SelectorCache selectors;
    private Bytes old = Bytes.EMPTY;
    private Bytes oldNamespaced = Bytes.EMPTY;
    private Bytes details = Bytes.EMPTY;

    private MercureClaims(SelectorCache selectors) {
        this.selectors = selectors;
    }

    /**
     * @param isOfVersion1 which claims count
     */
    static MercureClaims read(byte[] json, boolean isOfVersion1, SelectorCache selectors)
            throws IOException, BadClaim {
        MercureClaims claims = new MercureClaims(selectors);
        try (ClaimReader reader = new ClaimReader(json)) {
            reader.members(name -> claims.read(reader, name));
            reader.end();
        }
        if (isOfVersion1) claims.readDetails();
        else claims.readOld();
        return claims;
    }

    private void read(ClaimReader reader, String name) throws IOException, BadClaim {
        switch (name) {
            case "iss" -> issuer = reader.text();
            case "aud" -> audience = reader.textOrTexts();
            case "exp" -> expires = reader.seconds();
            case "nbf" -> notBefore = reader.seconds();
            case "mercure" -> old = reader.raw();
            case "https://mercure.rocks/" -> oldNamespaced = reader.raw();
            case "authorization_details" -> {
                hasDetails = true;
                details = reader.raw();
            }
            default -> reader.skip();
        }
    }

    /** The longer name of the claim wins. */
    private void readOld() throws IOException, BadClaim {
        Bytes claim = oldNamespaced.isEmpty() ? old : oldNamespaced;
        if (claim.isEmpty()) return;
        try (ClaimReader reader = new ClaimReader(claim.toArray())) {
            reader.members(name -> {
                switch (name) {
                    case "publish" -> rights.publish(oldSelectors(reader));
                    case "subscribe" -> rights.subscribe(oldSelectors(reader));
                    case "payload" -> payload = reader.raw();
                    default -> reader.skip();
                }
            });
        }
    }

    private List<TopicSelector> oldSelectors(ClaimReader reader) throws IOException, BadClaim {
        List<TopicSelector> read = new ArrayList<>();
        reader.items(() -> {
            if (read.size() == MAX_SELECTORS) throw new BadClaim("mercure has too many topics");
            read.add(selector(TopicSelector.Kind.TOPIC, reader.text()));
        });
        return read;
    }

    private TopicSelector selector(TopicSelector.Kind kind, String text) throws BadClaim {
        if (text.length() > MAX_SELECTOR_CHARS) throw new BadClaim("a topic is too long");
        try {
            return selectors.of(kind, text);
        } catch (Malformed _) {
            throw new BadClaim("a topic is no pattern");
        }
    }

    /** The claim is a list; the reader of claims wants an object around it. */
    private void readDetails() throws IOException, BadClaim {
        if (details.isEmpty()) return;
        byte[] wrapped =
                ("{\"d\":" + details.toUtf8() + "}")
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        List<Bytes> each = new ArrayList<>();
        try (ClaimReader reader = new ClaimReader(wrapped)) {
            reader.members(_ ->
                    reader.items(() -> {
                        if (each.size() == MAX_DETAILS) throw new BadClaim("too many details");
                        each.add(reader.raw());
                    }));
        }
        for (Bytes detail : each) if (isOurs(detail)) new Detail().read(detail);
    }

    /** Details of other types are others' business, whatever is in them. */
    private static boolean isOurs(Bytes detail) throws IOException, BadClaim {
        List<String> types = new ArrayList<>();
        try (ClaimReader reader = new ClaimReader(detail.toArray())) {
            reader.members(name -> {
                if (name.equals("type")) types.add(reader.text());
                else reader.skip();
            });
        }
        return types.contains(DETAIL);
    }

    /** One of them; if anything is wrong with it, the token is. */
    private final class Detail {
        private List<String> actions = List.of();
        private final List<TopicSelector> topics = new ArrayList<>();
        private Bytes ownPayload = Bytes.EMPTY;

        void read(Bytes detail) throws IOException, BadClaim {
            try (ClaimReader reader = new ClaimReader(detail.toArray())) {
                reader.members(name -> {
                    switch (name) {
                        case "actions" -> actions = reader.texts();
                        case "topics" -> reader.items(() -> topic(reader));
                        case "payload" -> ownPayload = reader.raw();
                        default -> reader.skip();
                    }
                });
            }
            if (actions.isEmpty()) throw new BadClaim("a detail has no actions");
            if (topics.isEmpty()) throw new BadClaim("a detail has no topics");
            if (!ownPayload.isEmpty() && ownPayload.at(0) != '{')
                throw new BadClaim("a payload is no object");
            if (actions.contains("publish")) rights.publish(topics);
            if (actions.contains("subscribe")) rights.subscribe(topics, ownPayload);
        }

        private void topic(ClaimReader reader) throws IOException, BadClaim {
            if (topics.size() == MAX_DETAILS) throw new BadClaim("a detail has too many topics");
            @Nullable String[] read = {null, "exact"};
            reader.members(name -> {
                switch (name) {
                    case "match" -> read[0] = reader.text();
                    case "match_type" -> read[1] = reader.text();
                    default -> reader.skip();
                }
            });
            String match = read[0];
            if (match == null) throw new BadClaim("a topic has no match");
            topics.add(
                    switch (String.valueOf(read[1])) {
                        case "exact" -> selector(TopicSelector.Kind.EXACT, match);
                        case "urlpattern" -> selector(TopicSelector.Kind.URL_PATTERN, match);
                        default -> throw new BadClaim("a match_type of another kind");
                    });
        }
    }
}
