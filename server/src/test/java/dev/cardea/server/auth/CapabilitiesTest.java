package dev.cardea.server.auth;

import static dev.cardea.messaging.auth.Capability.HISTORY;
import static dev.cardea.messaging.auth.Capability.PRESENCE;
import static dev.cardea.messaging.auth.Capability.PUBLISH;
import static dev.cardea.messaging.auth.Capability.SUBSCRIBE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.auth.Capabilities;
import dev.cardea.messaging.auth.Capability;
import java.util.Collections;
import org.junit.jupiter.api.Test;

final class CapabilitiesTest {
    private static final long NOW = 1_000_000;
    private final JwtVerifier verifier =
            Rules.with("hmac_secret_key", HandMadeToken.SECRET).verifier();

    private Verification<ConnectionToken> verified(String caps) {
        String token = HandMadeToken.of("{\"sub\":\"alice\",\"caps\":" + caps + "}");
        return verifier.verifyConnection(token, NOW).toCompletableFuture().join();
    }

    private Capabilities caps(String caps) {
        if (verified(caps) instanceof Verification.Valid<ConnectionToken>(ConnectionToken token)) {
            return token.capabilities();
        }
        throw new AssertionError(verified(caps));
    }

    private String refused(String caps) {
        if (verified(caps) instanceof Verification.Invalid<?>(String reason)) return reason;
        throw new AssertionError(caps);
    }

    @Test
    void aRuleAllowsWhatItSaysInItsChannels() {
        Capabilities caps =
                caps("[{\"channels\":[\"news\",\"user_42\"],\"allow\":[\"sub\",\"hst\"]}]");
        assertThat(caps.allow(SUBSCRIBE, "news")).isTrue();
        assertThat(caps.allow(HISTORY, "user_42")).isTrue();
        assertThat(caps.allow(PUBLISH, "news")).isFalse();
        assertThat(caps.allow(SUBSCRIBE, "news2")).isFalse();
        assertThat(caps.allow(SUBSCRIBE, "")).isFalse();
    }

    @Test
    void aChannelHasWhatAnyRuleAllows() {
        Capabilities caps =
                caps(
                        """
                        [{"channels":["a","b"],"allow":["sub"]},
                         {"channels":["b"],"match":"exact","allow":["pub","prs"]},
                         {"channels":["*"],"match":"wildcard","allow":["hst"]}]
                        """);
        for (Capability capability : Capability.values()) {
            assertThat(caps.allow(capability, "b")).as("%s", capability).isTrue();
        }
        assertThat(caps.allow(PUBLISH, "a")).isFalse();
        assertThat(caps.allow(HISTORY, "anything")).isTrue();
        assertThat(caps.allow(PRESENCE, "anything")).isFalse();
    }

    @Test
    void aStarIsAnyNumberOfCharacters() {
        Capabilities caps =
                caps(
                        "[{\"channels\":[\"news:*\",\"a*b*c\",\"q.?\"],"
                                + "\"match\":\"wildcard\",\"allow\":[\"sub\"]}]");
        assertThat(caps.allow(SUBSCRIBE, "news:")).isTrue();
        assertThat(caps.allow(SUBSCRIBE, "news:sport:1\n2")).isTrue();
        assertThat(caps.allow(SUBSCRIBE, "news")).isFalse();
        assertThat(caps.allow(SUBSCRIBE, "xnews:a")).isFalse();
        assertThat(caps.allow(SUBSCRIBE, "abc")).isTrue();
        assertThat(caps.allow(SUBSCRIBE, "a-b-b-c")).isTrue();
        assertThat(caps.allow(SUBSCRIBE, "ac")).isFalse();
        assertThat(caps.allow(SUBSCRIBE, "q.?")).isTrue(); // nothing else means anything
        assertThat(caps.allow(SUBSCRIBE, "qxy")).isFalse();
    }

    @Test
    void aRegularExpressionMayMatchAnywhere() {
        Capabilities caps =
                caps(
                        "[{\"channels\":[\"^posts_[\\\\d]+$\"],\"match\":\"regex\",\"allow\":[\"sub\"]},"
                                + "{\"channels\":[\"in\"],\"match\":\"regex\",\"allow\":[\"pub\"]}]");
        assertThat(caps.allow(SUBSCRIBE, "posts_42")).isTrue();
        assertThat(caps.allow(SUBSCRIBE, "posts_")).isFalse();
        assertThat(caps.allow(PUBLISH, "going")).isTrue();
    }

    @Test
    void anExpressionThatWouldTakeOthersForEverTakesNoTime() {
        String evil = "(a*)*(a|a)*(a+)+b";
        Capabilities caps =
                caps(
                        "[{\"channels\":[\"^"
                                + evil
                                + "$\"],\"match\":\"regex\",\"allow\":[\"sub\"]}]");
        long start = System.nanoTime();
        assertThat(caps.allow(SUBSCRIBE, "a".repeat(255))).isFalse();
        assertThat(System.nanoTime() - start).isLessThan(1_000_000_000L);
    }

    @Test
    void withoutRulesNothingIsAllowed() {
        assertThat(caps("[]")).isSameAs(Capabilities.NONE);
        assertThat(caps("[{}]").allow(SUBSCRIBE, "")).isFalse();
        assertThat(caps("[{\"channels\":[\"a\"]}]").allow(SUBSCRIBE, "a")).isFalse();
        assertThat(caps("[{\"channels\":[\"a\"],\"allow\":[\"all\"]}]").allow(SUBSCRIBE, "a"))
                .isFalse();
    }

    @Test
    void capabilitiesOfAWrongTypeAreRefused() {
        assertThat(refused("{}")).isEqualTo("caps is not a list");
        assertThat(refused("\"*\"")).isEqualTo("caps is not a list");
        assertThat(refused("[5]")).isEqualTo("an item is not an object");
        assertThat(refused("[{\"channels\":\"*\"}]")).isEqualTo("channels is not a list of texts");
        assertThat(refused("[{\"channels\":[\"(\"],\"match\":\"regex\"}]"))
                .isEqualTo("caps has no regular expression");
        assertThat(refused("[{\"channels\":[\"a\"],\"match\":\"glob\"}]"))
                .isEqualTo("caps has a match of another kind");
        assertThat(refused("[{\"channels\":[\"" + "a".repeat(257) + "\"],\"match\":\"regex\"}]"))
                .isEqualTo("caps has a long pattern");
        String many = String.join(",", Collections.nCopies(1001, "\"a\""));
        assertThat(refused("[{\"channels\":[" + many + "]}]"))
                .isEqualTo("caps has too many channels");
    }

    @Test
    void aSubscriptionTokenAllowsMoreInItsChannel() {
        String token =
                HandMadeToken.of(
                        "{\"sub\":\"alice\",\"channel\":\"a\",\"allow\":[\"pub\",\"hst\",\"new\"],"
                                + "\"jti\":\"t1\",\"iat\":999999}");
        var verified = verifier.verifySubscription(token, NOW).toCompletableFuture().join();
        if (!(verified instanceof Verification.Valid<SubscriptionToken>(SubscriptionToken valid))) {
            throw new AssertionError(verified);
        }
        assertThat(valid.allow()).containsExactlyInAnyOrder(PUBLISH, HISTORY);
        assertThat(valid.id().id()).isEqualTo("t1");
        assertThat(valid.id().issuedAtSeconds()).isEqualTo(999999);
    }
}
