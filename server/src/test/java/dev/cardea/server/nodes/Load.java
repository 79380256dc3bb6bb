package dev.cardea.server.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.testkit.RecoveringReader;
import dev.cardea.testkit.RecoveringReader.Following;
import dev.cardea.testkit.SimulatedEncoding;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Publishers, one for each channel, who repeat what was refused, and readers who come back. Each
 * channel gets 1, 2, 3 and so on: who has all of it has just that.
 */
public final class Load {
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final Duration BEGIN = Duration.ofSeconds(30);
    private static final Duration AGAIN = Duration.ofMillis(50);

    private final Simulation simulation;
    private final List<SimulatedNode> nodes;
    private final List<String> channels;
    private final List<RecoveringReader> readers = new ArrayList<>();
    private final Map<String, Integer> published = new LinkedHashMap<>();
    private final Map<String, StreamPosition> tops = new HashMap<>();
    private final Map<String, Integer> failed = new HashMap<>();
    private boolean goesOn = true;
    private int publishing;

    /**
     * @param readersOfEach so many on each node, of all channels
     */
    public Load(
            Simulation simulation,
            List<SimulatedNode> nodes,
            List<String> channels,
            int readersOfEach) {
        this.simulation = simulation;
        this.nodes = nodes;
        this.channels = channels;
        for (SimulatedNode node : nodes)
            for (int i = 0; i < readersOfEach; i++)
                readers.add(new RecoveringReader(node, SimulatedEncoding.JSON, channels));
        simulation.runUntil(
                () ->
                        readers.stream()
                                .allMatch(reader ->
                                        channels.stream()
                                                .allMatch(
                                                        each -> reader.following(each).hasBegun())),
                BEGIN);
    }

    /** From here on, through the nodes in turn. */
    public void begin() {
        for (String channel : channels) {
            published.put(channel, 0);
            publishing++;
            publish(channel, 1);
        }
    }

    private void publish(String channel, int number) {
        SimulatedNode node = nodes.get((number + channel.hashCode() & 0xFF) % nodes.size());
        PublishOptions once = new PublishOptions(channel + number, false, 0, "");
        var _ =
                node.publishLater(channel, Publication.of(Bytes.utf8("" + number)), once)
                        .whenComplete((done, failure) ->
                                simulation.fromOutside(() -> {
                                    if (failure == null)
                                        published(channel, number, done.position());
                                    else {
                                        failed.merge(channel, 1, Integer::sum);
                                        simulation.after(AGAIN, () -> publish(channel, number));
                                    }
                                }));
    }

    private void published(String channel, int number, StreamPosition top) {
        published.put(channel, number);
        tops.put(channel, top);
        if (goesOn) simulation.after(PAUSE, () -> publish(channel, number + 1));
        else publishing--;
    }

    /** Plays on until so many more were published in each channel. */
    public void goOn(int more, Duration within) {
        Map<String, Integer> before = new HashMap<>(published);
        simulation.runUntil(
                () ->
                        channels.stream()
                                .allMatch(each ->
                                        published.getOrDefault(each, 0)
                                                >= before.getOrDefault(each, 0) + more),
                within);
    }

    /** Publishing ends, and whatever is under way arrives. */
    public void end(Duration within) {
        goesOn = false;
        simulation.runUntil(() -> publishing == 0, within);
        simulation.runUntil(
                () -> {
                    readers.forEach(RecoveringReader::comeBackIfClosed);
                    return readers.stream().allMatch(this::hasNewest);
                },
                within);
        simulation.run();
    }

    private boolean hasNewest(RecoveringReader reader) {
        return channels.stream()
                .allMatch(each -> reader.following(each).position().equals(tops.get(each)));
    }

    /** Each reader has all of each channel, once and in order. */
    public void assertNothingIsMissing() {
        for (RecoveringReader reader : readers) {
            for (String channel : channels) {
                Following following = reader.following(channel);
                assertThat(following.lost()).as("%s was lost", channel).isZero();
                assertThat(following.data()).as(channel).isEqualTo(all(channel));
            }
        }
    }

    /** The same, but for readers that were told that they have missed something. */
    public void assertNothingIsMissingUntold() {
        for (RecoveringReader reader : readers) {
            for (String channel : channels) {
                Following following = reader.following(channel);
                List<Integer> got = following.data().stream().map(Integer::valueOf).toList();
                assertThat(got).as(channel).isSorted();
                // One more than the one before, but where it was told; and there a publication
                // whose
                // answer was lost can be in the old stream and in the new one.
                long breaks =
                        IntStream.range(1, got.size())
                                .filter(i -> got.get(i) != got.get(i - 1) + 1)
                                .count();
                assertThat(breaks).as("%s: %s", channel, got).isLessThanOrEqualTo(following.lost());
            }
        }
    }

    public void assertAllWereTold() {
        for (RecoveringReader reader : readers)
            for (String channel : channels)
                assertThat(reader.following(channel).lost()).as(channel).isPositive();
    }

    public void assertNobodyWasSentAway() {
        assertThat(readers).allMatch(each -> each.connects() == 1);
    }

    private List<String> all(String channel) {
        return IntStream.rangeClosed(1, published.getOrDefault(channel, 0))
                .mapToObj(n -> "" + n)
                .toList();
    }

    /** How many publishes were refused so far. */
    public int failures() {
        return failed.values().stream().mapToInt(n -> n).sum();
    }
}
