package dev.cardea.testkit.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.auth.Authenticator.OptionOverride;
import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import dev.cardea.wire.centrifuge.SubscribeResult;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Options of the namespace that a subscription's token sets otherwise, one by one. */
@ParameterizedClass
@EnumSource
class OverrideTest {
    private static final Duration A_WHILE = Duration.ofSeconds(1);
    private static final String CHANNEL = "news";

    @Parameter Setup setup = Setup.EMBEDDED_JSON;

    private SimulatedNode node(ChannelSettings settings) {
        return setup.node().channels(settings.history(10, Duration.ofMinutes(1))).start();
    }

    private static ChannelSettings nothing() {
        return ChannelSettings.of("");
    }

    private static ChannelSettings everything() {
        return ChannelSettings.of("")
                .presence()
                .joinLeave()
                .forcePushJoinLeave()
                .forceRecovery()
                .forcePositioning();
    }

    private static void token(SimulatedNode node, String token, Map<String, Boolean> override) {
        OptionOverride options = OptionOverride.named(override);
        node.authenticator()
                .subscriptionToken(
                        token,
                        new Verdict.Granted<>(
                                new SubscriptionGrant(Bytes.EMPTY, Bytes.EMPTY, 0, options)));
    }

    private static long joins(ScriptedClient client) {
        return client.pushes().stream().filter(Push.Join.class::isInstance).count();
    }

    /** What a subscription has, under the names of the options that give it. */
    private Set<String> has(SimulatedNode node, Map<String, Boolean> override) {
        token(node, "t", override);
        token(node, "all joins", Map.of("join_leave", true, "force_push_join_leave", true));
        ScriptedClient witness = node.client(setup.encoding).connected();
        witness.subscribe(with("all joins"));
        node.simulation().run(A_WHILE);
        long before = joins(witness);
        ScriptedClient client = node.client(setup.encoding).connected();
        SubscribeResult result = client.subscribe(with("t"));
        node.simulation().run(A_WHILE);
        Set<String> has = new TreeSet<>();
        if (result.recoverable()) has.add("force_recovery");
        if (result.positioned()) has.add("force_positioning");
        if (node.await(node.broker().presence(CHANNEL)).size() > (isPresent(node) ? 1 : 0))
            has.add("presence");
        if (joins(witness) > before) has.add("join_leave");
        client.forget();
        node.client(setup.encoding).connected().subscribe(with(""));
        node.simulation().run(A_WHILE);
        if (joins(client) > 0) has.add("force_push_join_leave");
        return has;
    }

    private static boolean isPresent(SimulatedNode node) {
        return node.options(CHANNEL).presence();
    }

    private static SubscribeRequest with(String token) {
        return new SubscribeRequest(
                CHANNEL, token, false, "", 0, Bytes.EMPTY, false, false, false, "", null, 0, 0);
    }

    @Test
    void aTokenMaySetEachOptionOtherwise() {
        assertThat(has(node(nothing()), Map.of())).isEmpty();
        for (String option : Set.of("presence", "join_leave", "force_positioning"))
            assertThat(has(node(nothing()), Map.of(option, true)))
                    .as(option)
                    .containsExactly(option);
        // who recovers has a position
        assertThat(has(node(nothing()), Map.of("force_recovery", true)))
                .containsExactly("force_positioning", "force_recovery");
        ChannelSettings tellsOfJoins = ChannelSettings.of("").joinLeave();
        assertThat(has(node(tellsOfJoins), Map.of("force_push_join_leave", true)))
                .contains("force_push_join_leave");
    }

    @Test
    void aTokenMayTakeAwayWhatTheNamespaceGives() {
        Set<String> all =
                Set.of(
                        "presence",
                        "join_leave",
                        "force_push_join_leave",
                        "force_recovery",
                        "force_positioning");
        assertThat(has(node(everything()), Map.of())).isEqualTo(all);
        for (String option : Set.of("presence", "join_leave", "force_push_join_leave")) {
            Set<String> others = new TreeSet<>(all);
            others.remove(option);
            assertThat(has(node(everything()), Map.of(option, false))).as(option).isEqualTo(others);
        }
        assertThat(
                        has(
                                node(everything()),
                                Map.of("force_recovery", false, "force_positioning", false)))
                .containsExactly("force_push_join_leave", "join_leave", "presence");
    }
}
