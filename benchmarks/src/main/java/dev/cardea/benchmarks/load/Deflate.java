package dev.cardea.benchmarks.load;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * One channel at a steady rate, read by subscribers that take compressed messages: how often each
 * publication was compressed, what a delivery costs, and its bytes on the wire; the same plain
 * before.
 */
record Deflate(int readers) implements Scenario {
    private static final int DATUM_BYTES = 1024;
    private static final int RATE = 50;

    @Override
    public void run(Stage stage) throws IOException {
        measured(stage, false);
        List<Client> clients = measured(stage, true);
        if (clients.stream().anyMatch(client -> !client.hasReadCompressed()))
            stage.problem("nothing was compressed: is it on?");
    }

    private List<Client> measured(Stage stage, boolean compressed) throws IOException {
        String suffix = compressed ? "deflate" : "plain";
        Feed feed = new Feed(suffix, Datum.text(DATUM_BYTES), stage.measurement());
        List<Client> clients = stage.readersOf(feed, readers);
        stage.crowd().takesCompressed(compressed);
        stage.crowd().open(clients, 0);
        stage.crowd().takesCompressed(false); // of the publisher's replies nothing is to be counted
        stage.publisherOf(feed);
        stage.pace(feed, RATE, stage.warmUpSeconds());
        stage.drain(feed);
        double compressions = stage.metric("cardea_compressions_total");
        long bytes = stage.crowd().bytes();
        long published = feed.published();
        stage.measurement().start();
        stage.pace(feed, RATE, stage.windowSeconds());
        stage.drain(feed);
        Map<String, Object> figures = stage.measurement().stop();
        for (String each : List.of("cpu_seconds_per_million", "p99_ms"))
            stage.result(each + "_" + suffix, figures.getOrDefault(each, Double.NaN));
        double publications = feed.published() - published;
        stage.result(
                "bytes_" + suffix, (stage.crowd().bytes() - bytes) / publications / feed.readers());
        stage.result(
                "compressions_" + suffix,
                (stage.metric("cardea_compressions_total") - compressions) / publications);
        return clients;
    }
}
