package dev.cardea.testkit.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ClientSettings;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedEncoding;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.FilterNode;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import dev.cardea.wire.centrifuge.SubscribeResult;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class TagsFilterTest {
    private static final String CHANNEL = "prices";

    @Parameter Setup setup = Setup.EMBEDDED_JSON;

    private SimulatedNode node() {
        return setup.node()
                .channels(
                        ChannelSettings.of("")
                                .history(100, Duration.ofMinutes(5))
                                .allowRecovery()
                                .allowTagsFilter()
                                .deltaPublish())
                .channels(ChannelSettings.of("closed"))
                .start();
    }

    private static FilterNode leaf(String key, String cmp, String val) {
        return new FilterNode("", key, cmp, val, List.of(), List.of());
    }

    private static SubscribeRequest filtered(
            String channel, FilterNode filter, @Nullable String epoch, String delta) {
        return new SubscribeRequest(
                channel,
                "",
                epoch != null,
                epoch == null ? "" : epoch,
                0,
                Bytes.EMPTY,
                false,
                epoch != null,
                false,
                delta,
                filter,
                0,
                0);
    }

    private ScriptedClient subscriber(SimulatedNode node, FilterNode filter) {
        ScriptedClient client = node.client(setup.encoding).connected();
        client.subscribe(filtered(CHANNEL, filter, null, ""));
        return client;
    }

    private static void publish(SimulatedNode node, String symbol, int price) {
        Publication publication =
                new Publication(
                        Bytes.utf8("\"" + symbol + price + "\""),
                        null,
                        0,
                        Map.of("symbol", symbol, "price", Integer.toString(price)),
                        false,
                        0,
                        "",
                        "",
                        false,
                        0,
                        "",
                        0);
        node.publish(CHANNEL, publication, PublishOptions.NONE);
        node.simulation().run(Duration.ofMillis(60));
    }

    @Test
    void eachSubscriberGetsWhatItsFilterPasses() {
        SimulatedNode node = node();
        ScriptedClient oak = subscriber(node, leaf("symbol", "eq", "OAK"));
        ScriptedClient dear = subscriber(node, leaf("price", "gt", "99"));
        publish(node, "OAK", 9);
        publish(node, "IRON", 100);
        publish(node, "OAK", 101);

        assertThat(oak.data(CHANNEL)).containsExactly("\"OAK9\"", "\"OAK101\"");
        assertThat(dear.data(CHANNEL)).containsExactly("\"IRON100\"", "\"OAK101\"");
        assertThat(oak.publications(CHANNEL).getLast().offset()).isEqualTo(3);
    }

    @Test
    void joinsAndLeavesAreNotFiltered() {
        SimulatedNode node =
                setup.node()
                        .channels(
                                ChannelSettings.of("")
                                        .presence()
                                        .joinLeave()
                                        .forcePushJoinLeave()
                                        .allowTagsFilter())
                        .start();
        ScriptedClient oak = subscriber(node, leaf("symbol", "eq", "OAK"));
        node.simulation().run(Duration.ofSeconds(1));
        int before = oak.pushes().size();
        node.client(setup.encoding).connected().subscribe(CHANNEL);
        node.simulation().run(Duration.ofSeconds(1));
        assertThat(oak.pushes().size()).isEqualTo(before + 1);
    }

    @Test
    void recoveryIsFilteredTooAndStillComplete() {
        SimulatedNode node = node();
        publish(node, "OAK", 1);
        publish(node, "IRON", 2);
        publish(node, "OAK", 3);
        publish(node, "IRON", 4);
        ScriptedClient client = node.client(setup.encoding).connected();
        SubscribeResult result =
                client.subscribe(filtered(CHANNEL, leaf("symbol", "eq", "OAK"), "", ""));
        publish(node, "IRON", 5);
        publish(node, "OAK", 6);

        assertThat(result.recovered()).isTrue();
        assertThat(result.publications().stream().map(p -> p.data().toUtf8()))
                .containsExactly("\"OAK1\"", "\"OAK3\"");
        assertThat(client.data(CHANNEL)).containsExactly("\"OAK6\"");
    }

    @Test
    void whoIsStalledIsFilteredWhenItReadsOn() {
        SimulatedNode node =
                setup.node()
                        .client(new ClientSettings().highWater(1))
                        .channels(ChannelSettings.of("").allowTagsFilter())
                        .start();
        ScriptedClient client = subscriber(node, leaf("symbol", "neq", "IRON"));
        client.stall();
        for (int i = 0; i < 200; i++) publish(node, i % 2 == 0 ? "IRON" : "OAK", i);
        client.resume();
        node.simulation().run(Duration.ofSeconds(1));
        assertThat(client.data(CHANNEL)).hasSize(100).allMatch(data -> data.contains("OAK"));
    }

    @Test
    void aFilterThatLeavesOneOutBreaksTheChainOfPatches() {
        SimulatedNode node = node();
        ScriptedClient client = node.client(setup.encoding).connected();
        SubscribeResult result =
                client.subscribe(filtered(CHANNEL, leaf("symbol", "sw", "OAK"), null, "fossil"));
        assertThat(result.delta()).isTrue();
        String oak = "OAK and much more that stays the same, and stays, and stays ";
        publish(node, oak, 1);
        publish(node, oak, 2);
        publish(node, "IRON", 3);
        publish(node, oak, 4);
        publish(node, oak, 5);
        assertThat(client.publications(CHANNEL).stream().map(Publication::delta))
                .containsExactly(false, true, false, true);
    }

    @Test
    void whatMeansNothingOrIsNotAllowedIsABadRequest() {
        SimulatedNode node = node();
        ScriptedClient client = node.client(setup.encoding).connected();
        FilterNode fine = leaf("symbol", "eq", "OAK");
        FilterNode wide =
                new FilterNode("or", "", "", "", List.of(), Collections.nCopies(300, fine));

        assertThat(error(client, filtered(CHANNEL, leaf("symbol", "like", "OAK"), null, "")))
                .isEqualTo(107);
        assertThat(error(client, filtered(CHANNEL, wide, null, ""))).isEqualTo(107);
        assertThat(error(client, filtered("closed:a", fine, null, ""))).isEqualTo(107);
        assertThat(client.closed()).isNull();
    }

    @Test
    void aFilterThatIsNestedTenThousandDeepIsABadRequest() {
        ScriptedClient client = node().client(setup.encoding).connected();
        int id = client.nextId();
        client.sendRaw(setup.encoding == SimulatedEncoding.JSON ? deepJson(id) : deepProtobuf(id));
        assertThat(client.answer(id)).isInstanceOf(Reply.Error.class);
        assertThat(((Reply.Error) client.answer(id)).code()).isEqualTo(107);
        assertThat(client.closed()).isNull();
    }

    /** As deep as a message of 64 KiB lets it be. */
    private static byte[] deepJson(int id) {
        String filter = "{\"nodes\":[".repeat(5_000) + "]}".repeat(5_000);
        return "{\"id\":%d,\"subscribe\":{\"channel\":\"prices\",\"tf\":%s}}"
                .formatted(id, filter)
                .getBytes(UTF_8);
    }

    private static byte[] deepProtobuf(int id) {
        byte[] filter = {};
        for (int i = 0; i < 10_000; i++) filter = field(6, filter);
        byte[] request =
                new ByteWriter()
                        .put(field(1, CHANNEL.getBytes(UTF_8)))
                        .put(field(13, filter))
                        .toArray();
        byte[] command = new ByteWriter().put(0x08).putVarint(id).put(field(5, request)).toArray();
        return new ByteWriter().putVarint(command.length).put(command).toArray();
    }

    private static byte[] field(int number, byte[] content) {
        return new ByteWriter(content.length + 8)
                .put((number << 3) | 2)
                .putVarint(content.length)
                .put(content)
                .toArray();
    }

    private static int error(ScriptedClient client, SubscribeRequest request) {
        return client.ask(id -> new Command.Subscribe(id, request)) instanceof Reply.Error error
                ? error.code()
                : 0;
    }
}
