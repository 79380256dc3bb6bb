package dev.cardea.server.dev;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.hub.SlowConsumer;
import dev.cardea.server.metrics.ServerStats;
import dev.cardea.wire.ByteWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoMessagesTest {
    @Test
    void statisticsHaveTheFieldsThatThePagesRead() {
        ServerStats stats =
                new ServerStats(
                        1_800_000_000_000L,
                        3,
                        12,
                        20.04,
                        1234.56,
                        65_536,
                        Map.of(SlowConsumer.SKIP, 7L),
                        5_000_000,
                        0.12345);
        assertThat(DemoMessages.stats(stats).data().toUtf8())
                .isEqualTo(
                        "{\"time\":1800000000000,\"connections\":3,\"subscriptions\":12,"
                                + "\"publications_per_second\":20.0,"
                                + "\"deliveries_per_second\":1234.6,\"pending_bytes\":65536,"
                                + "\"lapped\":{\"recover\":0,\"latest\":0,\"skip\":7,\"disconnect\":0},"
                                + "\"heap_bytes\":5000000,\"cpu\":0.1235}");
    }

    @ParameterizedTest
    @CsvSource({"0, 2, 0.00", "5, 2, 0.05", "12345, 2, 123.45", "10000, 4, 1.0000", "7, 1, 0.7"})
    void decimalsKeepTheirZeros(long value, int decimals, String text) {
        ByteWriter out = new ByteWriter();
        out.put('{');
        DemoMessages.decimal("x", value, decimals, out);
        assertThat(out.toBytes().toUtf8()).isEqualTo("{\"x\":" + text);
    }
}
