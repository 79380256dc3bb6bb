package dev.cardea.server.dev;

import dev.cardea.messaging.api.ApiRequest.Message;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/**
 * One symbol's price after the other: <code>{"symbol":"OAK","price":140.20,"time":…}</code>, with
 * the symbol as a tag for conflation. Used by one thread.
 */
final class Prices {
    static final List<String> SYMBOLS = List.of("OAK", "ELM", "ASH", "FIR", "YEW");

    private final LongSupplier unixMillis;
    private final List<RandomWalk> prices = new ArrayList<>();
    private int turn;

    Prices(SplittableRandom random, LongSupplier unixMillis) {
        this.unixMillis = unixMillis;
        for (int i = 0; i < SYMBOLS.size(); i++) {
            prices.add(new RandomWalk(random.split(), random.nextLong(20_00, 400_00)));
        }
    }

    Message next() {
        String symbol = SYMBOLS.get(turn);
        ByteWriter out = new ByteWriter();
        out.put('{');
        JsonWriter.name(out, "symbol");
        JsonWriter.string(out, symbol);
        DemoMessages.decimal("price", prices.get(turn).nextCents(), 2, out);
        DemoMessages.number("time", unixMillis.getAsLong(), out);
        out.put('}');
        turn = (turn + 1) % SYMBOLS.size();
        return new Message(out.toBytes(), Map.of("symbol", symbol), "", false, 0, "");
    }
}
