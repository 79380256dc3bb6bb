package dev.cardea.server.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.messaging.auth.Authenticator.Credentials;
import dev.cardea.messaging.auth.Authenticator.OptionOverride;
import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.auth.Fault;
import dev.cardea.messaging.hook.Answer;
import dev.cardea.messaging.hook.Hooks.Publishing;
import dev.cardea.messaging.hook.Hooks.Renewal;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProxyAnswerTest {
    @Test
    void aConnectResultSaysWhoItIs() {
        assertThat(
                        ProxyAnswer.connect(
                                json(
                                        """
                                        {"result": {"user": "56", "expire_at": 1900000000, "info": {"a": 1},
                                         "b64data": "aGk=", "data": 1, "meta": {"m": true}, "new": [1],
                                         "channels": ["news"],
                                         "subs": {"chat": {"info": 2, "data": "x", "override":
                                           {"presence": {"value": true}, "force_recovery": {}, "else": null}}}}}
                                        """)))
                .isEqualTo(
                        new Answer.Given<>(
                                Optional.of(
                                        new Credentials(
                                                "56",
                                                json("{\"a\": 1}"),
                                                1900000000,
                                                json("{\"m\": true}"),
                                                json("hi"),
                                                Map.of(
                                                        "news",
                                                        SubscriptionGrant.PLAIN,
                                                        "chat",
                                                        new SubscriptionGrant(
                                                                json("2"),
                                                                json("\"x\""),
                                                                0,
                                                                new OptionOverride(
                                                                        true, null, false, null,
                                                                        null)))))));
    }

    @Test
    void noResultSaysNothing() {
        for (String nothing : List.of("{}", "{\"result\":null}", "{\"else\":{}}")) {
            assertThat(ProxyAnswer.connect(json(nothing)))
                    .isEqualTo(new Answer.Given<>(Optional.empty()));
            assertThat(ProxyAnswer.subscribe(json(nothing)))
                    .isEqualTo(new Answer.Given<>(SubscriptionGrant.PLAIN));
            assertThat(ProxyAnswer.publish(json(nothing)))
                    .isEqualTo(new Answer.Given<>(Publishing.AS_SENT));
            assertThat(ProxyAnswer.rpc(json(nothing))).isEqualTo(new Answer.Given<>(Bytes.EMPTY));
            assertThat(ProxyAnswer.renewal(json(nothing)))
                    .isEqualTo(new Answer.Given<>(new Renewal(true, 0, null)));
        }
    }

    @Test
    void errorsAndDisconnectsAreTheBackends() {
        assertThat(
                        ProxyAnswer.rpc(
                                json(
                                        "{\"error\":{\"code\":404,\"message\":\"no\",\"temporary\":true}}")))
                .isEqualTo(new Answer.Failed<>(new Fault.Error(404, "no", true)));
        assertThat(
                        ProxyAnswer.rpc(
                                json(
                                        "{\"error\":{\"code\":404},\"disconnect\":{\"code\":4500,\"reason\":\"bye\"}}")))
                .isEqualTo(new Answer.Failed<>(new Fault.End(4500, "bye")));
    }

    @Test
    void aPublishResultMayChangeWhatIsPublished() {
        assertThat(
                        ProxyAnswer.publish(
                                json(
                                        """
                                        {"result": {"data": [1], "skip_history": true, "tags": {"a": "b"},
                                          "idempotency_key": "k", "version": 7, "version_epoch": "e"}}
                                        """)))
                .isEqualTo(
                        new Answer.Given<>(
                                new Publishing(json("[1]"), true, Map.of("a", "b"), "k", 7, "e")));
    }

    @Test
    void nonsenseIsRefused() {
        for (String nonsense :
                List.of(
                        "",
                        "null",
                        "[]",
                        "<html>",
                        "{\"result\":[]}",
                        "{\"result\":{\"data\":1}",
                        "{\"result\":{\"b64data\":\"***\"}}",
                        "{\"error\":{}}",
                        "{\"error\":{\"code\":-1}}",
                        "{\"disconnect\":{\"code\":12}}",
                        "{\"disconnect\":{\"code\":5000}}",
                        "{\"disconnect\":{\"code\":4000,\"reason\":\"" + "x".repeat(124) + "\"}}",
                        "{} {}")) {
            assertThatThrownBy(() -> ProxyAnswer.rpc(json(nonsense)))
                    .as(nonsense)
                    .isInstanceOf(Malformed.class);
        }
    }

    private static Bytes json(String text) {
        return Bytes.utf8(text);
    }
}
