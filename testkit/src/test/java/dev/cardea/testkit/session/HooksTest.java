package dev.cardea.testkit.session;

import static dev.cardea.testkit.ScriptedHooks.end;
import static dev.cardea.testkit.ScriptedHooks.given;
import static dev.cardea.testkit.session.ConnectTest.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.auth.Authenticator.OptionOverride;
import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.auth.Fault;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.messaging.hook.Hooks.Publishing;
import dev.cardea.messaging.hook.Hooks.Renewal;
import dev.cardea.messaging.hub.ChannelOptions.Permissions;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.ScriptedHooks;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.ConnectResult;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class HooksTest {
    @Parameter Setup setup = Setup.EMBEDDED_JSON;

    private final Simulation simulation = Simulation.seeded(1);

    /** Its answers take a while where the broker's do. */
    private ScriptedHooks hooks() {
        return new ScriptedHooks(simulation, Duration.ofMillis(setup.faulty ? 30 : 0));
    }

    private SimulatedNode node(ScriptedHooks hooks) {
        return setup.node(simulation)
                .hooks(hooks)
                .channels(ChannelSettings.of("closed").permissions(Permissions.NONE))
                .channels(ChannelSettings.of("stream").history(10, Duration.ofMinutes(1)))
                .start();
    }

    private ScriptedClient anna(ScriptedHooks hooks) {
        ScriptedClient anna = node(hooks).client(setup.encoding);
        anna.connect("user:anna");
        return anna;
    }

    private static Command rpc(int id, String method) {
        return new Command.Rpc(id, method, Bytes.utf8("[1,2]"));
    }

    @Test
    void aCallIsAnsweredByTheBackend() {
        ScriptedHooks hooks =
                hooks().onRpc("sum", data -> given(Bytes.utf8("{\"of\":" + data.toUtf8() + "}")));
        ScriptedClient anna = anna(hooks);

        Reply answer = anna.ask(id -> rpc(id, "sum"));

        assertThat(((Reply.Rpc) answer).data().toUtf8()).isEqualTo("{\"of\":[1,2]}");
        assertThat(hooks.asked()).containsExactly("rpc sum of anna");
    }

    @Test
    void aCallOfAnUnknownMethodIsRefused() {
        assertThat(error(anna(hooks()).ask(id -> rpc(id, "sum")))).isEqualTo(104);
    }

    @Test
    void theBackendSaysNoInItsOwnWords() {
        ScriptedClient anna =
                anna(hooks().onRpc("sum", _ -> ScriptedHooks.error(1001, "no numbers today")));

        Reply.Answer answer = anna.ask(id -> rpc(id, "sum"));

        assertThat(answer).isEqualTo(new Reply.Error(answer.id(), 1001, "no numbers today", false));
    }

    @Test
    void theBackendEndsTheConnection() {
        ScriptedClient anna = anna(hooks().onRpc("bye", _ -> end(4001, "go away")));

        anna.tell(id -> rpc(id, "bye"));

        assertThat(anna.closeCode()).isEqualTo(4001);
    }

    @Test
    void aBackendThatFailsIsAnErrorThatMayPass() {
        ScriptedClient anna =
                anna(
                        hooks().onRpc(
                                        "sum",
                                        _ -> {
                                            throw new IllegalStateException("down");
                                        }));

        Reply answer = anna.ask(id -> rpc(id, "sum"));

        assertThat(error(answer)).isEqualTo(100);
        assertThat(((Reply.Error) answer).temporary()).isTrue();
        assertThat(anna.closed()).isNull();
    }

    @Test
    void callsAreAnsweredInOrderAndHoldUpWhatFollows() {
        ScriptedHooks hooks =
                hooks().onRpc("a", _ -> given(Bytes.utf8("1")))
                        .onRpc("b", _ -> given(Bytes.utf8("2")));
        ScriptedClient anna = anna(hooks);
        anna.forget();

        anna.send(rpc(11, "a"), rpc(12, "b"), new Command.Subscribe(13, SubscribeRequest.to("c")));
        anna.answer(13);

        assertThat(anna.heard())
                .extracting(reply -> ((Reply.Answer) reply).id())
                .containsExactly(11, 12, 13);
    }

    @Test
    void aMessageThatIsSentReachesTheBackendAndHasNoAnswer() {
        ScriptedHooks hooks = hooks().onSend(_ -> given(Bytes.EMPTY));
        ScriptedClient anna = anna(hooks);
        anna.forget();

        anna.send(new Command.Send(0, Bytes.utf8("{\"typing\":true}")));
        simulation.run(Duration.ofSeconds(1));

        assertThat(hooks.asked()).containsExactly("send of anna {\"typing\":true}");
        assertThat(anna.heard()).isEmpty();
        assertThat(anna.closed()).isNull();
    }

    @Test
    void aMessageThatNobodyTakesEndsTheConnection() {
        ScriptedClient anna = anna(hooks());
        anna.send(new Command.Send(0, Bytes.utf8("{}")));
        assertThat(anna.closeCode()).isEqualTo(3508);
    }

    @Test
    void theBackendMayLetInWhereTheNamespaceDoesNot() {
        ScriptedHooks hooks =
                hooks().onSubscribe(request ->
                        request.data().isEmpty()
                                ? ScriptedHooks.error(103, "permission denied")
                                : given(
                                        new SubscriptionGrant(
                                                Bytes.utf8("{\"seat\":1}"),
                                                Bytes.utf8("{\"hello\":1}"),
                                                0,
                                                OptionOverride.NOTHING)));
        ScriptedClient anna = anna(hooks);

        assertThat(
                        error(
                                anna.ask(id ->
                                        new Command.Subscribe(
                                                id, SubscribeRequest.to("closed:a")))))
                .isEqualTo(103);
        assertThat(anna.subscribe(withData("closed:a")).data().toUtf8()).isEqualTo("{\"hello\":1}");
        assertThat(hooks.asked())
                .containsExactly("subscribe of anna closed:a", "subscribe of anna closed:a");
    }

    private static SubscribeRequest withData(String channel) {
        return new SubscribeRequest(
                channel,
                "",
                false,
                "",
                0,
                Bytes.utf8("{\"pin\":1234}"),
                false,
                false,
                false,
                "",
                null,
                0,
                0);
    }

    @Test
    void aGrantThatHasExpiredIsRefused() {
        ScriptedClient anna =
                anna(
                        hooks().onSubscribe(_ ->
                                given(
                                        new SubscriptionGrant(
                                                Bytes.EMPTY,
                                                Bytes.EMPTY,
                                                1,
                                                OptionOverride.NOTHING))));

        assertThat(
                        error(
                                anna.ask(id ->
                                        new Command.Subscribe(
                                                id, SubscribeRequest.to("closed:a")))))
                .isEqualTo(110);
    }

    @Test
    void theBackendMayChangeWhatIsPublished() {
        ScriptedHooks hooks =
                hooks().onPublish((_, data) ->
                        switch (data.toUtf8()) {
                            case "1" -> given(Publishing.AS_SENT);
                            case "2" -> given(new Publishing(Bytes.utf8("\"two\""), true));
                            default -> ScriptedHooks.error(1000, "no");
                        });
        ScriptedClient anna = anna(hooks);
        anna.subscribe("stream:a");

        assertThat(error(anna.publish("stream:a", "1"))).isZero();
        assertThat(error(anna.publish("stream:a", "2"))).isZero();
        assertThat(error(anna.publish("stream:a", "3"))).isEqualTo(1000);
        simulation.run(Duration.ofSeconds(1));

        assertThat(anna.data("stream:a")).containsExactly("1", "\"two\"");
        assertThat(anna.publications("stream:a"))
                .extracting(publication -> publication.offset())
                .containsExactly(1L, 0L);
    }

    @Test
    void theBackendMayLetPublishWhereTheNamespaceDoesNot() {
        ScriptedClient anna = anna(hooks().onPublish((_, _) -> given(Publishing.AS_SENT)));
        assertThat(error(anna.publish("closed:a", "1"))).isZero();
    }

    @Test
    void whoAsksTheAuthenticatorHearsTheBackendsWords() {
        SimulatedNode node = node(hooks());
        node.authenticator()
                .token("busy", new Verdict.Failed<>(new Fault.Error(1500, "come later", true)))
                .token("banned", new Verdict.Failed<>(new Fault.End(4501, "banned")));
        ScriptedClient busy = node.client(setup.encoding);
        ScriptedClient banned = node.client(setup.encoding);
        ScriptedClient anna = node.client(setup.encoding);
        anna.connect("user:anna");

        assertThat(error(busy.ask(id -> ScriptedClient.connectCommand(id, "busy"))))
                .isEqualTo(1500);
        banned.tell(id -> ScriptedClient.connectCommand(id, "banned"));
        assertThat(banned.closeCode()).isEqualTo(4501);
        assertThat(error(anna.ask(id -> new Command.Refresh(id, "busy")))).isEqualTo(1500);
        assertThat(anna.closed()).isNull();
        anna.tell(id -> new Command.Refresh(id, "banned"));
        assertThat(anna.closeCode()).isEqualTo(4501);
        busy.tell(id -> rpc(id, "a")); // the connection is of no use after an error
        assertThat(busy.closeCode()).isEqualTo(3501);
    }

    private long in(long seconds) {
        return simulation.unixMillis() / 1000 + seconds;
    }

    private ScriptedClient shortLived(ScriptedHooks hooks) {
        SimulatedNode node = node(hooks);
        node.authenticator().token("short", "anna", in(60));
        ScriptedClient anna = node.client(setup.encoding);
        ConnectResult result = anna.connect("short");
        assertThat(result.expires()).isFalse(); // as far as the client knows
        assertThat(result.ttlSeconds()).isZero();
        return anna;
    }

    @Test
    void theBackendRenewsAConnectionWhenItExpires() {
        ScriptedHooks hooks =
                hooks().onRefresh(_ -> given(new Renewal(false, in(60), Bytes.utf8("[2]"))));
        ScriptedClient anna = shortLived(hooks);

        simulation.run(Duration.ofSeconds(59));
        assertThat(hooks.asked()).isEmpty();
        simulation.run(Duration.ofSeconds(301));

        assertThat(anna.closed()).isNull();
        assertThat(hooks.asked()).hasSizeBetween(5, 6).containsOnly("refresh of anna");
        anna.tell(id -> new Command.Refresh(id, "user:anna"));
        assertThat(anna.closeCode()).isEqualTo(3501);
    }

    @Test
    void theBackendLetsAConnectionExpire() {
        ScriptedClient expired =
                shortLived(hooks().onRefresh(_ -> given(new Renewal(true, 0, null))));
        simulation.run(Duration.ofSeconds(62));
        assertThat(expired.closeCode()).isEqualTo(3005);
    }

    @Test
    void theBackendEndsAConnectionThatExpiresInItsOwnWords() {
        ScriptedClient banned = shortLived(hooks().onRefresh(_ -> end(4501, "banned")));
        simulation.run(Duration.ofSeconds(62));
        assertThat(banned.closeCode()).isEqualTo(4501);
    }

    @Test
    void aBackendThatIsDownCostsNobodyItsConnection() {
        boolean[] down = {true};
        ScriptedHooks hooks =
                hooks().onRefresh(_ -> {
                    if (down[0]) throw new IllegalStateException("down");
                    return given(new Renewal(false, 0, null));
                });
        ScriptedClient anna = shortLived(hooks);

        simulation.run(Duration.ofMinutes(4));
        down[0] = false;
        simulation.run(Duration.ofMinutes(10));

        assertThat(anna.closed()).isNull();
        assertThat(hooks.asked()).hasSize(4); // once a minute until it answered
    }

    @Test
    void aBackendThatDoesNotAnswerLetsTheConnectionExpire() {
        ScriptedClient anna =
                shortLived(
                        new ScriptedHooks(simulation, Duration.ofHours(1))
                                .onRefresh(_ -> given(new Renewal(false, 0, null))));
        simulation.run(Duration.ofSeconds(87));
        assertThat(anna.closeCode()).isEqualTo(3005);
    }

    @Test
    void theBackendRenewsASubscriptionWhenItExpires() {
        int[] times = {3};
        ScriptedHooks hooks =
                hooks().onSubscribe(_ ->
                                given(
                                        new SubscriptionGrant(
                                                Bytes.EMPTY,
                                                Bytes.EMPTY,
                                                in(60),
                                                OptionOverride.NOTHING)))
                        .onSubRefresh(_ -> given(new Renewal(--times[0] == 0, in(60), null)));
        ScriptedClient anna = anna(hooks);
        assertThat(anna.subscribe("closed:a").expires()).isFalse();
        simulation.run(Duration.ofSeconds(170));
        assertThat(anna.pushes()).isEmpty();

        simulation.run(Duration.ofSeconds(20));

        assertThat(hooks.asked())
                .containsExactly(
                        "subscribe of anna closed:a",
                        "sub_refresh of anna closed:a",
                        "sub_refresh of anna closed:a",
                        "sub_refresh of anna closed:a");
        assertThat(anna.pushes())
                .containsExactly(new Push.Unsubscribe("closed:a", 2501, "subscription expired"));
        assertThat(anna.closed()).isNull();
    }

    @Test
    void aClientHasNoBusinessWithWhatTheBackendRenews() {
        ScriptedHooks hooks =
                hooks().onSubscribe(_ -> given(SubscriptionGrant.PLAIN))
                        .onSubRefresh(_ -> given(new Renewal(false, 0, null)));
        ScriptedClient anna = anna(hooks);
        anna.subscribe("closed:a");
        anna.tell(id -> new Command.SubRefresh(id, "closed:a", "token", 0));
        assertThat(anna.closeCode()).isEqualTo(3501);
    }

    @Test
    void theBackendHearsThatAConnectionHasEndedAndWhy() {
        ScriptedHooks hooks = hooks();
        SimulatedNode node = node(hooks);
        ScriptedClient anna = node.client(setup.encoding);
        anna.connect("user:anna");
        ScriptedClient bert = node.client(setup.encoding);
        bert.connect("user:bert");
        ScriptedClient nobody = node.client(setup.encoding);
        nobody.tell(id -> ScriptedClient.connectCommand(id, "forged"));

        anna.cut();
        bert.send(new Command.Ping(1));
        assertThat(nobody.closeCode()).isEqualTo(3500);
        simulation.run(Duration.ofSeconds(1));

        assertThat(hooks.asked())
                .containsExactlyInAnyOrder(
                        "disconnected anna 3000 connection closed",
                        "disconnected bert 3501 bad request");
    }

    @Test
    void anAnswerThatComesAfterTheEndChangesNothing() {
        ScriptedHooks hooks =
                new ScriptedHooks(simulation, Duration.ofSeconds(5))
                        .onSubscribe(_ -> given(SubscriptionGrant.PLAIN));
        SimulatedNode node = node(hooks);
        ScriptedClient anna = node.client(setup.encoding);
        anna.connect("user:anna");
        anna.tell(id -> new Command.Subscribe(id, SubscribeRequest.to("closed:a")));
        simulation.run(Duration.ofSeconds(1));

        anna.cut();
        simulation.run(Duration.ofSeconds(10));

        assertThat(node.hub().find("closed:a")).isNull();
        assertThat(node.node().counters().subscriptions()).isZero();
    }

    @Test
    void aBackendThatNeverAnswersEndsTheConnection() {
        ScriptedClient anna =
                anna(
                        new ScriptedHooks(simulation, Duration.ofHours(1))
                                .onRpc("sum", _ -> given(Bytes.EMPTY)));
        anna.tell(id -> rpc(id, "sum"));

        simulation.run(Duration.ofSeconds(31));

        assertThat(anna.closeCode()).isEqualTo(3004);
    }
}
