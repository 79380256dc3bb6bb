package dev.cardea.server.auth;

import dev.cardea.messaging.auth.Authenticator.OptionOverride;
import dev.cardea.messaging.auth.Capabilities;
import dev.cardea.messaging.auth.Capability;
import dev.cardea.messaging.auth.TokenId;
import dev.cardea.wire.Bytes;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All claims that mean something here, of either kind of token; what isn't there is empty. */
final class Claims {
    String subject = "";
    String userIdClaim = "";
    String channel = "";
    String client = "";
    String issuer = "";
    List<String> audience = List.of();
    @Nullable Long expires;
    @Nullable Long notBefore;
    @Nullable Long expireAt;
    Bytes meta = Bytes.EMPTY;
    List<String> channels = List.of();
    Map<String, TokenSubscription> subscriptions = Map.of();
    Capabilities capabilities = Capabilities.NONE;
    Set<Capability> allow = Set.of();
    private String id = "";
    private long issuedAt;

    /** {@code info}, {@code data} and {@code override} at the top. */
    TokenSubscription own = TokenSubscription.PLAIN;

    private Claims() {}

    static Claims none() {
        return new Claims();
    }

    /**
     * Reads claims.
     *
     * @param userIdClaim the claim that names the user instead of {@code sub}; empty if none
     */
    static Claims read(byte[] json, String userIdClaim) throws IOException, BadClaim {
        Claims claims = new Claims();
        try (ClaimReader reader = new ClaimReader(json)) {
            Options own = new Options(reader);
            reader.members(name -> claims.read(reader, name, userIdClaim, own));
            reader.end();
            claims.own = own.done();
        }
        return claims;
    }

    private void read(ClaimReader reader, String name, String userIdName, Options own)
            throws IOException, BadClaim {
        if (name.equals(userIdName)) {
            userIdClaim = reader.textOrNumber();
            return;
        }
        switch (name) {
            case "sub" -> subject = reader.text();
            case "channel" -> channel = reader.text();
            case "client" -> client = reader.text();
            case "iss" -> issuer = reader.text();
            case "jti" -> id = reader.text();
            case "aud" -> audience = reader.textOrTexts();
            case "exp" -> expires = reader.seconds();
            case "nbf" -> notBefore = reader.seconds();
            case "iat" -> issuedAt = reader.seconds();
            case "expire_at" -> expireAt = reader.seconds();
            case "meta" -> meta = reader.raw();
            case "channels" -> channels = reader.texts();
            case "subs" -> subscriptions = subscriptions(reader);
            case "caps" -> capabilities = CapabilityRules.read(reader);
            case "allow" -> allow = CapabilityRules.named(reader.texts());
            default -> {
                if (!own.read(name)) reader.skip();
            }
        }
    }

    TokenId tokenId() {
        return new TokenId(id, issuedAt);
    }

    private static Map<String, TokenSubscription> subscriptions(ClaimReader reader)
            throws IOException, BadClaim {
        Map<String, TokenSubscription> subscriptions = new LinkedHashMap<>();
        reader.members(channel -> {
            Options options = new Options(reader);
            reader.members(name -> {
                if (!options.read(name)) reader.skip();
            });
            subscriptions.put(channel, options.done());
        });
        return subscriptions;
    }

    /** Gathers what a token says of one subscription. */
    private static final class Options {
        private final ClaimReader reader;
        private Bytes info = Bytes.EMPTY;
        private Bytes data = Bytes.EMPTY;
        private Bytes binaryInfo = Bytes.EMPTY;
        private Bytes binaryData = Bytes.EMPTY;
        private final Map<String, Boolean> overrides = new LinkedHashMap<>();

        Options(ClaimReader reader) {
            this.reader = reader;
        }

        /** False if the member is none of these. */
        boolean read(String name) throws IOException, BadClaim {
            switch (name) {
                case "info" -> info = reader.raw();
                case "data" -> data = reader.raw();
                case "b64info" -> binaryInfo = reader.base64();
                case "b64data" -> binaryData = reader.base64();
                case "override" -> reader.members(this::readOverride);
                default -> {
                    return false;
                }
            }
            return true;
        }

        /** {@code "presence": {"value": true}}; without a value it is false. */
        private void readOverride(String option) throws IOException, BadClaim {
            overrides.put(option, false);
            reader.members(name -> {
                if (name.equals("value")) overrides.put(option, reader.truth());
                else reader.skip();
            });
        }

        /** The binary form wins where both are there, as in Centrifugo. */
        TokenSubscription done() {
            return new TokenSubscription(
                    binaryInfo.isEmpty() ? info : binaryInfo,
                    binaryData.isEmpty() ? data : binaryData,
                    OptionOverride.named(overrides));
        }
    }
}
