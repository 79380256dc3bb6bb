package dev.cardea.testkit.mercure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.testkit.ScriptedSubscriber;
import dev.cardea.testkit.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Subscribers that come, stall, are cut off and come back, against a model of what they are due.
 */
class MercureDeliveryTest {
    private static final String[] QUERIES = {
        "topic=t0",
        "topic=t1&topic=t2",
        "topic=*",
        "topic=t%7Bn%7D",
        "match_urlpattern=/t:n",
        "topic=t0&topic=/t%7Bn%7D"
    };

    private record Published(String id, String topic) {
        boolean concerns(int query) {
            return switch (query) {
                case 0 -> topic.equals("t0");
                case 1 -> topic.equals("t1") || topic.equals("t2");
                case 2 -> true;
                case 3 -> topic.startsWith("t");
                case 4 -> topic.startsWith("/t");
                default -> topic.equals("t0") || topic.startsWith("/t");
            };
        }
    }

    /** A reader over all its connections. */
    private static final class Reader {
        final int query;
        final int from;
        ScriptedSubscriber connection;
        final List<String> got = new ArrayList<>();
        long gaps;

        Reader(int query, int from, ScriptedSubscriber connection) {
            this.query = query;
            this.from = from;
            this.connection = connection;
        }

        void keep() {
            for (ScriptedSubscriber.Event event : connection.events()) {
                if (!event.id().isEmpty()) got.add(event.id());
            }
            gaps += SimulatedHub.gaps(connection);
        }
    }

    @Test
    void everybodyGetsAllThatIsKeptOnceAndInOrder() {
        long seed = System.nanoTime();
        for (int i = 0; i < 8; i++) play(seed + i, 100_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 50})
    void whereSomethingIsMissingItIsSaid(int kept) {
        long seed = System.nanoTime();
        for (int i = 0; i < 8; i++) play(seed + i, kept);
    }

    private static void play(long seed, int kept) {
        SimulatedHub it =
                new SimulatedHub(seed, 2, SimulatedHub.retention(kept), SimulatedHub.OPTIONS);
        Simulation simulation = it.simulation;
        SplittableRandom random = simulation.random();
        List<Published> published = new ArrayList<>();
        List<Reader> readers = new ArrayList<>();
        publish(it, random, published);
        for (int step = 0; step < 600; step++) {
            switch (random.nextInt(12)) {
                case 0 -> {
                    int query = random.nextInt(QUERIES.length);
                    if (readers.size() < 12)
                        readers.add(
                                new Reader(
                                        query, published.size(), connect(it, random, query, null)));
                }
                case 1 -> simulation.run();
                case 2 -> pick(readers, random, each -> each.connection.outlet().stall());
                case 3 -> pick(readers, random, each -> each.connection.outlet().resume());
                case 4 ->
                        pick(
                                readers,
                                random,
                                each -> {
                                    String last = each.connection.lastEventId();
                                    if (last == null) return; // it would begin anew
                                    each.connection.cut();
                                    each.keep();
                                    each.connection = connect(it, random, each.query, last);
                                });
                default -> {
                    for (int n = random.nextInt(20); n >= 0; n--) publish(it, random, published);
                }
            }
        }
        for (Reader each : readers) each.connection.outlet().resume();
        simulation.run();
        for (Reader each : readers) {
            each.keep();
            List<String> due = new ArrayList<>();
            for (Published one : published.subList(each.from, published.size()))
                if (one.concerns(each.query)) due.add(one.id());
            if (each.gaps == 0) assertThat(each.got).as("%s", simulation).isEqualTo(due);
            assertThat(each.got).as("%s", simulation).doesNotHaveDuplicates();
            assertThat(due).as("%s", simulation).containsSubsequence(each.got);
            if (kept > 600 * 20) assertThat(each.gaps).as("%s", simulation).isZero();
        }
    }

    private static void publish(
            SimulatedHub it, SplittableRandom random, List<Published> published) {
        String topic = (random.nextInt(3) == 0 ? "/t" : "t") + random.nextInt(4);
        String id = "e" + published.size();
        it.publish(id, "x".repeat(random.nextInt(2000)), topic);
        published.add(new Published(id, topic));
    }

    private interface Act {
        void on(Reader reader);
    }

    private static void pick(List<Reader> readers, SplittableRandom random, Act act) {
        if (!readers.isEmpty()) act.on(readers.get(random.nextInt(readers.size())));
    }

    private static ScriptedSubscriber connect(
            SimulatedHub it,
            SplittableRandom random,
            int query,
            @org.jspecify.annotations.Nullable String lastEventId) {
        var loop = it.simulation.loops().get(random.nextInt(2));
        return it.subscribe(loop, QUERIES[query], lastEventId, null);
    }
}
